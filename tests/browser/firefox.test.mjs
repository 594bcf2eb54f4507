// The essential visits once more, in Firefox.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { test } from "node:test";
import { page } from "./browser.mjs";
import { firefox, withFirefox } from "./firefox.mjs";
import { DEAL, goldenFiles } from "./golden.mjs";
import { serve } from "./server.mjs";

const isMissing = firefox() === undefined;
if (isMissing) {
  assert.ok(!process.env.CI, "no Firefox: install firefox-esr, or name one in FIREFOX");
  console.log("NOT TESTED: the page in Firefox; install firefox-esr or firefox, or name one in FIREFOX.");
}

test("Firefox: typed, pasted and dropped, judged and taken along, and nothing is sent", { skip: isMissing }, async () => {
  const server = await serve(page());
  try {
    await withFirefox(async (tab) => {
      await tab.open(`${server.targets.own}/`);
      await tab.run((day) => {
        const control = document.getElementById("as-of");
        control.value = day;
        control.dispatchEvent(new Event("change"));
      }, "2026-11-22");
      // Ready for a paste without a click.
      assert.equal(await tab.run(() => document.activeElement.id), "paste");
      await tab.type("#paste", DEAL);
      await tab.says(".headline", /^Eligible\./);

      await tab.click("#clear");
      await tab.says("#notice", /Undo/);
      await tab.run((text) => {
        // Firefox's own way to make such an event: it takes no DataTransfer.
        const event = new ClipboardEvent("paste", { dataType: "text/plain", data: text, bubbles: true, cancelable: true });
        document.body.dispatchEvent(event);
      }, DEAL);
      await tab.says(".headline", /^Eligible\./);

      await tab.click("#exports .menu:nth-child(2) summary");
      await tab.click('#exports [data-focus="take-csv-all"]');
      assert.match(await tab.downloaded("pod-check 2026-11-22 opportunities.csv"), /O5550002/);
      await tab.click("#exports .menu:nth-child(2) summary");
      await tab.click('#exports [data-focus="take-html-all"]');
      assert.match(await tab.downloaded("pod-check 2026-11-22 report.html"), /^<!doctype html>[^]*O5550002[^]*<\/html>\n$/);

      await tab.click("#clear");
      await tab.says("#notice", /Undo/);
      const files = await Promise.all(
        (await goldenFiles("needs-fixing")).map(async (path) => [basename(path), await readFile(path, "utf8")]),
      );
      await tab.run((given) => {
        const dataTransfer = new DataTransfer();
        for (const [name, text] of given) dataTransfer.items.add(new File([text], name));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
      }, files);
      await tab.says("#list", /O5550402/);

      // What the policy forbids is refused here too, in the frame and in a blob that it may go to.
      const isRefused = await tab.run((foreign) => {
        const html = `<img src="${foreign}/leak/iframe-blob-image.x"><script>fetch("${foreign}/leak/fetch.x")</script>`;
        const src = URL.createObjectURL(new Blob([html], { type: "text/html" }));
        document.body.append(Object.assign(document.createElement("iframe"), { src }));
        document.body.append(Object.assign(document.createElement("img"), { src: `${foreign}/leak/image.x` }));
        const sent = fetch(`${foreign}/leak/fetch.x`).then(() => false, () => true);
        return Promise.all([sent, new Promise((resolve) => setTimeout(resolve, 2000))]).then(([refused]) => refused);
      }, server.targets.foreign);
      assert.ok(isRefused);
      assert.deepEqual([...server.leaks], []);
      assert.deepEqual(server.requests, ["GET /"]);
    });
  } finally {
    server.close();
  }
});
