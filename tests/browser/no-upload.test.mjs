// Nothing leaves the page: each channel is tried inside it, and the server is asked what arrived. The same channels on
// a page without any policy are the control: a channel that does not arrive from there proves nothing, and fails too.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, page, toolFrame } from "./browser.mjs";
import { leaving, staying } from "./channels.mjs";
import { serve } from "./server.mjs";

const CONTROL = "<!doctype html><html lang=en><title>control</title><body>A page without any policy.</body></html>";
/** So long the control may take to arrive. What is under test was started before it, so it has at least as long. */
const ARRIVAL_MS = 15_000;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/**
 * Tries `channels` in `frame`, one after the other, without waiting for their promises: some never settle, some claim
 * success while they are blocked. What they throw is what a policy is for.
 */
async function tryAll(frame, channels, targets) {
  for (const run of Object.values(channels)) {
    const started = `(to) => { Promise.resolve().then(() => (${run})(to)).catch(() => {}); }`;
    await frame.evaluate(`(${started})(${JSON.stringify(targets)})`).catch(() => {});
  }
}

test("no channel that stays on the page reaches a server", async () => {
  const [real, control] = [await serve(page()), await serve(CONTROL)];
  const context = await browser.newContext();
  try {
    const tab = await context.newPage();
    await tab.goto(`${real.targets.own}/`);
    const frame = await toolFrame(tab);
    await tryAll(frame, staying, real.targets);
    assert.equal(await frame.evaluate("location.href"), "about:srcdoc", "a channel took the frame elsewhere");
    const other = await (await browser.newContext()).newPage();
    await other.goto(`${control.targets.own}/`);
    await tryAll(other.mainFrame(), staying, control.targets);
    assert.deepEqual(await control.missing(Object.keys(staying), ARRIVAL_MS), [], "untested: the control did not leak");
    await other.context().close();
    assert.deepEqual([...real.leaks], []);
    assert.deepEqual(real.requests, ["GET /"]);
  } finally {
    await context.close();
    real.close();
    control.close();
  }
});

for (const [name, run] of Object.entries(leaving)) {
  test(`the page cannot be left by ${name}`, async () => {
    const [real, control] = [await serve(page()), await serve(CONTROL)];
    const contexts = [await browser.newContext(), await browser.newContext()];
    try {
      const tab = await contexts[0].newPage();
      await tab.goto(`${real.targets.own}/`);
      await tryAll(await toolFrame(tab), { [name]: run }, real.targets);
      const other = await contexts[1].newPage();
      await other.goto(`${control.targets.own}/`);
      await tryAll(other.mainFrame(), { [name]: run }, control.targets);
      assert.deepEqual(await control.missing([name], ARRIVAL_MS), [], "untested: the control did not leak");
      assert.deepEqual([...real.leaks], []);
      assert.deepEqual(real.requests, ["GET /"]);
    } finally {
      await Promise.all(contexts.map((context) => context.close()));
      real.close();
      control.close();
    }
  });
}
