// Opening the built page as a visitor does, and what every visit is held to.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before } from "node:test";
import { judgeAsOf, launch, page, toolFrame } from "./browser.mjs";
import { TODAY } from "./golden.mjs";
import { serve } from "./server.mjs";

export { DEAL, TODAY, goldenFiles } from "./golden.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser;
let server;
before(async () => {
  browser = await launch();
  server = await serve(page());
});
after(async () => {
  await browser?.close();
  server?.close();
});

/** Opens the page, lets `visit` use it, and makes sure that the server saw nothing but the page being fetched. */
export async function visit(options, use) {
  const context = await browser.newContext({ acceptDownloads: true, ...options });
  const served = server.requests.length;
  const errors = [];
  try {
    const tab = await context.newPage();
    tab.on("pageerror", (error) => errors.push(String(error)));
    await tab.goto(options.address ?? `${server.targets.own}/`);
    const frame = await toolFrame(tab);
    await frame.locator("#paste").waitFor();
    if (options.day !== "today") await judgeAsOf(frame, TODAY);
    await use(tab, frame, context);
    assert.deepEqual(errors, []);
    assert.deepEqual(server.requests.slice(served), options.address ? [] : ["GET /"]);
  } finally {
    await context.close();
  }
}

/** The verdict of the opened opportunity, as a sentence. */
export const headline = (frame) => frame.locator(".headline").first();

/** Types a text into the box and waits for the verdict. */
export async function paste(frame, text) {
  await frame.locator("#paste").fill(text);
  await headline(frame).waitFor();
}

/** Chooses from a menu what is taken along, by the beginning of its name; of the opened opportunity where both are there. */
export async function choose(frame, menu, name) {
  await frame.locator("#exports summary", { hasText: menu }).click();
  await frame.locator("#exports").getByRole("button", { name }).first().click();
}

/** What is downloaded when this is chosen: the file's name and its text. */
export async function takeAlong(tab, frame, name) {
  const [download] = await Promise.all([tab.waitForEvent("download"), choose(frame, "Download", name)]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

/** axe has nothing to say about the page and its frame in this state. */
export async function findsNothing(tab, frame, state, { isBusy = false } = {}) {
  if (!isBusy) await frame.locator("#busy").waitFor({ state: "hidden" });
  for (const [name, part] of [["the page", tab.mainFrame()], ["the tool", frame]]) {
    await part.evaluate(AXE);
    const { violations } = await part.evaluate(() => globalThis.axe.run(document, { iframes: false }));
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ").slice(0, 400)}`);
    assert.deepEqual(told, [], `${name}, ${state}`);
  }
}
