// The README's picture: what stands in it as text is kept beside it, so that a picture that no longer shows the page
// is found without comparing pixels, which differ from one machine's fonts to the next.
//   UPDATE_SCREENSHOT=1 node --test tests/browser/readme.test.mjs
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { judgeAsOf, launch, page, toolFrame } from "./browser.mjs";
import { serve } from "./server.mjs";

const PICTURE = new URL("../../web/screenshot.png", import.meta.url);
const TEXT = new URL("../../web/screenshot.txt", import.meta.url);
const TODAY = "2026-11-22";

test("the README's picture shows the page as it is", async () => {
  const browser = await launch();
  const server = await serve(page());
  try {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 900 }, deviceScaleFactor: 1 });
    await tab.goto(`${server.targets.own}/`);
    const frame = await toolFrame(tab);
    await frame.locator("#paste").waitFor();
    await judgeAsOf(frame, TODAY);
    await frame.getByRole("button", { name: /export/i }).first().click();
    await frame.locator("#list tbody tr").first().waitFor();
    await frame.locator("#busy").waitFor({ state: "hidden" });
    const shown = `${await frame.getByRole("region", { name: "What it means" }).ariaSnapshot()}\n`;
    if (process.env.UPDATE_SCREENSHOT) {
      await writeFile(PICTURE, await tab.screenshot());
      await writeFile(TEXT, shown);
    }
    assert.equal(shown, await readFile(TEXT, "utf8"), "take it again: UPDATE_SCREENSHOT=1");
    const picture = await readFile(PICTURE);
    assert.deepEqual([picture.readUInt32BE(16), picture.readUInt32BE(20)], [1280, 900], "the picture's size");
  } finally {
    await browser.close();
    server.close();
  }
});
