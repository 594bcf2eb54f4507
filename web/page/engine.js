// The only module that touches the worker, and with it the WebAssembly module. It keeps what was given, so that a
// checker that was stopped can be followed by a new one that knows the same.

import { PROGRESS } from './words.js';

/** A file or text larger than this is refused: the browser would run out of memory before an answer. */
export const BYTES_MAX = 100 * 1024 * 1024;

/** A file larger than this is not written: nothing opens it, and the browser would run out of memory. */
const FILE_BYTES_MAX = 600_000_000;

/** How many opportunities one part of a download holds: of lines, and of whole reports, which are made into objects. */
const PART = 500;
const PART_REPORTS = 100;
/** Waiting is explained after this long, and can be ended after that. */
const TELL_MS = 300;
const CANCEL_MS = 2_000;
/** One call follows another within this long as long as the same work goes on. */
const BETWEEN_MS = 50;
/** So often in a row another checker is started: more, and the browser has no room for any. */
const STOPS_MAX = 5;
/** A longer text is kept where the browser keeps files, not among the page's own texts. */
const TEXT_CHARS_MAX = 1_000_000;

/** What was asked is no longer wanted; whoever waits for it has nothing to say. */
export class Cancelled extends Error {}

/** A browser without workers here gets the same code on its main thread: slower, never wrong. */
const standIn = () => {
  const page = {};
  const inside = { onmessage: null, postMessage: (data) => page.onmessage?.({ data }) };
  podWorker(inside);
  page.postMessage = (data) => setTimeout(() => inside.onmessage({ data }));
  page.terminate = () => {
    page.onmessage = null;
  };
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
 * @typedef {object} Given what the checker was given, enough to give it to another
 * @property {string} asOf
 * @property {string | undefined} dateOrder
 * @property {string | undefined} policy
 * @property {{ name: string, source: string | Blob }[]} documents
 * @property {Map<string, { method: string, args: string[] }>} statements the calls that made them, the value last
 * @property {Map<string, string>} answers
 */

/** @returns {Given} */
const nothing = (asOf, policy) => ({
  asOf,
  dateOrder: undefined,
  policy,
  documents: [],
  statements: new Map(),
  answers: new Map(),
});

/** @param {Given} given */
const copyOf = (given) => ({
  ...given,
  documents: [...given.documents],
  statements: new Map(given.statements),
  answers: new Map(given.answers),
});

const kept = (text) => (text.length > TEXT_CHARS_MAX ? new Blob([text]) : text);

const put = (map, key, value) => (value === undefined ? map.delete(key) : map.set(key, value));

/** The calls that state something end with the value, or with nothing to take it back. */
const stated =
  (method) =>
  (given, ...args) =>
    put(
      given.statements,
      JSON.stringify(args.slice(0, -1)),
      args.at(-1) === undefined ? undefined : { method, args },
    );

/** @type {Record<string, (given: Given, ...args: any[]) => void>} what each call changes of what is given */
const CHANGES = {
  open: (given, name, source) => given.documents.push({ name, source }),
  openText: (given, name, text) => given.documents.push({ name, source: kept(text) }),
  replaceText: (given, index, name, text) => given.documents.splice(index, 1, { name, source: kept(text) }),
  remove: (given, index) => given.documents.splice(index, 1),
  clear: (given) => Object.assign(given, nothing(given.asOf, given.policy)),
  setAsOf: (given, day) => Object.assign(given, { asOf: day }),
  setDateOrder: (given, order) => Object.assign(given, { dateOrder: order }),
  setPolicy: (given, policy) => Object.assign(given, { policy }),
  supplement: stated('supplement'),
  supplementLacking: stated('supplementLacking'),
  answer: (given, key, value) => put(given.answers, key, value),
};

/**
 * @typedef {object} Engine
 * @property {(method: string, ...args: unknown[]) => Promise<any>} ask one call of the checker; `open` takes a Blob
 * @property {(method: string, say: (percent: number) => string) => Promise<Blob[]>} parts every opportunity by a
 *   method that makes texts, in parts, none of them large; `say` tells how far it is
 * @property {(say: (percent: number) => string) => Promise<(string | Blob)[]>} report the whole report as JSON, likewise
 * @property {<T>(say: (percent: number) => string, work: (tell: (share: number) => void) => Promise<T>) => Promise<T>} work
 *   something that takes many calls; `tell` is told how much of it is done, and throws when it is no longer wanted
 * @property {() => Given} given what was given, to be given back to `restore`
 * @property {(given: Given) => Promise<string[]>} restore gives this in the place of what is there; hands back the names
 *   of what could not be read again
 * @property {() => void} cancel ends what is being done
 */

/**
 * @typedef {object} Listener
 * @property {(busy: { text: string, canCancel: boolean } | null) => void} onBusy what is being done when it takes long;
 *   null when nothing is
 * @property {(why: 'cancelled' | 'tooMuch', lost: string[]) => void} onRestart a new checker has taken over and knows
 *   what the last one had judged before; `lost` names what could not be read again
 */

/**
 * Starts the checker.
 * @param {string} asOf an ISO day
 * @param {Listener} listener
 * @returns {Promise<Engine>}
 */
export const startEngine = async (asOf, { onBusy, onRestart }) => {
  /** @typedef {{ method: string, args: any[], resolve: (value: any) => void, reject: (error: Error) => void }} Call */
  /** @type {Map<number, Call>} */
  const waiting = new Map();
  let last = 0;
  let given = nothing(asOf, undefined);
  /** What was given when everything was last judged. */
  let judged = copyOf(given);
  let hasChanged = false;
  let records = 0;
  /** Calls go one after the other: a file has to be read before it can be handed over. */
  let line = Promise.resolve();
  /** Whether what was given is being given again: who asks meanwhile waits for it. */
  let isGiving = false;
  /** How often in a row a checker was stopped before it had judged anything. */
  let stops = 0;
  /** @type {{ text: string, isWanted: boolean } | null} */
  let task = null;

  // What is being done

  let since = 0;
  let ending = 0;
  let timers = [];
  const doing = () => {
    const [call] = waiting.values();
    if (isGiving || task !== null) {
      return isGiving ? PROGRESS.again : task.text;
    }
    if (call?.method === 'open' || call?.method === 'openText') {
      const [name, source] = call.args;
      return PROGRESS.open(name, source.size ?? source.length);
    }
    return call?.method === 'summary' ? PROGRESS.judge(records) : PROGRESS.other;
  };
  const tell = () => {
    const waited = performance.now() - since;
    if (since > 0 && waited >= TELL_MS - 1) {
      const canCancel = !isGiving && (task !== null || hasChanged);
      onBusy({ text: doing(), canCancel: canCancel && waited >= CANCEL_MS - 1 });
    }
  };
  const begin = () => {
    clearTimeout(ending);
    if (since === 0) {
      since = performance.now();
      timers = [setTimeout(tell, TELL_MS), setTimeout(tell, CANCEL_MS)];
    }
    tell();
  };
  const end = () => {
    timers.forEach((timer) => clearTimeout(timer));
    since = 0;
    onBusy(null);
  };
  const settle = () => {
    clearTimeout(ending);
    if (waiting.size === 0 && task === null && !isGiving) {
      ending = setTimeout(end, BETWEEN_MS);
    } else {
      tell();
    }
  };

  // One call

  /** @type {any} */
  let worker;
  const hear = ({ data: { id, value, error, isTrap } }) => {
    const call = waiting.get(id);
    if (isTrap && call !== undefined) {
      stop('tooMuch');
      return;
    }
    waiting.delete(id);
    if (error === undefined) {
      call?.resolve(value);
    } else {
      call?.reject(new Error(error));
    }
    settle();
  };
  const connect = (candidate) => {
    worker = candidate;
    worker.onmessage = hear;
  };

  /** Hands a call over as soon as what it is about has been read. */
  const send = (method, ...args) =>
    new Promise((resolve, reject) => {
      last += 1;
      const id = last;
      waiting.set(id, { method, args, resolve, reject });
      begin();
      const post = async () => {
        if (!waiting.has(id)) {
          return;
        }
        if (!(args[1] instanceof Blob)) {
          worker.postMessage({ id, method, args });
          return;
        }
        try {
          const bytes = new Uint8Array(await args[1].arrayBuffer());
          if (waiting.has(id)) {
            worker.postMessage({ id, method: 'open', args: [args[0], bytes] }, [bytes.buffer]);
          }
        } catch {
          waiting.delete(id);
          settle();
          reject(new Error(PROGRESS.unreadable(args[0])));
        }
      };
      line = line.then(post);
    });

  let giving = Promise.resolve();
  const ask = async (method, ...args) => {
    while (isGiving) {
      await giving;
    }
    if (method === 'summary' && hasChanged) {
      records = await send('records');
    }
    const answer = await send(method, ...args);
    if (method in CHANGES) {
      CHANGES[method](given, ...args);
      hasChanged = true;
    } else if (method === 'summary') {
      judged = copyOf(given);
      hasChanged = false;
      stops = 0;
    }
    return answer;
  };

  // Giving everything again

  const start = async () => {
    try {
      connect(startWorker());
      await new Promise((resolve, reject) => {
        worker.onerror = () => reject(new Error());
        send('start', MODULE, given.asOf).then(resolve, reject);
      });
      worker.onerror = () => stop('tooMuch');
    } catch (error) {
      if (error instanceof Cancelled) {
        throw error;
      }
      waiting.clear();
      connect(standIn());
      await send('start', MODULE, given.asOf);
    }
  };
  /** @param {Given} wanted */
  const give = async (wanted) => {
    const lost = [];
    given = nothing(wanted.asOf, wanted.policy);
    await send('clear');
    await send('setAsOf', wanted.asOf);
    await send('setPolicy', wanted.policy);
    await send('setDateOrder', wanted.dateOrder);
    for (const { name, source } of wanted.documents) {
      try {
        await send(source instanceof Blob ? 'open' : 'openText', name, source);
        given.documents.push({ name, source });
      } catch (error) {
        if (error instanceof Cancelled) {
          throw error;
        }
        lost.push(name);
      }
    }
    for (const { method, args } of wanted.statements.values()) {
      await send(method, ...args);
    }
    for (const [question, value] of wanted.answers) {
      await send('answer', question, value);
    }
    given = { ...copyOf(wanted), documents: given.documents };
    return lost;
  };

  /**
   * Ends this checker and lets a new one take over. It is given what was last judged; where that is too much as well,
   * less from one attempt to the next.
   * @param {'cancelled' | 'tooMuch'} why
   */
  const stop = (why) => {
    const calls = [...waiting.values()];
    waiting.clear();
    worker.terminate();
    task = null;
    line = Promise.resolve();
    stops += 1;
    judged.documents.splice(Math.max(0, judged.documents.length + 1 - stops));
    if (stops > STOPS_MAX) {
      isGiving = false;
      settle();
      calls.forEach((call) => call.reject(new Error(PROGRESS.stopped)));
      return;
    }
    isGiving = true;
    begin();
    giving = start()
      .then(() => give(judged))
      .then((lost) => {
        isGiving = false;
        hasChanged = false;
        settle();
        onRestart(why, lost);
      })
      // Stopped again: another attempt is on its way.
      .catch(() => {});
    calls.forEach((call) => call.reject(new Cancelled()));
  };

  await start();

  const work = async (say, steps) => {
    const mine = { text: say(0), isWanted: true };
    task = mine;
    begin();
    try {
      return await steps((share) => {
        if (!mine.isWanted || task !== mine) {
          throw new Cancelled();
        }
        mine.text = say(Math.floor(share * 10) * 10);
        tell();
      });
    } finally {
      task = task === mine ? null : task;
      settle();
    }
  };
  /** @param {(part: any, from: number) => string} textOf */
  const inParts = (method, size, say, textOf) =>
    work(say, async (toldShare) => {
      const count = await ask('count');
      /** What is done is kept where the browser keeps files. @type {Blob[]} */
      const found = [];
      let bytes = 0;
      for (let from = 0; from === 0 || from < count; from += size) {
        const part = new Blob([textOf(await ask(method, from, size), from)]);
        bytes += part.size;
        if (bytes > FILE_BYTES_MAX) {
          throw new Error(PROGRESS.tooLarge(FILE_BYTES_MAX));
        }
        found.push(part);
        toldShare(Math.min(1, (from + size) / count));
      }
      return found;
    });
  const parts = (method, say) => inParts(method, PART, say, (part) => part);
  const report = async (say) => {
    const summary = JSON.stringify(await ask('summary'));
    // Each part is an array; the report has one.
    const inner = (part, from) => (from === 0 ? '' : ',') + JSON.stringify(part).slice(1, -1);
    const opportunities = await inParts('opportunities', PART_REPORTS, say, inner);
    return [`${summary.slice(0, -1)},"opportunities":[`, ...opportunities, ']}'];
  };
  const restore = async (wanted) => {
    hasChanged = true;
    isGiving = true;
    const gives = give(wanted);
    giving = gives.then(
      () => {},
      () => {},
    );
    const lost = await gives;
    isGiving = false;
    settle();
    return lost;
  };
  const cancel = () => {
    if (task !== null) {
      task.isWanted = false;
    } else {
      stop('cancelled');
    }
  };
  return { ask, parts, report, work, given: () => copyOf(given), restore, cancel };
};
