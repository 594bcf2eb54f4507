// The documents of the golden cases, as a visitor would give them.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const GOLDEN = fileURLToPath(new URL("../golden/", import.meta.url));
/** The day on which the golden portfolios are judged. */
export const TODAY = "2026-11-22";
/** One deal that is eligible, as facts. */
export const DEAL = await readFile(join(GOLDEN, "eligible", "facts.txt"), "utf8");

/** The documents of a golden case, as files to give to the page. */
export async function goldenFiles(name) {
  const names = (await readdir(join(GOLDEN, name))).filter((file) => !["case.json", "report.json"].includes(file));
  return names.sort().map((file) => join(GOLDEN, name, file));
}
