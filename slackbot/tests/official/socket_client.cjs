// Slack's Node client for Socket Mode, which takes and acknowledges what the fake Slack delivers.
//
// Told {api, token, envelopes}; ends after so many envelopes and prints each as the client read it.

const { readFileSync } = require("node:fs");
const { LogLevel, SocketModeClient } = require("@slack/socket-mode");

const told = JSON.parse(readFileSync(0, "utf8"));
const taken = [];
const client = new SocketModeClient({
  appToken: told.token,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl: `${told.api}/` },
});

client.on("slack_event", async ({ ack, body, envelope_id, retry_num, type }) => {
  await ack(type === "slash_commands" ? { text: "Yes." } : undefined);
  taken.push({ envelope_id, type, payload: body, retry_attempt: retry_num ?? null });
  if (taken.length === told.envelopes) {
    await client.disconnect();
    process.stdout.write(JSON.stringify(taken), () => process.exit(0));
  }
});

client.start();
