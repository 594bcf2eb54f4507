// A web server that serves one page and remembers everything that reaches it, by whatever protocol.
import { createServer } from "node:http";
import { createSocket } from "node:dgram";
import { createServer as createTcpServer } from "node:net";

const LOOPBACK = "127.0.0.1";

/** Scripts that a page may be made to load: each tells the server that it runs. */
const answers = {
  js: ["text/javascript", "export default 1;"],
  css: ["text/css", "body { color: inherit }"],
  html: ["text/html", "<!doctype html><title>another page</title>"],
  wasm: ["application/wasm", Buffer.from([0, 97, 115, 109, 1, 0, 0, 0])],
  events: ["text/event-stream", "data: 1\n\n"],
};

/** Listens on a free port of the loopback interface. */
function listen(server) {
  return new Promise((resolve) => server.listen(0, LOOPBACK, () => resolve(server.address().port)));
}

/**
 * Serves `page` at `/` of one origin, and listens on a second origin and on raw sockets.
 * What reached it is named after the channel: the last part of the path `/leak/NAME.kind`.
 * @param {string | Buffer} page
 */
export async function serve(page) {
  /** @type {string[]} every request as `METHOD path`, on either origin */
  const requests = [];
  /** @type {Set<string>} */
  const leaks = new Set();
  const waiting = new Set();
  const arrived = (name) => {
    leaks.add(name);
    for (const wake of waiting) wake();
  };
  const answer = (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    request.resume();
    const leak = /^\/leak\/([a-z0-9-]+)\.([a-z]+)/.exec(request.url);
    if (leak) {
      arrived(leak[1]);
      const [type, body] = answers[leak[2]] ?? ["application/octet-stream", "x"];
      response.writeHead(200, { "Content-Type": type, "Access-Control-Allow-Origin": "*" });
      response.end(body);
    } else if (request.url === "/" || request.url === "/index.html") {
      response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
      response.end(page);
    } else {
      response.writeHead(404);
      response.end();
    }
  };
  const upgrade = (request, socket) => {
    requests.push(`UPGRADE ${request.url}`);
    const leak = /^\/leak\/([a-z0-9-]+)/.exec(request.url);
    if (leak) arrived(leak[1]);
    socket.destroy();
  };
  const servers = [createServer(answer), createServer(answer)];
  for (const server of servers) server.on("upgrade", upgrade);
  const udp = createSocket("udp4");
  udp.on("message", () => arrived("webrtc-stun"));
  await new Promise((resolve) => udp.bind(0, LOOPBACK, resolve));
  const tcp = createTcpServer((socket) => {
    arrived("webrtc-turn");
    socket.on("error", () => {});
    socket.destroy();
  });
  const [own, foreign, turn] = [await listen(servers[0]), await listen(servers[1]), await listen(tcp)];
  return {
    /** The page's own origin, another one, and the two raw sockets. */
    targets: {
      own: `http://${LOOPBACK}:${own}`,
      foreign: `http://${LOOPBACK}:${foreign}`,
      stun: `stun:${LOOPBACK}:${udp.address().port}`,
      turn: `turn:${LOOPBACK}:${turn}?transport=tcp`,
    },
    requests,
    leaks,
    /** Waits until every one of `names` has arrived, at most `ms`; hands back those that did not. */
    async missing(names, ms) {
      const left = () => names.filter((name) => !leaks.has(name));
      await new Promise((resolve) => {
        const check = () => {
          if (left().length === 0) done();
        };
        const deadline = setTimeout(() => done(), ms);
        const done = () => {
          clearTimeout(deadline);
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      });
      return left();
    },
    close() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
      tcp.close();
      udp.close();
    },
  };
}
