// The README's pictures: what stands in each as text is kept beside it, so that a picture that no longer shows the
// page is found without comparing pixels, which differ from one machine's fonts to the next.
//   UPDATE_SCREENSHOTS=1 node --test tests/browser/readme.test.mjs
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { judgeAsOf, launch, page, toolFrame } from "./browser.mjs";
import { serve } from "./server.mjs";

const FOLDER = new URL("../../web/screenshots/", import.meta.url);
const TODAY = "2026-11-22";

const PICTURES = [
  { name: "portfolio", sample: "A portfolio", wide: 1280, high: 900, shows: "#portfolio .due", region: "#found" },
  { name: "deal", sample: "One deal", wide: 1280, high: 1000, shows: ".headline", region: "#opportunity" },
  {
    name: "phone",
    sample: "One deal",
    wide: 390,
    high: 844,
    shows: ".headline",
    region: "#opportunity",
    dark: true,
  },
];

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

for (const { name, sample, wide, high, shows, region, dark } of PICTURES) {
  test(`the README's picture of the ${name} shows the page as it is`, async () => {
    const size = { width: wide, height: high };
    const tab = await browser.newPage({ viewport: size, deviceScaleFactor: 1, colorScheme: dark ? "dark" : "light" });
    await tab.goto(`${server.targets.own}/`);
    const frame = await toolFrame(tab);
    await frame.locator("#paste").waitFor();
    await judgeAsOf(frame, TODAY);
    await frame.getByRole("button", { name: sample }).first().click();
    await frame.locator(shows).first().waitFor();
    await frame.locator("#busy").waitFor({ state: "hidden" });
    await frame.locator(region).scrollIntoViewIfNeeded();
    const shown = `${await frame.locator(region).ariaSnapshot()}\n`;
    const [picture, text] = [new URL(`${name}.png`, FOLDER), new URL(`${name}.txt`, FOLDER)];
    if (process.env.UPDATE_SCREENSHOTS) {
      await writeFile(picture, await tab.screenshot());
      await writeFile(text, shown);
    }
    assert.equal(shown, await readFile(text, "utf8"), "take it again: UPDATE_SCREENSHOTS=1");
    const header = await readFile(picture);
    assert.deepEqual([header.readUInt32BE(16), header.readUInt32BE(20)], [wide, high], "the picture's size");
    await tab.close();
  });
}
