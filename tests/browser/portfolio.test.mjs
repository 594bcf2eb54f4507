// What a visitor does with many opportunities: counts, views, the list with one of them beside it, answers for all.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { TODAY, findsNothing, goldenFiles, headline, visit } from "./visit.mjs";

const HEADINGS =
  "Opportunity Id,Opportunity Ownership,Status,Stage,Target Close Date(MM/DD/YYYY),AWS Account ID,Opportunity Type," +
  "Customer Company Name,Partner Project Title,Last Updated Date(MM/DD/YYYY)";
const STAGES = ["Prospect", "Qualified", "Committed", "Launched", "Closed Lost"];

/** An invented ACE export with so many rows: a few stages, some without account or type, some past their date. */
const exportOf = (count, from = 0) =>
  [
    HEADINGS,
    ...Array.from({ length: count }, (_, i) => {
      const at = from + i;
      const close = at % 7 === 0 ? "10/05/2026" : `0${1 + (at % 9)}/15/2027`;
      const account = at % 5 === 0 ? "" : String(700_000_000_000 + at);
      const type = at % 3 === 0 ? "" : "Net New Business";
      return `O${5_600_000 + at},Partner Referral,Approved,${STAGES[at % 5]},${close},${account},${type},Heron ${at} Ltd,Move ${at},11/20/2026`;
    }),
  ].join("\n");

const fileOf = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });

const give = async (frame, files) => {
  await frame.locator("#files").setInputFiles(files);
  await frame.locator("#list tbody tr").first().waitFor();
};
const giveMixed = async (frame) =>
  give(
    frame,
    (await goldenFiles("mixed-documents")).filter((name) => /\/[abcd]-/.test(name)),
  );
const giveRows = (frame, count) => give(frame, [fileOf("export.csv", exportOf(count))]);

const tab = (frame, name) => frame.getByRole("tab", { name });
const rows = (frame) => frame.locator("#list tbody tr");
/** The number that a text says first. */
const numberIn = (text) => Number(/[\d,]+/.exec(text)[0].replaceAll(",", ""));
const found = async (frame) => {
  await frame.locator("#busy").waitFor({ state: "hidden" });
  return frame.locator("#filter-note").textContent();
};
const wide = { viewport: { width: 1400, height: 900 } };
const narrow = { viewport: { width: 360, height: 740 } };

const downloaded = async (page, click) => {
  const [download] = await Promise.all([page.waitForEvent("download"), click()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
};

test("a count filters the list, is told as a filter in use, and can be removed", () =>
  visit(wide, async (page, frame) => {
    await giveRows(frame, 40);
    const tile = frame.locator(".tile").first();
    const count = numberIn(await tile.textContent());
    assert.ok(count > 0 && count < 40, `${count}`);
    assert.equal(await tile.getAttribute("aria-pressed"), "false");
    await tile.click();
    await frame.locator(".tile[aria-pressed=true]").waitFor();
    assert.equal(await found(frame), `${count} found`);
    assert.equal(await rows(frame).count(), count);
    await frame.locator("#search").fill("Heron 1");
    await frame.locator("#filters").getByText("“Heron 1”").waitFor();
    const both = await rows(frame).count();
    assert.ok(both < count, `${both} of ${count}`);
    await frame.getByRole("button", { name: "Remove the filter “Heron 1”" }).click();
    await frame.locator("#filters").getByText("“Heron 1”").waitFor({ state: "detached" });
    assert.equal(await frame.locator("#search").inputValue(), "");
    await frame.getByRole("button", { name: "Clear filters" }).click();
    await frame.locator("#filters button").first().waitFor({ state: "detached" });
    assert.equal(await found(frame), "All 40");
    assert.equal(await frame.locator(".tile[aria-pressed=true]").count(), 0);
  }));

test("one sentence says how many are well and how many need you, and leads to it", () =>
  visit(wide, async (page, frame) => {
    await giveRows(frame, 12);
    const lead = frame.locator("#portfolio .lead");
    await lead.getByText("you this week").waitFor();
    const text = await lead.textContent();
    const good = await frame.locator(".tile", { hasText: /On track|Eligible/ }).allTextContents();
    assert.match(text, new RegExp(`^${good.reduce((sum, each) => sum + numberIn(each), 0)} of 12 earn`));
    const due = numberIn(text.split(";")[1]);
    await lead.getByRole("button").click();
    await frame.locator("#view-week li").first().waitFor();
    const keys = await frame.locator("#view-week [data-open]").evaluateAll((all) => all.map((one) => one.dataset.open));
    assert.ok(keys.length > due, "some have several things to do");
    assert.equal(new Set(keys).size, due);
    assert.equal(await tab(frame, "This week").getAttribute("aria-selected"), "true");
    assert.equal(await frame.evaluate(() => document.activeElement.id), "tab-week");
  }));

test("views are tabs, moved between with the arrow keys", () =>
  visit(wide, async (page, frame) => {
    await giveRows(frame, 12);
    await tab(frame, "Opportunities").focus();
    const selected = () => frame.locator("[role=tab][aria-selected=true]").textContent();
    const shown = () => frame.locator("[role=tabpanel]:visible").count();
    for (const [key, expect] of [
      ["ArrowRight", "This week"],
      ["ArrowRight", "By rule"],
      ["ArrowLeft", "This week"],
      ["End", "Metrics"],
      ["ArrowRight", "Opportunities"],
      ["ArrowLeft", "Metrics"],
      ["Home", "Opportunities"],
    ]) {
      await page.keyboard.press(key);
      await frame.locator("[role=tab][aria-selected=true]", { hasText: expect }).waitFor();
      assert.equal(await selected(), expect);
      assert.equal(await shown(), 1);
      assert.equal(await frame.evaluate(() => document.activeElement.textContent), expect);
      assert.equal(await frame.locator("[role=tab][tabindex='0']").count(), 1);
    }
    assert.equal(await frame.locator("#view-list").getAttribute("aria-labelledby"), "tab-list");
  }));

test("the focus stays near what had it when that is gone, and what was done is said", () =>
  visit(wide, async (page, frame) => {
    const focused = () => frame.evaluate(() => document.activeElement.id || document.activeElement.closest("[id]")?.id);
    const said = () => frame.locator("#status").textContent();
    await frame.locator("#sample-buttons button").first().press("Enter");
    await frame.locator("#list tbody tr").first().waitFor();
    await frame.waitForFunction(() => document.activeElement.id === "found-title");
    await frame.locator(".tile").first().press("Enter");
    await frame.locator("#filters .filter").first().press("Enter");
    await frame.waitForFunction(() => document.activeElement.id === "filter-note");
    assert.match(await said(), /^All \d+$/);
    await frame.locator("#shared summary").first().press("Enter");
    await frame.locator("#shared select").first().selectOption({ index: 1 });
    await frame.locator("#shared .field-row button").first().press("Enter");
    await frame.waitForFunction(() => document.getElementById("status").textContent.startsWith("Answered for"));
    assert.match(await focused(), /^share/);
    await frame.locator("#today").press("Enter");
    await frame.locator("#today").waitFor({ state: "hidden" });
    assert.equal(await focused(), "as-of");
  }));

test("this week lists what is due by day, of the kinds that are chosen, and opens its opportunity", () =>
  visit(wide, async (page, frame) => {
    await giveRows(frame, 400);
    await tab(frame, "This week").click();
    const panel = frame.locator("#view-week");
    await panel.locator("li").first().waitFor();
    const count = async (group) => numberIn(await panel.locator(`[data-focus=group-${group}]`).textContent());
    const today = await count("today");
    assert.ok(today > 100, `${today} are due today: the fixture needs more than a page`);
    await panel.locator("[data-focus=group-today]").click();
    await panel.locator("[data-focus=group-today][aria-pressed=true]").waitFor();
    assert.deepEqual(await panel.locator("h3").allTextContents(), ["Today"]);
    assert.equal(await panel.locator("li").count(), 100);
    const first = await panel.locator("li").first().textContent();
    await panel.getByRole("button", { name: "Next page" }).click();
    await frame.waitForFunction((text) => document.querySelector("#view-week li").textContent !== text, first);
    await panel.locator("[data-focus=group-later]").click();
    await panel.locator("h3", { hasText: "Later" }).waitFor();
    const days = await panel.locator(".when").allTextContents();
    assert.ok(days.every((day) => day.includes(" in ") || /in \d+ days/.test(day)), days[0]);
    await panel.getByText("Only these kinds").first().click();
    await panel.getByRole("button", { name: "Close dates" }).click();
    await panel.locator("[data-focus=kind-close_date][aria-pressed=true]").waitFor();
    assert.ok(!(await panel.locator("[data-focus=group-overdue]").isVisible()), "no close date is overdue work");
    const customer = await panel.locator("li .open").first().textContent();
    await panel.locator("li .open").first().click();
    await headline(frame).waitFor();
    assert.equal(await frame.locator("#opportunity-title").textContent(), customer);
  }));

test("a line of a rule lists exactly its opportunities", () =>
  visit(wide, async (page, frame) => {
    await giveRows(frame, 60);
    await tab(frame, "By rule").click();
    const line = frame.locator("#view-rules .group", { hasText: "Close date not past" }).first();
    const count = numberIn(await line.locator(".group-count").textContent());
    assert.equal(await line.locator("progress").getAttribute("max"), "60");
    assert.equal(await line.locator("progress").getAttribute("value"), String(count));
    await line.locator("summary").click();
    await line.getByText("To fix").waitFor();
    await line.getByRole("button", { name: /^List/ }).click();
    await frame.locator("#filters").getByText("Close date not past: Fails").waitFor();
    assert.equal(await found(frame), `${count} found`);
    assert.equal(await frame.evaluate(() => document.activeElement.id), "filter-note");
    await tab(frame, "By rule").click();
    const lines = await frame.locator("#view-rules .group").count();
    await frame.locator("#view-rules").getByRole("button", { name: "Fails" }).click();
    await frame.locator("#view-rules [data-focus=outcome-fail][aria-pressed=false]").waitFor();
    assert.ok((await frame.locator("#view-rules .group").count()) < lines);
    assert.equal(await frame.locator("#view-rules .group.bad").count(), 0);
  }));

test("what shows only across documents is gathered by rule, and its lines are links", () =>
  visit(wide, async (page, frame) => {
    await give(frame, [fileOf("a.csv", `${exportOf(6)}\n${exportOf(2, 1).split("\n").slice(1).join("\n")}`)]);
    await frame.locator("#portfolio").getByText("2 findings across your documents").waitFor();
    await frame.locator("#portfolio").getByRole("button", { name: "Show" }).click();
    await frame.locator("#set-findings:focus").waitFor();
    const group = frame.locator("#view-rules details.panel");
    assert.match(await group.locator("summary").textContent(), /Duplicate opportunity\s+2 findings/);
    await group.getByRole("button", { name: "O5600001" }).click();
    await headline(frame).waitFor();
    assert.match(await frame.locator("#opportunity").textContent(), /O5600001/);
  }));

test("what AWS pays shows missing money first, with its sums, and says what to drop", () =>
  visit(wide, async (page, frame) => {
    await giveRows(frame, 5);
    await tab(frame, "What AWS pays").click();
    await frame.locator("#view-paid").getByText("discount business report").waitFor();
    await frame.getByRole("button", { name: "Start over" }).click();
    await giveMixed(frame);
    await tab(frame, "What AWS pays").click();
    const sums = frame.locator("#view-paid .sums tbody tr");
    const cells = async (index) => (await sums.nth(index).locator("td").allTextContents()).join(" ");
    assert.deepEqual([await cells(0), await cells(1), await cells(2), await cells(3)], ["1 –", "1 $4", "1 $15", "1 $65"]);
    const badges = await frame.locator("#view-paid .accounts .badge").allTextContents();
    assert.deepEqual(
      badges.map((text) => text.slice(1)),
      ["Not paid", "Unexplained", "Paid"],
    );
    await frame.getByRole("button", { name: "1 account: Paid without a reason that is known" }).click();
    await frame.locator("#view-paid [aria-pressed=true]").waitFor();
    assert.equal(await frame.locator("#view-paid .accounts tbody tr").count(), 1);
    await frame.getByRole("button", { name: "1 account: Paid without a reason that is known" }).click();
    await frame.locator("#view-paid .accounts .open").first().click();
    await headline(frame).waitFor();
    assert.match(await frame.locator("#opportunity").textContent(), /O5551101/);
  }));

test("every number of what AWS pays lists as many accounts as it says", () =>
  visit(wide, async (page, frame) => {
    await giveMixed(frame);
    await tab(frame, "What AWS pays").click();
    const numbers = frame.locator("#view-paid .sums button");
    const count = await numbers.count();
    assert.ok(count >= 4, `${count}`);
    for (let i = 0; i < count; i += 1) {
      await numbers.nth(i).click();
      await frame.locator("#view-paid [aria-pressed=true]").waitFor();
      const said = numberIn(await numbers.nth(i).textContent());
      assert.equal(await frame.locator("#view-paid .accounts tbody tr").count(), said, `line ${i}`);
    }
  }));

test("in no width does a word of the list lie on another, or beyond the page", () =>
  visit(wide, async (page, frame) => {
    await giveRows(frame, 40);
    await frame.locator(".verdict-cell", { hasText: "Needs information" }).first().waitFor();
    for (const width of [320, 360, 500, 640, 800, 860, 1024, 1280]) {
      await page.setViewportSize({ width, height: 4000 });
      const wrong = await frame.evaluate(() => {
        const wordsOf = (line) => [...line.querySelectorAll(".open, .badge, .day")].flatMap((part) => [...part.getClientRects()]);
        const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
        const lines = [...document.querySelectorAll("#list tbody tr")].slice(0, 12);
        const next = (line) => {
          const range = document.createRange();
          range.selectNodeContents(line.querySelector(".next"));
          return [...range.getClientRects()];
        };
        const isWrong = (line) => {
          const words = wordsOf(line);
          return (
            words.some((a, i) => words.some((b, j) => i < j && meet(a, b))) ||
            next(line).some((a) => words.some((b) => meet(a, b))) ||
            words.some((word) => word.right > document.documentElement.clientWidth)
          );
        };
        return lines.filter(isWrong).map((line) => line.textContent);
      });
      assert.deepEqual(wrong, [], `${width} wide`);
    }
  }));

test("an earlier report that is dropped tells what changed", () =>
  visit(wide, async (page, frame) => {
    await giveRows(frame, 8);
    await tab(frame, "Changes").click();
    await frame.locator("#view-changes").getByText("Drop it here next month").waitFor();
    const { text } = await downloaded(page, () => frame.locator("#view-changes").getByRole("button").click());
    const report = JSON.parse(text);
    const [changed, gone] = report.opportunities;
    assert.notEqual(changed.verdict, "ended");
    changed.verdict = "ended";
    gone.key = "O5599999";
    await frame.locator("#files").setInputFiles([fileOf("earlier.json", JSON.stringify(report))]);
    const view = frame.locator("#view-changes");
    await view.getByText(`Since the verdicts of 22 Nov 2026`).waitFor();
    assert.match(await view.textContent(), /1 verdict changed, 1 new, 1 gone/);
    assert.match(await view.locator("li", { hasText: changed.key }).textContent(), /Ended.*→/);
    assert.ok(await view.locator("li", { hasText: "O5599999" }).isVisible());
    await view.getByRole("button", { name: changed.key }).click();
    await headline(frame).waitFor();
  }));

test("a number of a metric lists its opportunities", () =>
  visit(wide, async (page, frame) => {
    await giveRows(frame, 60);
    await tab(frame, "Metrics").click();
    const line = frame.locator("#view-metrics tbody tr", { hasText: "Close dates not in the past" });
    assert.match(await line.textContent(), /Of the opportunities with a close date/);
    const [yes, no] = [line.locator("button").nth(0), line.locator("button").nth(1)];
    const [counted, missing] = [numberIn(await yes.textContent()), numberIn(await no.textContent())];
    assert.match(await line.textContent(), new RegExp(`${counted} of ${counted + missing}`));
    await no.click();
    await frame.locator("#filters").getByText("Close dates not in the past: not counted").waitFor();
    assert.equal(await found(frame), `${missing} found`);
    await tab(frame, "Metrics").click();
    await yes.click();
    await frame.locator("#filters").getByText("Close dates not in the past: counted").waitFor();
    assert.equal(await found(frame), `${counted} found`);
  }));

test("the keyboard moves through the list, opens, and comes back to where it was", () =>
  visit(wide, async (page, frame) => {
    await giveRows(frame, 30);
    const focused = () => frame.evaluate(() => document.activeElement.dataset.open ?? document.activeElement.id);
    const keys = await frame.locator("#list [data-open]").evaluateAll((all) => all.map((button) => button.dataset.open));
    await frame.locator("#search").focus();
    await page.keyboard.press("ArrowDown");
    assert.equal(await focused(), keys[0]);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    assert.equal(await focused(), keys[1]);
    await page.keyboard.press("End");
    assert.equal(await focused(), keys[29]);
    await page.keyboard.press("Enter");
    await headline(frame).waitFor();
    assert.equal(await focused(), "opportunity-title");
    assert.equal(await frame.locator("tr[aria-current=true] [data-open]").getAttribute("data-open"), keys[29]);
    await page.keyboard.press("Escape");
    await headline(frame).waitFor({ state: "detached" });
    assert.equal(await focused(), keys[29]);
    assert.equal(await frame.locator("[aria-current]").count(), 0);
  }));

/** Whether an element stands in the part of the page that is seen. */
const inView = (locator) =>
  locator.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });

test("details stand beside the list where there is room, and step to the next opportunity", () =>
  visit(wide, async (page, frame) => {
    await giveRows(frame, 1_020);
    await frame.getByRole("button", { name: "Next page" }).click();
    await frame.locator("#filter-note").getByText("501 to 1,000 of 1,020").waitFor();
    await rows(frame).nth(499).waitFor({ state: "attached" });
    assert.equal(await rows(frame).count(), 500);
    const keys = await frame.locator("#list [data-open]").evaluateAll((all) => all.map((button) => button.dataset.open));
    await rows(frame).nth(300).scrollIntoViewIfNeeded();
    await frame.locator(`[data-open=${keys[300]}]`).click();
    await headline(frame).waitFor();
    const [list, detail] = [await frame.locator("#list").boundingBox(), await frame.locator("#opportunity").boundingBox()];
    assert.ok(list.x + list.width <= detail.x, "the list stands beside the details");
    assert.ok(await frame.locator(`tr[aria-current] [data-open=${keys[300]}]`).isVisible());
    const place = frame.locator(".detail-bar .under");
    assert.equal(await place.textContent(), "801 of 1,020");
    await frame.locator(".detail-bar").getByRole("button", { name: "Next" }).click();
    await frame.locator("#opportunity").getByText(keys[301]).first().waitFor();
    assert.equal(await place.textContent(), "802 of 1,020");
    await frame.locator(".detail-bar").getByRole("button", { name: "Previous" }).click();
    await frame.locator("#opportunity").getByText(keys[300]).first().waitFor();
    // What is stated of it draws the list again, and leaves it where it is.
    await frame.getByRole("button", { name: "Correct or add a fact" }).click();
    await frame.locator("#facts .unasked > summary").click();
    await frame.locator('[data-fact="city"]').getByRole("button", { name: /^(Edit|Add)/ }).click();
    await frame.locator("#facts input").fill("Vejle");
    await frame.getByRole("button", { name: "Save" }).click();
    await frame.locator(".stated-strip").getByText("Vejle").waitFor();
    assert.ok(await frame.locator(`tr[aria-current] [data-open=${keys[300]}]`).isVisible());
    const [line, master] = [
      await frame.locator("tr[aria-current]").boundingBox(),
      await frame.locator("#master").boundingBox(),
    ];
    assert.ok(line.y >= master.y && line.y < master.y + master.height, "the line is in view beside its details");
    await frame.locator(".detail-bar").getByRole("button", { name: "All opportunities" }).click();
    await headline(frame).waitFor({ state: "detached" });
    assert.ok(await inView(frame.locator(`[data-open=${keys[300]}]`)), "the list is where it was left");
    // The last of a page leads to the first of the next.
    await frame.locator(`[data-open=${keys[499]}]`).click();
    await headline(frame).waitFor();
    await frame.locator(".detail-bar").getByRole("button", { name: "Next" }).click();
    await place.getByText("1,001 of 1,020").waitFor();
  }));

test("details take the place of the list where there is no room", () =>
  visit(narrow, async (page, frame) => {
    await giveRows(frame, 20);
    await rows(frame).nth(9).locator(".open").click();
    await headline(frame).waitFor();
    assert.ok(!(await frame.locator("#list").isVisible()));
    assert.ok(!(await frame.locator(".tile").first().isVisible()));
    await frame.getByRole("button", { name: "← All opportunities" }).click();
    assert.ok(await frame.locator("#list").isVisible());
    const [seen, width] = await frame.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(seen <= width, `${seen} wide, ${width} seen`);
  }));

test("the next file to drop is named, with a button that opens files", () =>
  visit(wide, async (page, frame) => {
    await giveRows(frame, 30);
    const notice = frame.locator("#portfolio .notice", { hasText: "Next file" });
    assert.match(await notice.textContent(), /Drop .* \d+ opportunities/);
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      notice.getByRole("button", { name: "Open files" }).click(),
    ]);
    assert.ok(chooser.isMultiple());
  }));

test("one answer counts for all that lack it, and an exception for itself", () =>
  visit(wide, async (page, frame) => {
    await giveRows(frame, 30);
    const shared = frame.locator("#shared");
    await shared.locator("summary").first().click();
    const button = shared.locator("[data-focus=share-opportunity_type-all]");
    const count = numberIn(await button.textContent());
    const listed = async () => {
      const labels = await frame.locator(".tile").allTextContents();
      return numberIn(labels.find((label) => label.includes("Needs information")) ?? "0");
    };
    const before = await listed();
    await button.click();
    await frame.locator("#status").getByText("Choose an answer first").waitFor();
    await shared.getByLabel("Opportunity type").selectOption("Net New Business");
    await button.click();
    await shared.getByText(`for ${count} opportunities that lacked it`).waitFor();
    assert.ok((await listed()) < before, "fewer lack something");
    assert.equal(await button.count(), 0);
    // The exception.
    const key = "O5600003";
    await frame.locator(`[data-open=${key}]`).click();
    await headline(frame).waitFor();
    const fact = frame.locator('[data-fact="opportunity_type"]');
    assert.match(await fact.textContent(), /you stated/);
    await frame.getByRole("button", { name: "Correct or add a fact" }).click();
    await fact.getByRole("button", { name: "Edit: Opportunity type" }).click();
    await fact.locator("select").selectOption("Expansion");
    await fact.getByRole("button", { name: "Save" }).click();
    const exception = shared.locator(".exceptions li");
    await exception.waitFor();
    assert.match(await exception.textContent(), new RegExp(`${key}.*Expansion`));
    await exception.getByRole("button", { name: /Take back/ }).click();
    await exception.waitFor({ state: "detached" });
    await shared.getByRole("button", { name: /Take back Opportunity type/ }).click();
    await button.waitFor();
    assert.equal(await listed(), before);
  }));

test("answers are kept as a file and come back from it", () =>
  visit(wide, async (page, frame) => {
    await giveRows(frame, 10);
    await frame.locator("#shared summary").first().click();
    await frame.locator("#shared").getByLabel("Has the customer agreed").selectOption("yes");
    await frame.locator("[data-focus=share-customer_consent-all]").click();
    await frame.locator("#shared .statements").waitFor();
    await frame.locator(".partner summary").first().click();
    await frame.getByLabel("Which tier").selectOption("Advanced");
    await frame.getByText("1 of 10 answered").waitFor();
    await frame.locator(".checklist-card summary").first().click();
    await frame.locator(".checklist input").first().check();
    await frame.getByText("1 of 5", { exact: true }).first().waitFor();
    const { name, text } = await downloaded(page, () => frame.getByRole("button", { name: "Save my answers" }).click());
    assert.equal(name, `pod-check answers ${TODAY}.json`);
    const notes = JSON.parse(text);
    assert.equal(notes.podCheckNotes, 1);
    assert.equal(notes.answers["partner.tier"], "Advanced");
    assert.deepEqual(notes.statements, [{ key: null, lacking: true, fact: "customer_consent", value: "yes" }]);

    await frame.getByRole("button", { name: "Start over" }).click();
    await frame.getByText("0 of 10 answered").waitFor();
    await giveRows(frame, 10);
    await frame.locator("#files").setInputFiles([fileOf("kept.json", text)]);
    await frame.locator("#status").getByText("Restored 2 answers about your company and 1 statement").waitFor();
    assert.equal(await frame.getByLabel("Which tier").inputValue(), "Advanced");
    assert.ok(await frame.locator(".checklist input").first().isChecked());
    assert.match(await frame.locator("#shared .statements").textContent(), /that lacked it/);
    // It is no document.
    assert.equal(await frame.locator("#documents > li").count(), 1);

    for (const [bad, sentence] of [
      ['{"podCheckNotes": 1, "answers": {"partner.tier": 7}}', /damaged/],
      ['{"podCheckNotes": 1, "statements": [{"fact": "stage"}]}', /damaged/],
      ['{"podCheckNotes": 1, "answers": ', /damaged/],
      ['{"podCheckNotes": 2}', /newer/],
    ]) {
      await frame.locator("#files").setInputFiles([fileOf("bad.json", bad)]);
      await frame.locator("#status").getByText(sentence).waitFor();
      assert.equal(await frame.getByLabel("Which tier").inputValue(), "Advanced");
      await frame.evaluate(() => (document.querySelector("#status").textContent = ""));
    }
  }));

for (const [name, options] of [
  ["light", wide],
  ["dark", { ...wide, colorScheme: "dark" }],
  ["narrow", narrow],
]) {
  test(`nobody is kept out of any view: ${name}`, () =>
    visit(options, async (page, frame) => {
      await giveMixed(frame);
      await frame.locator("#portfolio .due").waitFor();
      for (const [view, mark] of [
        ["Opportunities", "#list tbody tr"],
        ["This week", "#view-week li"],
        ["By rule", "#view-rules .group"],
        ["What AWS pays", "#view-paid .sums"],
        ["Changes", "#view-changes p"],
        ["Metrics", "#view-metrics tbody tr"],
      ]) {
        await tab(frame, view).click();
        await frame.locator(mark).first().waitFor();
        await findsNothing(page, frame, view);
        const [seen, width] = await frame.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(seen <= width, `${view}: ${seen} wide, ${width} seen`);
      }
      await tab(frame, "Opportunities").click();
      await frame.locator(".tile").first().click();
      await frame.locator("#filters button").first().waitFor();
      await frame.locator("#list .open").first().click();
      await headline(frame).waitFor();
      await findsNothing(page, frame, "an opportunity beside its list");
      await frame.locator(".partner summary").first().click();
      await frame.getByLabel("Which tier").selectOption("Registered");
      await frame.getByText("What is still to do").waitFor();
      await findsNothing(page, frame, "the partner's answers");
    }));
}
