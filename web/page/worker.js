// Runs in a worker, beside the glue of the WebAssembly module: `Checker`, `moduleImports`, `__wbg_set_wasm`.
// `scope` is the worker; or, in a browser that refuses workers to sandboxed frames, the page's stand-in for one.

/** What the page may ask for. Everything else is refused. */
const METHODS = new Set([
  'open',
  'openText',
  'replaceText',
  'remove',
  'clear',
  'setAsOf',
  'setDateOrder',
  'setPolicy',
  'supplement',
  'supplementLacking',
  'answer',
  'summary',
  'rows',
  'agenda',
  'opportunity',
  'tryOut',
  'explain',
  'explanations',
  'questions',
  'count',
  'records',
  'opportunities',
  'csv',
  'ics',
  'icsOf',
  'corrections',
  'importCsv',
  'markdown',
  'slack',
  'preview',
]);

/** @type {Checker | undefined} */
let checker;

/** Text to bytes, and unfolded: the module comes as compressed text inside the page. */
const unfold = async (base64) => {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const chunks = [];
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value);
  }
  return new Blob(chunks).arrayBuffer();
};

const start = async (module, asOf) => {
  const { instance } = await WebAssembly.instantiate(await unfold(module), moduleImports);
  __wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start?.();
  checker = new Checker(asOf);
};

const answer = async (method, args) => {
  if (method === 'start') {
    return start(...args);
  }
  if (checker === undefined || !METHODS.has(method)) {
    throw new Error('The checker is not ready for that.');
  }
  return checker[method](...args);
};

scope.onmessage = async ({ data: { id, method, args } }) => {
  try {
    scope.postMessage({ id, value: await answer(method, args) });
  } catch (error) {
    // A trap leaves the module in no state to go on; a refusal is an ordinary answer.
    const isTrap = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
    scope.postMessage({ id, error: String(error?.message ?? error), isTrap });
  }
};
