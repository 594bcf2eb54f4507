// What a visitor does with the page, in the built page itself.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { page } from "./browser.mjs";
import { DEAL, findsNothing, goldenFiles, headline, paste, takeAlong, visit } from "./visit.mjs";

test("facts that are typed are judged, and the verdict is announced", () =>
  visit({}, async (tab, frame) => {
    await paste(frame, DEAL);
    assert.match(await headline(frame).textContent(), /^Eligible\./);
    await frame.locator("#status").filter({ hasText: "Eligible." }).waitFor();
    assert.equal(await frame.locator("#status").getAttribute("role"), "status");
  }));

test("what is pasted anywhere on the page is taken", () =>
  visit({}, async (tab, frame) => {
    await frame.evaluate((text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, DEAL);
    await headline(frame).waitFor();
  }));

test("several files make one portfolio, and a line of it opens", () =>
  visit({}, async (tab, frame) => {
    await frame.locator("#files").setInputFiles(await goldenFiles("needs-fixing"));
    await frame.getByText("O5550402").first().waitFor();
    await frame.locator("#list").getByRole("button").first().click();
    await headline(frame).waitFor();
  }));

test("it works without a network", () =>
  visit({}, async (tab, frame, context) => {
    await context.setOffline(true);
    await paste(frame, DEAL);
    assert.match(await headline(frame).textContent(), /^Eligible\./);
  }));

test("it works as a saved file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "podcheck-"));
  try {
    const file = join(folder, "pod-check.html");
    await writeFile(file, page());
    await visit({ address: pathToFileURL(file).href }, async (tab, frame) => {
      await paste(frame, DEAL);
      assert.match(await headline(frame).textContent(), /^Eligible\./);
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the report can be downloaded", () =>
  visit({}, async (tab, frame) => {
    await paste(frame, DEAL);
    const json = await takeAlong(tab, frame, "Whole report");
    assert.equal(json.name, "pod-check 2026-11-22 report.json");
    assert.equal(JSON.parse(json.text).opportunities[0].verdict, "eligible");
    const csv = await takeAlong(tab, frame, "Spreadsheet");
    assert.equal(csv.name, "pod-check 2026-11-22 opportunities.csv");
    assert.match(csv.text, /O5550002/);
  }));

test("the keyboard alone is enough", () =>
  visit({ day: "today" }, async (tab, frame) => {
    // The box has the focus when the page is ready: nothing has to be clicked before pasting.
    await frame.waitForFunction(() => document.activeElement?.id === "paste");
    await tab.keyboard.insertText(DEAL);
    await headline(frame).waitFor();
    const download = tab.waitForEvent("download");
    const focused = () => frame.evaluate(() => document.activeElement?.textContent ?? "");
    for (const name of ["Download", "Whole report"]) {
      let steps = 0;
      while (!(await focused()).startsWith(name)) {
        assert.ok(++steps < 60, `${name} cannot be reached by the Tab key`);
        await tab.keyboard.press("Tab");
      }
      await tab.keyboard.press("Enter");
    }
    await download;
  }));

for (const [name, options] of [
  ["light", {}],
  ["dark", { colorScheme: "dark" }],
  ["narrow", { viewport: { width: 360, height: 740 } }],
]) {
  test(`nobody is kept out: ${name}`, () =>
    visit(options, async (tab, frame) => {
      await findsNothing(tab, frame, "empty");
      await paste(frame, DEAL);
      await findsNothing(tab, frame, "one opportunity");
      await frame.locator("#files").setInputFiles(await goldenFiles("mixed-documents"));
      await frame.getByText("O5551103").first().waitFor();
      await findsNothing(tab, frame, "a portfolio");
      await frame.getByRole("button", { name: "Start over" }).click();
      await frame.getByRole("button", { name: "Start over" }).waitFor({ state: "hidden" });
      await frame.locator("#paste").fill("Dear team,\nplease remember the meeting on Tuesday.\n");
      await frame.locator("#found").getByText("No opportunity was found").first().waitFor();
      await findsNothing(tab, frame, "a problem");
      const [wide, seen] = await frame.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      assert.ok(wide <= seen, `the page is ${wide} wide and ${seen} are seen`);
    }));
}
