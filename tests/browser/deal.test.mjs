// One opportunity: what is shown of it, what can be tried and corrected, and that neither changes more than it says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DEAL, findsNothing, goldenFiles, headline, paste, takeAlong, visit } from "./visit.mjs";

/** A deal that is on track: Committed, to close on 15 Dec 2026, with the bill of November still running. */
const ON_TRACK = `${DEAL.replace("stage=Launched", "stage=Committed")
  .replace("target_close_date=2026-09-17", "target_close_date=2026-12-15")
  .replace("launched_on=2026-09-15\n", "")
  .replace("last_modified_at=2026-11-12", "last_modified_at=2026-11-16")
  .replace("spend.2026-08=4650.40", "spend.2026-10=1830.10\nspend.2026-11=4600")}solution=S-0012345\n`;

/** The whole report as it is downloaded. */
const report = async (tab, frame) => (await takeAlong(tab, frame, "Whole report")).text;

const says = (frame, text) => headline(frame).filter({ hasText: text }).waitFor();
const texts = async (locator) => (await locator.allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
const focused = (frame) => frame.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.id);

/** Opens one line of a golden portfolio. */
async function openOne(frame, golden, key) {
  await frame.locator("#files").setInputFiles(await goldenFiles(golden));
  await frame.locator("#list").getByText(key).first().waitFor();
  await frame.locator(`#list [data-focus="open-${key}"]`).click();
  await frame.locator("#opportunity").getByText(key).first().waitFor();
}

test("the verdict comes first, then the one next thing with its date", () =>
  visit({}, async (tab, frame) => {
    await paste(frame, ON_TRACK);
    await says(frame, "On track: keep November 2026's bill below $5,000");
    const next = frame.locator(".next-thing");
    assert.match(await next.textContent(), /By 30 Nov 2026, in 8 days/);
    assert.match(await next.textContent(), /Keep November 2026 below \$5,000/);
    // What stands alone is not listed again.
    assert.ok(!(await texts(frame.locator(".actions li"))).some((line) => line.includes("Keep November 2026")));
    await next.getByRole("button", { name: "Why?" }).click();
    assert.equal(await frame.evaluate(() => document.activeElement?.dataset.rule), "POD009");
  }));

test("what is overdue says so, in words", () =>
  visit({}, async (tab, frame) => {
    await paste(frame, ON_TRACK.replace("last_modified_at=2026-11-16", "last_modified_at=2026-11-01"));
    await frame.locator(".next-thing").getByText("overdue").waitFor();
    assert.match(await frame.locator(".next-thing").textContent(), /Was due on 15 Nov 2026, 7 days ago/);
  }));

test("the timeline lists every date in order, and the picture is not read twice", () =>
  visit({}, async (tab, frame) => {
    await paste(frame, ON_TRACK);
    assert.deepEqual(await frame.locator(".tl-list li").evaluateAll((items) => items.map((item) => item.textContent)), [
      "1 Nov 2026 to 30 Nov 2026 Bill that counts $4,600 so far; must stay below $5,000",
      "16 Nov 2026 Last update 6 days ago",
      "22 Nov 2026 Today",
      "30 Nov 2026 Next update due in 8 days",
      "15 Dec 2026 Close date in 23 days",
      "1 Jan 2027 Discount would start in 40 days",
      "31 Dec 2028 Discount would end in 770 days",
    ]);
    const pictures = await frame.locator("#opportunity svg:not(svg svg)").evaluateAll((all) => all.map((each) => each.getAttribute("aria-hidden")));
    assert.deepEqual([...new Set(pictures)], ["true"]);
    await paste(frame, DEAL);
    await says(frame, "Eligible");
    assert.equal(await frame.locator(".tl-list li").last().textContent(), "Month 2 of 24 is running");
    assert.deepEqual(
      await frame.locator(".tl-cell").evaluateAll((cells) => cells.slice(0, 3).map((cell) => cell.classList[1])),
      ["done", "now", "ahead"],
    );
    assert.equal(await frame.locator(".tl-cell").count(), 24);
  }));

const OVERLAPS = () => {
  const boxes = [...document.querySelectorAll(".tl-strip text, .tl-bar text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
  const right = document.querySelector(".tl-strip").getBoundingClientRect().right;
  const found = boxes.filter(([, box]) => box.right > right + 1).map(([text]) => `${text} sticks out`);
  for (const [i, [one, a]] of boxes.entries()) {
    for (const [other, b] of boxes.slice(i + 1)) {
      const isApart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top + 4 || b.bottom <= a.top + 4;
      if (!isApart) found.push(`${one} meets ${other}`);
    }
  }
  return found;
};

test("labels of the timeline do not meet, whatever the dates; where there is no room it is a list", () =>
  visit({ viewport: { width: 1100, height: 800 } }, async (tab, frame) => {
    for (const [close, updated] of [
      ["2026-11-22", "2026-11-22"],
      ["2026-12-01", "2026-11-08"],
      ["2026-12-31", "2026-11-21"],
      ["2027-05-04", "2026-11-16"],
      ["2027-11-30", "2026-08-01"],
      ["2026-02-28", "2026-11-20"],
      ["2086-10-05", "2026-11-20"],
    ]) {
      const text = ON_TRACK.replace("2026-12-15", close).replace("2026-11-16", updated);
      await frame.locator("#paste").fill(text);
      const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
      await frame.locator(".tl-item.close").getByText(day.format(new Date(close)).replace("Sept", "Sep"), { exact: true }).waitFor({ state: "attached" });
      assert.deepEqual(await frame.evaluate(OVERLAPS), [], close);
    }
    assert.ok(await frame.locator(".tl-strip").isVisible());
    await tab.setViewportSize({ width: 320, height: 740 });
    assert.ok(!(await frame.locator(".tl-strip").isVisible()));
    assert.ok((await frame.locator(".tl-item").first().boundingBox()).width > 200);
    const [wide, seen] = await frame.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    assert.ok(wide <= seen, `the page is ${wide} wide and ${seen} are seen`);
  }));

test("the spend bars are true to the limit, and say in words what they show", () =>
  visit({}, async (tab, frame) => {
    await paste(frame, ON_TRACK.replace("spend.2026-10=1830.10", "spend.2026-10=5000.00"));
    assert.deepEqual(await texts(frame.locator(".spend-months tbody tr")), [
      "Oct 2026 $5,000 ✕ not below the limit",
      "Nov 2026 the month that counts $4,600 still running",
    ]);
    const [october, november, limit] = await frame.evaluate(() => [
      ...[...document.querySelectorAll(".sp-fill")].map((bar) => bar.getBoundingClientRect().width),
      (({ left }, ground) => left - ground.left)(
        document.querySelector("tbody .sp-limit").getBoundingClientRect(),
        document.querySelector(".sp-ground").getBoundingClientRect(),
      ),
    ]);
    assert.ok(Math.abs(october - limit) < 2, `${october} is the limit ${limit}`);
    assert.ok(Math.abs(november / limit - 0.92) < 0.02, `${november} of ${limit}`);
    assert.equal(await frame.locator(".sp-hatch").count(), 1);
  }));

test("a bill that is not known is entered where its bar would be", () =>
  visit({}, async (tab, frame) => {
    await paste(frame, ON_TRACK.replace(/spend.*\n/g, ""));
    await frame.getByRole("button", { name: "Enter the bill of Nov 2026" }).click();
    await tab.keyboard.type("5200");
    await tab.keyboard.press("Enter");
    await says(frame, "Not eligible as it stands");
    assert.match((await texts(frame.locator(".spend-months .counts")))[0], /\$5,200 ✕ not below the limit/);
    assert.match(await frame.locator(".stated-strip").innerText(), /Bill of Nov 2026: \$5,200/);
  }));

test("trying a close date changes nothing: not the list, not the download", () =>
  visit({}, async (tab, frame) => {
    await openOne(frame, "needs-fixing", "O5550402");
    const before = await report(tab, frame);
    const rows = await frame.locator("#list").textContent();
    await frame.getByRole("row", { name: /^Dec 2026/ }).getByRole("cell").first().click();
    const trial = frame.locator(".trial");
    await trial.waitFor();
    assert.match(await trial.innerText(), /If it closed on 31 Dec 2026/);
    assert.match(await trial.innerText(), /Nothing is written back: change it in ACE yourself\./);
    const verdicts = await texts(trial.locator(".badge"));
    assert.deepEqual(verdicts, ["! Needs fixing", "→ On track"]);
    assert.match(await trial.locator("tbody tr").nth(2).innerText(), /Oct 2026: \$5,120\.55[^]*Nov 2026: \$900 so far/);
    assert.match(await trial.locator("tbody tr").nth(3).innerText(), /1 Dec 2026 to 30 Nov 2028\s+1 Jan 2027 to 31 Dec 2028/);
    assert.match(await frame.locator("#status").textContent(), /^A trial, nothing changed: On track/);
    await frame.getByLabel("What if the close date were").fill("2026-11-30");
    await frame.locator(".trial").getByText("If it closed on 30 Nov 2026").waitFor();
    assert.match(await headline(frame).textContent(), /^Not eligible as it stands/);
    assert.equal(await frame.locator("#list").textContent(), rows);
    assert.equal(await report(tab, frame), before);
    await trial.getByRole("button", { name: "Dismiss" }).click();
    assert.equal(await frame.locator(".trial").count(), 0);
    assert.equal(await focused(frame), "try-date");
    assert.equal(await report(tab, frame), before);
  }));

test("a tried date is used only when it is told to be, is marked, and is reset with one click", () =>
  visit({}, async (tab, frame) => {
    await paste(frame, ON_TRACK);
    const before = await report(tab, frame);
    await frame.getByRole("button", { name: "Jan 2027" }).press("Enter");
    await frame.getByRole("button", { name: "Use this date here" }).press("Enter");
    await says(frame, "keep December 2026's bill below $5,000");
    assert.equal(await frame.locator(".trial").count(), 0);
    assert.match(await frame.locator(".stated-strip").innerText(), /You stated\s+Target close date: 31 Jan 2027/);
    assert.match(await frame.locator('[data-fact="target_close_date"]').textContent(), /31 Jan 2027.*you stated.*The document says: 15 Dec 2026/);
    assert.notEqual(await report(tab, frame), before);
    await frame.locator(".stated-strip").getByRole("button", { name: "Reset: Target close date" }).click();
    await says(frame, "keep November 2026's bill below $5,000");
    assert.equal(await report(tab, frame), before);
  }));

test("a fact is corrected in its row and taken back, by keyboard alone, and the focus stays", () =>
  visit({}, async (tab, frame) => {
    await paste(frame, ON_TRACK);
    const before = await report(tab, frame);
    await frame.getByRole("button", { name: "Correct or add a fact" }).press("Enter");
    const edit = frame.getByRole("button", { name: "Edit: EUR usage type" });
    await edit.focus();
    await tab.keyboard.press("Enter");
    assert.equal(await frame.evaluate(() => document.activeElement?.tagName), "SELECT");
    await tab.keyboard.type("Internal");
    await tab.keyboard.press("Escape");
    assert.equal(await focused(frame), "Edit: EUR usage type");
    assert.equal(await report(tab, frame), before, "Escape leaves everything as it was");

    await edit.focus();
    await tab.keyboard.press("Enter");
    await tab.keyboard.type("Internal");
    await tab.keyboard.press("Tab");
    await tab.keyboard.press("Enter");
    await says(frame, "Not eligible as it stands");
    await frame.locator("#status").filter({ hasText: "Not eligible as it stands" }).waitFor({ state: "attached" });
    assert.equal(await focused(frame), "Edit: EUR usage type");
    const row = frame.locator('[data-fact="eur.usage_type"]');
    assert.match(await row.textContent(), /Internal.*you stated.*The document says: End User/);

    await tab.keyboard.press("Tab");
    assert.equal(await focused(frame), "Reset: EUR usage type");
    await tab.keyboard.press("Enter");
    await says(frame, "On track");
    assert.equal(await focused(frame), "Edit: EUR usage type");
    assert.equal(await report(tab, frame), before);
  }));

test("what names a record is not corrected here, and every other fact is", () =>
  visit({}, async (tab, frame) => {
    await paste(frame, ON_TRACK);
    await frame.locator("#facts > summary").click();
    assert.equal(await frame.locator('[data-fact="opportunity_id"] button', { hasText: "Edit" }).count(), 0);
    const lacking = await frame
      .locator("[data-fact]")
      .evaluateAll((rows) => rows.filter((row) => ![...row.querySelectorAll("button")].some((button) => /^(Edit|Add)$/.test(button.textContent))).map((row) => row.dataset.fact));
    assert.deepEqual(lacking.filter((fact) => !["opportunity_id", "partner_crm_id"].includes(fact)), []);
    // What nothing asks for is folded away, and still there.
    assert.ok(!(await frame.getByText("Industry other").isVisible()));
    await frame.getByText(/^Not given, and not asked for/).click();
    assert.ok(await frame.getByText("Industry other").isVisible());
  }));

test("a check that lacks a fact asks for it, and the verdict follows", () =>
  visit({}, async (tab, frame) => {
    await paste(frame, ON_TRACK.replace("origin=Partner Referral\n", ""));
    await says(frame, "Cannot be decided yet");
    const check = frame.locator('[data-rule="POD001"]');
    await check.getByRole("button", { name: "Complete: Who originated the opportunity?" }).click();
    await frame.locator(".check select").selectOption("Partner Referral");
    await check.getByRole("button", { name: "Save" }).click();
    await says(frame, "On track");
    // The check is settled and folded away: the focus goes to the verdict.
    assert.equal(await focused(frame), "opportunity-title");
  }));

test("the next thing leads to the form when a fact is all that is missing", () =>
  visit({}, async (tab, frame) => {
    await paste(frame, ON_TRACK.replace("origin=Partner Referral\n", ""));
    await frame.getByRole("button", { name: "Complete it here" }).click();
    assert.equal(await focused(frame), "state-origin");
    await frame.locator("#state-origin").selectOption("AWS Referral");
    await frame.getByRole("button", { name: "State it and judge again" }).click();
    await says(frame, "it cannot be put right");
  }));

test("a record with several accounts is shown as one card an account", () =>
  visit({}, async (tab, frame) => {
    await frame.locator("#files").setInputFiles(await goldenFiles("several-accounts"));
    const cards = frame.locator(".split-card");
    await cards.first().waitFor();
    assert.deepEqual(await texts(cards.locator(".verdict-head")), [
      "→ On track Account 702938470701",
      "✕ Not eligible Account 702938470702",
    ]);
    assert.deepEqual(await texts(cards.locator(".next-text")), Array(2).fill("Update the opportunity: write the next step into ACE."));
    await cards.nth(1).getByText("Its checks and dates").click();
    assert.ok(await cards.nth(1).getByText("Not government advising").isVisible());
    assert.equal(await cards.getByRole("button", { name: /^Complete:/ }).count(), 0, "a copy is only shown");
  }));

test("a check shows its place in the paste, and the place leads back", () =>
  visit({}, async (tab, frame) => {
    await paste(frame, ON_TRACK);
    await frame.locator('[data-rule="POD010"]').getByRole("button", { name: "Show “stage” in the paste" }).click();
    assert.equal(
      await frame.locator("#paste").evaluate((box) => box.value.slice(box.selectionStart, box.selectionEnd)),
      "Committed",
    );
    const here = frame.getByRole("group", { name: "What rests on this place" });
    await here.getByRole("button", { name: "Fact: Stage" }).waitFor();
    assert.ok(await frame.locator('[data-fact="stage"]').evaluate((row) => row.classList.contains("at-caret")));
    assert.ok(await frame.locator('[data-rule="POD010"]').evaluate((row) => row.classList.contains("at-caret")));
    assert.ok(!(await frame.locator('[data-rule="POD001"]').evaluate((row) => row.classList.contains("at-caret"))));

    // By keyboard: the caret goes to another line, and the next stop of Tab leads to what rests on it.
    await frame.locator("#paste").focus();
    await tab.keyboard.press("Control+Home");
    await here.getByRole("button", { name: "Fact: Opportunity id" }).waitFor();
    for (let i = 0; i < 6; i++) await tab.keyboard.press("ArrowDown");
    await here.getByRole("button", { name: "Fact: Target close date" }).waitFor();
    await tab.keyboard.press("Tab");
    await tab.keyboard.press("Enter");
    assert.equal(await frame.evaluate(() => document.activeElement?.dataset.fact), "target_close_date");
    assert.ok(await frame.locator('[data-fact="target_close_date"]').isVisible(), "its fold was opened");
  }));

test("a place is shown where it is, also in a file whose lines end as on Windows", () =>
  visit({}, async (tab, frame) => {
    await frame.locator("#files").setInputFiles({
      name: "deal.txt",
      mimeType: "text/plain",
      buffer: Buffer.from(ON_TRACK.replaceAll("\n", "\r\n")),
    });
    await says(frame, "On track");
    await frame.locator('[data-rule="POD010"]').getByRole("button", { name: "Show “stage” in the paste" }).click();
    const selected = () => frame.locator("#paste").evaluate((box) => box.value.slice(box.selectionStart, box.selectionEnd));
    assert.equal(await selected(), "Committed");
    assert.ok(await frame.getByRole("button", { name: "Fact: Stage" }).isVisible());
    // Once it is typed in, the box is what is judged, with its own ends of line.
    await frame.locator("#paste").press("Control+End");
    await tab.keyboard.type("review_comments=See the notes");
    await frame.locator('[data-fact="review_comments"]').getByText("See the notes").waitFor({ state: "attached" });
    await frame.locator('[data-rule="POD010"]').getByRole("button", { name: "Show “stage” in the paste" }).click();
    assert.equal(await selected(), "Committed");
  }));

test("a place in a line of an export leads back to the opened opportunity alone", () =>
  visit({}, async (tab, frame) => {
    await openOne(frame, "needs-fixing", "O5550402");
    await frame.getByRole("button", { name: "Show text" }).click();
    const box = frame.locator("#paste");
    const caretAt = async (text) => {
      await box.evaluate((area, wanted) => area.setSelectionRange(area.value.indexOf(wanted), area.value.indexOf(wanted)), text);
      await box.press("ArrowRight");
    };
    await caretAt("O5550402");
    await frame.getByRole("button", { name: "Fact: Opportunity id" }).waitFor();
    await caretAt("O5550403");
    await frame.locator("#at-caret").waitFor({ state: "hidden" });
  }));

for (const [name, options] of [
  ["light", {}],
  ["dark", { colorScheme: "dark" }],
  ["320 pixels", { viewport: { width: 320, height: 740 } }],
]) {
  test(`nobody is kept out of one opportunity: ${name}`, () =>
    visit(options, async (tab, frame) => {
      await paste(frame, ON_TRACK);
      await frame.getByRole("button", { name: "Jan 2027" }).click();
      await frame.locator(".trial").waitFor();
      await findsNothing(tab, frame, "a trial");
      await frame.locator("#facts > summary").click();
      await frame.getByRole("button", { name: "Edit: Stage" }).click();
      await findsNothing(tab, frame, "a fact being corrected");
      await frame.locator("#facts select").selectOption("Closed Lost");
      await frame.getByRole("button", { name: "Save" }).click();
      await says(frame, "Closed Lost");
      await findsNothing(tab, frame, "not eligible, with a statement");
      await frame.locator("#paste").focus();
      await tab.keyboard.press("Control+Home");
      await frame.locator("#at-caret").waitFor();
      await findsNothing(tab, frame, "a place and what rests on it");
      const [wide, seen] = await frame.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      assert.ok(wide <= seen, `the page is ${wide} wide and ${seen} are seen`);
    }));
}

for (const [golden, key] of [
  ["needs-information"],
  ["ended", "O5550601"],
  ["not-eligible", "O5550305"],
  ["several-accounts"],
]) {
  test(`nobody is kept out of one opportunity: ${golden}`, () =>
    visit({}, async (tab, frame) => {
      if (key) {
        await openOne(frame, golden, key);
      } else {
        await frame.locator("#files").setInputFiles(await goldenFiles(golden));
        await frame.locator("#opportunity .headline, #list .open").first().waitFor();
      }
      await findsNothing(tab, frame, golden);
    }));
}
