// The least that Slack's framework does: verifies, parses, answers. It checks nothing.
'use strict';

const { App } = require('@slack/bolt');

const app = new App({
  signingSecret: process.env.SLACK_SIGNING_SECRET,
  endpoints: '/slack/commands',
  // A workspace that needs no call to Slack.
  authorize: async () => ({ botToken: 'xoxb-load', botId: 'B1', botUserId: 'U1' }),
  logLevel: 'error',
});
app.command('/pod-check', async ({ ack }) => ack('taken'));
app.start(Number(process.env.PORT));
