// Giving something to the page, taking it back, and what happens when it is too much.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { serve } from "./server.mjs";
import { troubledPage } from "./trouble.mjs";
import { DEAL, findsNothing, goldenFiles, headline, paste, visit } from "./visit.mjs";

const chips = (frame) => frame.locator("#documents > li");

/** Opens a portfolio of several files. */
async function openPortfolio(frame) {
  await frame.locator("#files").setInputFiles(await goldenFiles("mixed-documents"));
  await frame.locator("#list tbody tr").first().waitFor();
}

/** Pastes a text as a visitor does who has nothing focused; large texts take no detour through the test's protocol. */
const pasteAnywhere = (frame, make, argument) =>
  frame.evaluate(
    ([source, given]) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", new Function(`return (${source})`)()(given));
      document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    },
    [String(make), argument],
  );

test("every word of the frame comes from the table, and its language is stated", () =>
  visit({}, async (tab, frame) => {
    const empty = await frame.evaluate(() =>
      [...document.querySelectorAll("[data-words]")].filter((each) => each.textContent === "").map((each) => each.id),
    );
    assert.deepEqual(empty, []);
    assert.equal(await frame.evaluate(() => document.documentElement.lang), "en");
    assert.notEqual(await frame.locator("#paste").getAttribute("placeholder"), "undefined");
  }));

test("each document is a chip that says what it was taken for and what matches", () =>
  visit({}, async (tab, frame) => {
    await openPortfolio(frame);
    const told = await chips(frame).allInnerTexts();
    assert.equal(told.length, (await goldenFiles("mixed-documents")).length);
    const eur = told.find((text) => text.includes("b-eur.csv"));
    assert.match(eur, /\d+ matched/);
    assert.ok(told.some((text) => text.includes("Not recognised")), told.join("\n"));
  }));

test("a portfolio hides the box; a place of it opens the box and leads back", () =>
  visit({}, async (tab, frame) => {
    await openPortfolio(frame);
    await frame.locator("#paste").waitFor({ state: "hidden" });
    await frame.getByRole("button", { name: "Show text" }).click();
    await frame.locator("#paste").waitFor();
    assert.notEqual(await frame.locator("#paste").inputValue(), "");
    await frame.locator("#toggle-text").click();
    await frame.locator("#paste").waitFor({ state: "hidden" });
    await frame.locator("#list").getByRole("button").first().click();
    await headline(frame).waitFor();
    await frame.locator("#opportunity button.link", { hasText: "in the paste" }).first().click();
    await frame.locator("#paste").waitFor();
    assert.ok(await frame.evaluate(() => document.getElementById("paste").selectionEnd > 0));
    await frame.getByRole("button", { name: "Back to the result" }).click();
    assert.match(await frame.evaluate(() => document.activeElement.textContent), /in the paste/);
  }));

test("what is typed stays open while it is written; what is pasted makes way for its result", () =>
  visit({}, async (tab, frame) => {
    const table = "opportunity_id,customer_name,stage\nO1,Fernhill,Committed\nO2,Gullwing,Prospect\n";
    await frame.locator("#paste").focus();
    await tab.keyboard.insertText(table);
    await frame.locator("#list tbody tr").first().waitFor();
    assert.ok(await frame.locator("#paste").isVisible());
    await frame.locator("#paste").evaluate((box, text) => {
      box.value = text;
      box.dispatchEvent(new InputEvent("input", { inputType: "insertFromPaste", bubbles: true }));
    }, `${table}O3,Hazelmere,Qualified\n`);
    await frame.locator("#paste").waitFor({ state: "hidden" });
    assert.equal(await frame.evaluate(() => document.activeElement.id), "found-title");
  }));

test("a removed document comes back where it stood, and so does everything after Start over", () =>
  visit({}, async (tab, frame) => {
    await openPortfolio(frame);
    const before = await chips(frame).allInnerTexts();
    const listed = await frame.locator("#list").innerText();
    await frame.getByRole("button", { name: "Remove b-eur.csv" }).click();
    const undo = frame.locator("#notice").getByRole("button", { name: "Undo" });
    await undo.waitFor();
    assert.equal(await chips(frame).count(), before.length - 1);
    assert.ok(await undo.evaluate((button) => button === document.activeElement), "the focus went nowhere");
    await undo.click();
    await frame.locator("#notice").waitFor({ state: "hidden" });
    await frame.locator("#documents").getByText("b-eur.csv").waitFor();
    assert.deepEqual(await chips(frame).allInnerTexts(), before);
    assert.equal(await frame.locator("#list").innerText(), listed);
    await frame.getByRole("button", { name: "Start over" }).click();
    await undo.click();
    await frame.locator("#list tbody tr").first().waitFor();
    assert.deepEqual(await chips(frame).allInnerTexts(), before);
  }));

test("another day than today is said, and one click leads back", () =>
  visit({}, async (tab, frame) => {
    await paste(frame, DEAL);
    await frame.getByText("Not today: 22 Nov 2026.").waitFor();
    await frame.getByRole("button", { name: "Back to today" }).click();
    await frame.getByText("Not today").waitFor({ state: "hidden" });
    const today = await frame.evaluate(() => {
      const now = new Date();
      return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
    });
    assert.equal(await frame.getByLabel("Checked as of").inputValue(), today);
  }));

test("dates that can be read two ways are asked about, and the answer decides", () =>
  visit({}, async (tab, frame) => {
    const table = "opportunity_id,customer_name,stage,target_close_date\nO1,Fernhill,Committed,03/04/2027\n";
    await paste(frame, table);
    const question = frame.getByText("Some dates can be read two ways");
    await question.waitFor();
    await frame.getByLabel("03/04/2026 means").selectOption("day_first");
    await question.waitFor({ state: "hidden" });
    await frame.locator("#opportunity").getByText("3 Apr 2027").first().waitFor();
  }));

test("an example is opened and left by one click each", () =>
  visit({}, async (tab, frame) => {
    for (const name of [/A portfolio/, /One deal/, /An API answer/]) {
      await frame.getByRole("button", { name }).click();
      await frame.getByRole("button", { name: "Leave the example" }).click();
      await frame.getByRole("button", { name }).waitFor();
      assert.equal(await chips(frame).count(), 0);
    }
    assert.equal(await frame.evaluate(() => document.activeElement.id), "paste");
  }));

test("120,000 opportunities that are pasted are judged, and what is being done is said meanwhile", () =>
  visit({}, async (tab, frame) => {
    await frame.evaluate(() => {
      globalThis.said = [];
      const busy = document.getElementById("busy-text");
      new MutationObserver(() => globalThis.said.push(busy.textContent)).observe(busy, { childList: true });
    });
    await pasteAnywhere(
      frame,
      (rows) =>
        `opportunity_id,customer_name,stage,target_close_date\n${Array.from({ length: rows }, (_, i) => `O${i},Customer ${i},Committed,2027-01-15`).join("\n")}`,
      120_000,
    );
    await frame.locator("#list tbody tr").first().waitFor({ timeout: 60_000 });
    const said = await frame.evaluate(() => globalThis.said);
    assert.match(said.join("|"), /Judging 120,000 records/);
    await frame.locator("#documents").getByText("120,000 opportunities").waitFor();
  }));

async function withTrouble(name, use) {
  const folder = await mkdtemp(join(tmpdir(), "podcheck-"));
  const server = await serve(troubledPage());
  try {
    const file = join(folder, name);
    await writeFile(file, DEAL.replaceAll("O5550002", "O9990009"));
    await visit({ address: `${server.targets.own}/` }, async (tab, frame) => {
      await paste(frame, DEAL);
      const before = await frame.locator("#found").innerText();
      await frame.locator("#files").setInputFiles(file);
      await use(tab, frame, before);
    });
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
}

const isAsBefore = async (frame, before, name) => {
  assert.equal(await frame.locator("#found").innerText(), before);
  assert.equal(await chips(frame).count(), 1);
  assert.equal(await frame.locator("#documents").getByText(name).count(), 0);
};

test("what takes too long can be cancelled, and what was there before is still there", () =>
  withTrouble("endless.txt", async (tab, frame, before) => {
    const cancel = frame.locator("#busy").getByRole("button", { name: "Cancel" });
    await cancel.waitFor({ timeout: 10_000 });
    await findsNothing(tab, frame, "working", { isBusy: true });
    await cancel.click();
    await frame.locator("#status").filter({ hasText: "Cancelled." }).waitFor();
    await isAsBefore(frame, before, "endless.txt");
    // The checker that took over works.
    await frame.getByRole("button", { name: "Start over" }).click();
    await headline(frame).waitFor({ state: "detached" });
    await paste(frame, DEAL);
    assert.match(await headline(frame).textContent(), /^Eligible\./);
  }));

test("what is too much for the browser is dropped, and what was there before is still there", () =>
  withTrouble("breaking.txt", async (tab, frame, before) => {
    await frame.locator("#status").filter({ hasText: "too much for this browser" }).waitFor();
    await isAsBefore(frame, before, "breaking.txt");
  }));
