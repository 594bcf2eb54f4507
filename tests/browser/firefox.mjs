// Firefox, driven by Marionette, the protocol that is built into it: lengths and JSON on a socket, so that nothing has
// to be installed beside the browser.
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Firefox starts slowly on a loaded machine. */
const START_MS = 60_000;
const WAIT_MS = 20_000;
/** The key under which WebDriver hands elements over. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** Where Firefox is: what FIREFOX names, else the first known name on the path; nothing where there is none. */
export function firefox() {
  if (process.env.FIREFOX) return process.env.FIREFOX;
  for (const name of ["firefox-esr", "firefox"]) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not in this folder.
      }
    }
  }
  return undefined;
}

const PREFERENCES = {
  "marionette.port": 0,
  "browser.download.folderList": 2,
  "browser.download.useDownloadDir": true,
  "browser.download.always_ask_before_handling_new_types": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.page": 0,
  "datareporting.policy.dataSubmissionEnabled": false,
  "app.update.disabledForTesting": true,
  // What Firefox asks for by itself is not under test.
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
};

/** Tries until something is there, which is handed back. */
async function until(what, ms, attempt) {
  for (const end = Date.now() + ms; ; await pause(50)) {
    const found = await attempt().catch(() => undefined);
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
  }
}

/** Calls one after the other over a socket: each message is its length in bytes, a colon, and JSON. */
function conversation(socket) {
  let unread = Buffer.alloc(0);
  let last = 0;
  const waiting = new Map();
  socket.on("data", (bytes) => {
    unread = Buffer.concat([unread, bytes]);
    for (;;) {
      const colon = unread.indexOf(":");
      const length = Number(unread.subarray(0, Math.max(0, colon)));
      if (colon < 0 || unread.length < colon + 1 + length) return;
      const message = JSON.parse(unread.subarray(colon + 1, colon + 1 + length));
      unread = unread.subarray(colon + 1 + length);
      if (Array.isArray(message)) {
        const [, id, error, result] = message;
        const { resolve, reject } = waiting.get(id);
        waiting.delete(id);
        if (error) reject(new Error(`${error.error}: ${error.message}`));
        else resolve(result);
      }
    }
  });
  return (command, parameters = {}) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      const text = JSON.stringify([0, last, command, parameters]);
      socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
}

/** Starts Firefox with a profile of its own, lets `use` drive it, and ends it. */
export async function withFirefox(use) {
  const profile = await mkdtemp(join(tmpdir(), "podcheck-firefox-"));
  const downloads = join(profile, "downloads");
  await mkdir(downloads);
  const preferences = { ...PREFERENCES, "browser.download.dir": downloads };
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
  await writeFile(join(profile, "user.js"), lines.join("\n"));
  const options = ["--headless", "--marionette", "--no-remote", "--profile", profile];
  const browser = spawn(firefox(), options, { stdio: "ignore", env: { ...process.env, HOME: profile } });
  const ended = new Promise((resolve) => browser.once("exit", resolve));
  let socket;
  try {
    const port = await until("Firefox", START_MS, () => readFile(join(profile, "MarionetteActivePort"), "utf8"));
    socket = connect(Number(port), "127.0.0.1");
    const call = conversation(socket);
    await call("WebDriver:NewSession", { capabilities: { alwaysMatch: {} } });
    await use(driver(call, downloads));
  } finally {
    socket?.destroy();
    browser.kill();
    await ended;
    await rm(profile, { recursive: true, maxRetries: 10, retryDelay: 100 });
  }
}

function driver(call, downloads) {
  const find = (selector) =>
    until(selector, WAIT_MS, async () => {
      const { value } = await call("WebDriver:FindElement", { using: "css selector", value: selector });
      return value[ELEMENT];
    });
  const run = async (work, ...args) => {
    const script = `return (${work})(...arguments)`;
    return (await call("WebDriver:ExecuteScript", { script, args })).value;
  };
  return {
    run,
    /** Opens the page and goes into its frame. */
    async open(address) {
      await call("WebDriver:Navigate", { url: address });
      const frame = await find("main iframe");
      await call("WebDriver:SwitchToFrame", { element: frame, id: { [ELEMENT]: frame } });
      await until("the checker", WAIT_MS, () => run(() => document.body.dataset.ready === "yes"));
    },
    async click(selector) {
      await call("WebDriver:ElementClick", { id: await find(selector) });
    },
    async type(selector, text) {
      await call("WebDriver:ElementSendKeys", { id: await find(selector), text });
    },
    /** Waits until an element says this; hands its text back. */
    says: (selector, expected) =>
      until(`${selector} to say ${expected}`, WAIT_MS, async () => {
        const text = await run((which) => document.querySelector(which)?.textContent ?? "", selector);
        return expected.test(text) && text;
      }),
    /** Waits for a download; hands its text back. */
    downloaded: (name) =>
      until(name, WAIT_MS, async () => {
        const text = await readFile(join(downloads, name), "utf8");
        return text !== "" && text;
      }),
  };
}
