// How long a visitor waits, in Chromium: from the paste of a generated export to the result, and the longest task that
// kept the page from answering meanwhile.
//   node browser.mjs EXPORT.csv...
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { launch, page, toolFrame } from "../browser/browser.mjs";
import { serve } from "../browser/server.mjs";

const browser = await launch();
const server = await serve(page());
for (const file of process.argv.slice(2)) {
  const text = readFileSync(file, "utf8");
  const tab = await browser.newPage();
  await tab.goto(`${server.targets.own}/`);
  const frame = await toolFrame(tab);
  await frame.locator("#paste").waitFor();
  await frame.evaluate(() => {
    globalThis.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration);
    }).observe({ type: "longtask" });
  });
  // Made first, so that handing the text to the browser is not measured.
  await frame.evaluate((value) => {
    globalThis.clipboardData = new DataTransfer();
    globalThis.clipboardData.setData("text/plain", value);
  }, text);
  const taken = await frame.evaluate(
    () =>
      new Promise((resolve) => {
        const start = performance.now();
        const found = () => document.querySelector("#list tbody tr");
        const done = () => requestAnimationFrame(() => resolve(performance.now() - start));
        const watch = new MutationObserver(() => {
          if (found()) {
            watch.disconnect();
            done();
          }
        });
        watch.observe(document.body, { childList: true, subtree: true });
        const { clipboardData } = globalThis;
        document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
      }),
  );
  const longest = await frame.evaluate(() => globalThis.longest);
  console.log(
    `${basename(file)}: ${(text.length / 1e6).toFixed(1)} MB, ${Math.round(taken)} ms from paste to the list, ` +
      (longest === 0 ? "no task of the page over 50 ms" : `longest task of the page ${Math.round(longest)} ms`),
  );
  await tab.close();
}
await browser.close();
server.close();
