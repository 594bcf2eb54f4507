// The browser that the tests use: the first Chromium that is found.
import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

/** The built page. */
export const page = () =>
  readFileSync(process.env.PODCHECK_PAGE ?? fileURLToPath(new URL("../../web/dist/index.html", import.meta.url)));

/** Where Chromium is: what CHROMIUM names, else the first known name on the path. */
export function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not in this folder.
      }
    }
  }
  throw new Error("No Chromium: install chromium or google-chrome, or name one in CHROMIUM.");
}

/** Starts Chromium. As root it runs only without its own sandbox, which is not the one that is tested here. */
export const launch = () =>
  chromium.launch({ executablePath: executable(), args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });

/** The frame in which the tool runs, once it is ready. */
export async function toolFrame(tab) {
  const element = await tab.waitForSelector("main iframe");
  const frame = await element.contentFrame();
  await frame.waitForLoadState("load");
  return frame;
}

/** Judges by this day, as a visitor would choose it: the clock of a sandboxed frame cannot be set from outside. */
export const judgeAsOf = (frame, day) => frame.getByLabel("Checked as of").fill(day);
