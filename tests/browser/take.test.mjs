// What a visitor takes along: copies, files, a report of one file, paper.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { serve } from "./server.mjs";
import { troubledPage } from "./trouble.mjs";
import { DEAL, choose, findsNothing, goldenFiles, headline, paste, takeAlong, visit } from "./visit.mjs";

/** Texts that would be markup, script, a formula or a template if anything took them for one. */
const HOSTILE = `</script></style><img src=x onerror="globalThis.isOpen=1"> & <b>bold</b> \${1+1} "q" 'a' =1+1`;

async function openPortfolio(frame) {
  await frame.locator("#files").setInputFiles(await goldenFiles("mixed-documents"));
  await frame.locator("#list tbody tr").first().waitFor();
}

async function withFile(name, text, use) {
  const folder = await mkdtemp(join(tmpdir(), "podcheck-"));
  try {
    const file = join(folder, name);
    await writeFile(file, text);
    return await use(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Opens a downloaded report as its reader does, with scripts allowed. */
const read = (context, text, use) =>
  withFile("report.html", text, async (file) => {
    const tab = await context.newPage();
    const told = [];
    tab.on("console", (message) => told.push(message.text()));
    tab.on("request", (request) => told.push(request.url()));
    await tab.goto(pathToFileURL(file).href);
    await tab.waitForLoadState("networkidle");
    assert.deepEqual(told, [pathToFileURL(file).href], "the report asks for something, or something was refused");
    await use(tab);
    await tab.close();
  });

/** Catches what the page copies; the browser's clipboard is everybody's. */
async function copied(frame, name, which) {
  await frame.evaluate(() => {
    globalThis.copied = undefined;
    navigator.clipboard.writeText = async (text) => {
      globalThis.copied = text;
    };
  });
  await frame.locator("#exports summary", { hasText: "Copy" }).click();
  await frame.locator("#exports").getByRole("button", { name }).nth(which).click();
  await frame.waitForFunction(() => globalThis.copied !== undefined);
  await frame.locator("#status").filter({ hasText: "Copied" }).waitFor();
  return frame.evaluate(() => globalThis.copied);
}

test("one opportunity and the portfolio are copied as Markdown and for Slack", () =>
  visit({}, async (tab, frame) => {
    await paste(frame, DEAL);
    assert.match(await copied(frame, /^Markdown/, 0), /\*\*|^#/m);
    assert.match(await copied(frame, /^Slack/, 0), /\*Eligible/);
    await frame.getByRole("button", { name: "Start over" }).click();
    await openPortfolio(frame);
    const all = await copied(frame, /^Markdown/, 0);
    await frame.locator("#list").getByRole("button").first().click();
    await headline(frame).waitFor();
    const key = await frame.locator("#opportunity").innerText();
    const one = await copied(frame, /^Markdown/, 0);
    assert.notEqual(one, all);
    assert.equal(await copied(frame, /^Markdown/, 1), all);
    assert.ok(key.includes(/O\d{7}/.exec(one)[0]), "another opportunity was copied than the opened one");
  }));

test("files say in their names what they are and the day they were judged by", () =>
  visit({}, async (tab, frame) => {
    await openPortfolio(frame);
    const ics = await takeAlong(tab, frame, "Calendar");
    assert.equal(ics.name, "pod-check 2026-11-22 calendar.ics");
    assert.match(ics.text, /^BEGIN:VCALENDAR\r\n[^]*END:VCALENDAR\r\n$/);
    assert.equal(ics.text.match(/BEGIN:VCALENDAR/g).length, 1);
    await frame.locator("#list").getByRole("button").first().click();
    await headline(frame).waitFor();
    const one = await takeAlong(tab, frame, "Calendar");
    assert.match(one.name, /^pod-check 2026-11-22 O\d{7} calendar\.ics$/);
    const uids = (text) => new Set(text.match(/^UID:.*$/gm));
    assert.ok(uids(one.text).size < uids(ics.text).size);
    for (const uid of uids(one.text)) assert.ok(uids(ics.text).has(uid), `${uid} is another event in the whole`);
  }));

test("the report is one file that runs nothing, asks for nothing and shows what was typed as it was typed", () =>
  visit({}, async (tab, frame, context) => {
    await paste(frame, DEAL.replace(/^customer_name=.*$/m, () => `customer_name=${HOSTILE}`));
    const { name, text } = await takeAlong(tab, frame, "Report to read");
    assert.equal(name, "pod-check 2026-11-22 report.html");
    await read(context, text, async (reader) => {
      const found = await reader.evaluate(() => ({
        isOpen: "isOpen" in globalThis,
        strange: document.querySelectorAll("script, img, b, button, input, select, textarea, a, iframe, [onerror]").length,
        folded: document.querySelectorAll("details:not([open])").length,
        text: document.body.textContent,
        title: document.title,
      }));
      assert.equal(found.isOpen, false);
      assert.equal(found.strange, 0);
      assert.equal(found.folded, 0);
      assert.ok(found.text.includes(HOSTILE), found.text.slice(0, 600));
      assert.ok(found.text.includes("Pasted text"), "the name of what was given");
      assert.ok(found.text.includes("Edition"), "the edition of the rules");
      assert.equal(found.title, "pod-check report, 22 Nov 2026");
      // Even if something had become a script, the file forbids it to run.
      const isRefused = await reader.evaluate(() => {
        const script = document.createElement("script");
        script.textContent = "globalThis.isOpen = true";
        const refused = new Promise((resolve) => document.addEventListener("securitypolicyviolation", () => resolve(true)));
        document.body.append(script);
        return Promise.race([refused, new Promise((resolve) => setTimeout(() => resolve(false), 1000))]);
      });
      assert.ok(isRefused && !(await reader.evaluate(() => "isOpen" in globalThis)));
    });
  }));

test("the report of a portfolio has an overview, the list and the details of what needs attention", () =>
  visit({}, async (tab, frame, context) => {
    await openPortfolio(frame);
    const listed = await frame.locator("#list tbody tr").count();
    const { text } = await takeAlong(tab, frame, "Report to read");
    await read(context, text, async (reader) => {
      assert.equal(await reader.locator("main > section").nth(1).locator("tbody tr").count(), listed);
      assert.ok((await reader.locator(".paper-detail .headline").count()) > 0);
      const months = await reader.locator(".planner tbody th").allTextContents();
      assert.ok(months.length > 0 && months.every((month) => / 20\d\d/.test(month)), months.join());
      for (const name of ["b-eur.csv", "22 Nov 2026"]) assert.ok((await reader.getByText(name).count()) > 0, name);
      assert.equal(await reader.locator("button, input, select, [tabindex]").count(), 0);
      const [wide, seen] = await reader.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(wide <= seen, `${wide} wide, ${seen} seen`);
    });
  }));

test("the corrected import file is shown before it is downloaded", () =>
  visit({}, async (tab, frame) => {
    const [draft] = await goldenFiles("import-draft");
    const text = (await readFile(draft, "utf8")).replace("Oven telemetry", "  Oven   telemetry ");
    const file = { name: "import.csv", mimeType: "text/csv", buffer: Buffer.from(text) };
    await frame.locator("#files").setInputFiles(file);
    await frame.locator("#exports summary").first().waitFor();
    await choose(frame, "Download", "Corrected import file");
    const panel = frame.getByRole("dialog", { name: "Corrected bulk import file" });
    await panel.waitFor();
    await panel.getByText("1 correction in 2 rows.").waitFor();
    const cells = await panel.locator("tbody tr").first().locator("td").allTextContents();
    assert.deepEqual(cells.slice(1, 4), ["Partner Project Title - required", "  Oven   telemetry ", "Oven telemetry"]);
    await findsNothing(tab, frame, "the corrections");
    const [download] = await Promise.all([
      tab.waitForEvent("download"),
      panel.getByRole("button", { name: "Download corrected import file" }).click(),
    ]);
    assert.equal(download.suggestedFilename(), "pod-check 2026-11-22 corrected import.csv");
    const corrected = await readFile(await download.path(), "utf8");
    assert.ok(corrected.includes(",Oven telemetry,"), corrected);
    // A close date is never moved, not even one that has passed.
    assert.ok(corrected.includes("11/20/2026"), corrected);
    await tab.keyboard.press("Escape");
    await panel.waitFor({ state: "hidden" });
    assert.match(await frame.evaluate(() => document.activeElement.textContent), /^Download/);
  }));

test("what is printed is the result, with the day and what was read", () =>
  visit({ colorScheme: "dark" }, async (tab, frame) => {
    await paste(frame, DEAL);
    await frame.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await tab.emulateMedia({ media: "print" });
    await frame.locator("#printed").getByText("22 Nov 2026").waitFor();
    for (const hidden of ["#given", "#text", "#exports", ".partner", "#status"]) {
      assert.equal(await frame.locator(hidden).isVisible(), false, hidden);
    }
    await headline(frame).waitFor();
    const colour = await headline(frame).evaluate((line) => getComputedStyle(line).color);
    assert.match(colour, /^rgb\(0, 0, 0\)$/, "ink on paper is black, in dark mode too");
  }));

test("a menu closes by Escape and gives the focus back", () =>
  visit({}, async (tab, frame) => {
    await paste(frame, DEAL);
    const summary = frame.locator("#exports summary", { hasText: "Download" });
    await summary.click();
    await findsNothing(tab, frame, "an open menu");
    await frame.getByRole("button", { name: "Calendar" }).focus();
    await tab.keyboard.press("Escape");
    await frame.getByRole("button", { name: "Calendar" }).waitFor({ state: "hidden" });
    assert.ok(await summary.evaluate((element) => element === document.activeElement));
    await summary.click();
    await frame.locator("#exports summary", { hasText: "Copy" }).click();
    assert.equal(await frame.locator("#exports details[open]").count(), 1);
  }));

test("a download that takes long can be cancelled, and nothing is downloaded", async () => {
  const server = await serve(troubledPage());
  try {
    await withFile("slow.txt", DEAL, (file) =>
      visit({ address: `${server.targets.own}/` }, async (tab, frame) => {
        let downloads = 0;
        tab.on("download", () => downloads++);
        await frame.locator("#files").setInputFiles(file);
        await headline(frame).waitFor();
        await choose(frame, "Download", "Spreadsheet");
        await frame.locator("#busy").getByText("Writing opportunities.csv").waitFor();
        await frame.getByRole("button", { name: "Cancel" }).click();
        await frame.locator("#busy").waitFor({ state: "hidden" });
        await takeAlong(tab, frame, "Whole report");
        assert.equal(downloads, 1, "the cancelled file came as well");
      }),
    );
  } finally {
    server.close();
  }
});
