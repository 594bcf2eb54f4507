// The least that a server can do: verifies the signature and says that it took it. It parses and checks nothing.
'use strict';

const { createHmac, timingSafeEqual } = require('node:crypto');
const http = require('node:http');

const secret = process.env.SLACK_SIGNING_SECRET;

function isSlacks(headers, body) {
  const time = headers['x-slack-request-timestamp'];
  if (Math.abs(Date.now() / 1_000 - Number(time)) > 300) return false;
  const own = Buffer.from(`v0=${createHmac('sha256', secret).update(`v0:${time}:`).update(body).digest('hex')}`);
  const sent = Buffer.from(String(headers['x-slack-signature']));
  return own.length === sent.length && timingSafeEqual(own, sent);
}

http
  .createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      response.statusCode = isSlacks(request.headers, Buffer.concat(parts)) ? 200 : 401;
      response.end('taken');
    });
  })
  .listen(Number(process.env.PORT), '127.0.0.1');
