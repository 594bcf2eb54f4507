// The built page with a worker that gets into trouble, as no visitor can make it: the tests put something into its
// script, and into its policy the hash of just that script.
import { createHash } from "node:crypto";
import { page } from "./browser.mjs";

/**
 * A document whose name says so keeps the worker busy for ever when it is judged, breaks it down, or makes it write
 * slowly.
 */
const TROUBLE = `
const names = [];
scope.addEventListener('message', (event) => {
  const { id, method, args } = event.data;
  if (method === 'open') names.push(args[0]);
  if (method === 'csv' && names.some((name) => name.startsWith('slow'))) {
    for (const start = performance.now(); performance.now() - start < 4000; );
  }
  if (method !== 'summary') return;
  while (names.some((name) => name.startsWith('endless')));
  if (names.some((name) => name.startsWith('breaking'))) {
    event.stopImmediatePropagation();
    scope.postMessage({ id, error: 'unreachable', isTrap: true });
  }
});
`;

/** The page with trouble in its worker, and the policy that allows this script and no other. */
export function troubledPage() {
  const unescaped = (text) => text.replaceAll("&quot;", '"').replaceAll("&amp;", "&");
  const hash = (html) => {
    const [, script] = /<script type="module">([^]*?)<\/script>/.exec(unescaped(html));
    return `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
  };
  const built = page().toString();
  const [before, after] = built.split("scope.onmessage = async");
  const troubled = `${before}${TROUBLE.replaceAll("&", "&amp;")}scope.onmessage = async${after}`;
  return troubled.replaceAll(hash(built), hash(troubled));
}
