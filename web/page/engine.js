// The only module that touches the worker, and with it the WebAssembly module.

/** A file or text larger than this is refused: the browser would run out of memory before an answer. */
export const BYTES_MAX = 100 * 1024 * 1024;

/** How many opportunities one part of a download holds. */
const PART = 500;

/** A browser without workers here gets the same code on its main thread: slower, never wrong. */
const standIn = () => {
  const page = {};
  const inside = { onmessage: null, postMessage: (data) => page.onmessage?.({ data }) };
  podWorker(inside);
  page.postMessage = (data) => setTimeout(() => inside.onmessage({ data }));
  page.terminate = () => {};
  return page;
};

/** The one place where a text becomes a script, and the only text it takes is the page's own. */
const workerPolicy = globalThis.trustedTypes?.createPolicy('pod-worker', {
  createScriptURL: (address) => address,
});

const startWorker = () => {
  const source = `'use strict';\n(${podWorker})(self);`;
  const address = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  return new Worker(workerPolicy ? workerPolicy.createScriptURL(address) : address);
};

/**
 * @typedef {object} Engine
 * @property {(method: string, ...args: unknown[]) => Promise<any>} ask one call of the checker
 * @property {() => Promise<string[]>} csv every opportunity as CSV, in parts, none of them large
 * @property {() => Promise<string[]>} ics everything that has a date as a calendar file, likewise
 * @property {() => Promise<string[]>} importCsv the corrected import file, likewise; nothing without a draft
 * @property {() => Promise<string[]>} report the whole report as JSON, likewise
 */

/**
 * Starts the checker.
 * @param {string} asOf an ISO day
 * @param {{ onBusy: (isBusy: boolean) => void, onStop: () => void }} listener `onBusy` after 300 ms of waiting;
 *   `onStop` when the checker cannot go on
 * @returns {Promise<Engine>}
 */
export const startEngine = async (asOf, { onBusy, onStop }) => {
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  const waiting = new Map();
  let last = 0;
  let timer = 0;

  const settle = () => {
    if (waiting.size === 0) {
      clearTimeout(timer);
      timer = 0;
      onBusy(false);
    }
  };
  const hear = ({ data: { id, value, error, isTrap } }) => {
    const call = waiting.get(id);
    waiting.delete(id);
    settle();
    if (error === undefined) {
      call?.resolve(value);
    } else {
      call?.reject(new Error(isTrap ? 'This is too much for this browser. Start over with less.' : error));
      if (isTrap) {
        onStop();
      }
    }
  };

  let worker;
  const connect = (candidate) => {
    worker = candidate;
    worker.onmessage = hear;
  };
  const ask = (method, ...args) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      timer ||= setTimeout(() => onBusy(true), 300);
      worker.postMessage({ id: last, method, args });
    });

  try {
    connect(startWorker());
    await new Promise((resolve, reject) => {
      worker.onerror = () => reject(new Error('no worker'));
      ask('start', MODULE, asOf).then(resolve, reject);
    });
  } catch {
    waiting.clear();
    settle();
    connect(standIn());
    await ask('start', MODULE, asOf);
  }

  const parts = async (method) => {
    const count = await ask('count');
    const found = [];
    for (let from = 0; from === 0 || from < count; from += PART) {
      found.push(await ask(method, from, PART));
    }
    return found;
  };
  const report = async () => {
    const summary = JSON.stringify(await ask('summary'));
    // Each part is an array; the report has one.
    const opportunities = (await parts('opportunities')).map(
      (part, i) => (i === 0 ? '' : ',') + JSON.stringify(part).slice(1, -1),
    );
    return [`${summary.slice(0, -1)},"opportunities":[`, ...opportunities, ']}'];
  };
  return {
    ask,
    csv: () => parts('csv'),
    ics: () => parts('ics'),
    importCsv: () => parts('importCsv'),
    report,
  };
};
