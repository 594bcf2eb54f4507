// Slack's Node package for installations, which installs an app at the fake Slack and renews its token.
//
// Told {api, authorization_url, client_id, client_secret, scopes}; prints what the package makes of it.

const { readFileSync } = require("node:fs");
const { createServer } = require("node:http");
const { InstallProvider, LogLevel } = require("@slack/oauth");

const told = JSON.parse(readFileSync(0, "utf8"));
const kept = {};
const provider = new InstallProvider({
  clientId: told.client_id,
  clientSecret: told.client_secret,
  stateSecret: "a-secret-of-its-own",
  authorizationUrl: told.authorization_url,
  directInstall: true,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl: `${told.api}/` },
  installationStore: {
    storeInstallation: async (installation) => {
      kept[installation.team.id] = installation;
    },
    fetchInstallation: async (query) => kept[query.teamId],
  },
});

const server = createServer((request, response) => {
  const done = (status) => (_, __, ___, answer) => {
    answer.writeHead(status);
    answer.end();
  };
  if (request.url.startsWith("/install")) {
    const redirectUri = `http://127.0.0.1:${server.address().port}/callback`;
    return provider.handleInstallPath(request, response, {}, { scopes: told.scopes, redirectUri });
  }
  return provider.handleCallback(request, response, { success: done(200), failure: done(500) });
});

const goes = (url, cookie) => fetch(url, { redirect: "manual", headers: cookie ? { cookie } : {} });

server.listen(0, "127.0.0.1", async () => {
  const begun = await goes(`http://127.0.0.1:${server.address().port}/install`);
  const page = begun.headers.get("location");
  const cookie = begun.headers.get("set-cookie").split(";")[0];
  const agreed = await goes(page);
  const ended = await goes(agreed.headers.get("location"), cookie);
  const again = await goes(agreed.headers.get("location"), cookie);
  const [installation] = Object.values(kept);
  const first = installation.bot.token;
  const query = { teamId: installation.team.id, isEnterpriseInstall: false };
  const found = await provider.authorize(query);
  installation.bot.expiresAt = Math.floor(Date.now() / 1000) + 60;
  const renewed = await provider.authorize(query);
  const printed = {
    page,
    statuses: [begun.status, agreed.status, ended.status, again.status],
    team: installation.team.id,
    found: found.botToken === first,
    is_new: renewed.botToken !== first,
    rotates: Boolean(renewed.botRefreshToken),
  };
  process.stdout.write(JSON.stringify(printed), () => process.exit(0));
});
