// What happens when: the state of the page, and what each event does to it.

import { SAMPLES, sampleFiles } from './samples.js';
import { BYTES_MAX, startEngine } from './engine.js';
import { NOTES, sayCount } from './words.js';
import { NOTES_BYTES_MAX, isNotes, readNotes, writeNotes } from './notes.js';
import { announce, byId, copy, download, showBusy } from './view/dom.js';
import {
  PREVIEW_LINES,
  asGiven,
  drawDocuments,
  drawPolicy,
  drawSamples,
  selectLines,
  selectText,
  showText,
} from './view/input.js';
import { drawProblems } from './view/portfolio.js';
import { drawSorts } from './view/list.js';
import { listen } from './view/events.js';
import { drawOpportunity } from './view/opportunity.js';
import { drawCaret } from './view/caret.js';
import { drawPartner } from './view/partner.js';
import { freshQuery, startAcross } from './across.js';

/** @import { Engine } from './engine.js' */
/** @import { DocumentReport, OpportunityReport, Summary } from './report.js' */
/** @import { Statement } from './view/facts.js' */
/** @import { Answer } from './view/shared.js' */

/** More lines than any text has. */
const EVERY_LINE = 2 ** 31;
const TYPED_NAME = 'Pasted text';

const today = () => new Date().toISOString().slice(0, 10);

/** Everything that the page remembers; nothing of it outlives the tab. */
const state = {
  asOf: today(),
  /** @type {DocumentReport[]} as last reported */
  documents: [],
  /** The index of the document in the box; null when the box is for a new one. */
  shown: null,
  /** The first line in the box when it shows a part. */
  shownFrom: 1,
  query: freshQuery(),
  /** The opened opportunity. */
  key: null,
  /** @type {OpportunityReport | null} what was found of it */
  report: null,
  /** @type {Statement[]} */
  statements: [],
  /** @type {Map<string, Answer>} what was stated of those that lack a fact */
  shared: new Map(),
  /** @type {Map<string, string>} the partner's answers about itself */
  answers: new Map(),
  hasOwnPolicy: false,
  /** Counts judgements, so that a late answer to an early question is dropped. */
  round: 0,
  pasted: 0,
};

/** @type {Engine} */
let engine;

/** Runs what an event asks for; what goes wrong is said, not swallowed. */
const act =
  (work) =>
  async (...args) => {
    try {
      await work(...args);
    } catch (error) {
      announce(error.message);
    }
  };

// Judging and drawing

/** The dates are ambiguous when a close date cannot be told: asked of one opportunity whose close date is not known. */
const hasAmbiguousDates = async (summary) => {
  if (!(summary.portfolio.rules.POD005?.unknown > 0)) {
    return false;
  }
  const page = await engine.ask('rows', JSON.stringify({ limit: 1, rule: 'POD005', outcome: 'unknown' }));
  const report = page.rows.length > 0 && (await engine.ask('opportunity', page.rows[0].key));
  return Boolean(report) && Object.values(report.facts).some((fact) => fact.unknown === 'ambiguous');
};

const drawDetail = async (summary, round) => {
  const isAlone = summary.portfolio.opportunities === 1;
  if (isAlone) {
    const only = await engine.ask('rows', JSON.stringify({ limit: 1 }));
    state.key = only.rows[0]?.key ?? null;
  }
  const report = state.key === null ? null : await engine.ask('opportunity', state.key);
  if (round !== state.round) {
    return;
  }
  state.key = report?.key ?? null;
  state.report = report ?? null;
  drawOpportunity(state.report, {
    asOf: state.asOf,
    documents: state.documents,
    statements: state.statements,
    isAlone,
    ...opportunityListener,
  });
  drawCaretFacts();
  across.drawAround(isAlone);
};

/** @type {Summary} */
let summary;
/** What the partner can be asked about itself. */
let asked;

/** Asks for everything again and draws it. */
const judge = async () => {
  state.round += 1;
  const { round } = state;
  const fresh = await engine.ask('summary');
  if (round !== state.round) {
    return;
  }
  summary = fresh;
  state.documents = summary.documents;
  const count = summary.portfolio.opportunities;
  const isEmpty = summary.documents.length === 0;
  document.body.classList.toggle('empty', isEmpty);
  byId('found').hidden = isEmpty;
  byId('exports').hidden = count === 0;
  byId('samples').hidden = !isEmpty;
  const isDrawn = across.draw(summary, round);
  drawDocuments(summary.documents, state.shown, documentListener);
  drawProblems(summary.problems, showPlace);
  await isDrawn;
  // Folded, and so not waited for.
  drawPolicy(summary.policy, summary.ruleset, state.hasOwnPolicy);
  drawPartner(asked, summary.partner, state.answers, partnerListener);
  await drawDetail(summary, round);
  if (await hasAmbiguousDates(summary)) {
    byId('date-order').hidden = false;
  }
  announce(verdictLine(count), true);
  if (count > 1) {
    await across.drawDue(round);
  }
};

const verdictLine = (count) => {
  if (state.documents.length === 0) {
    return '';
  }
  if (count === 0) {
    return byId('portfolio').textContent;
  }
  const headline = state.report?.headline;
  return headline ?? `${sayCount(count, ['opportunity', 'opportunities'])} judged.`;
};

// The documents and the box

const refuseLarge = (size) => {
  if (size > BYTES_MAX) {
    throw new Error(
      `That is ${Math.round(size / 1_048_576)} MB. This page reads up to ${BYTES_MAX / 1_048_576} MB; give it a part.`,
    );
  }
};

/** Shows a document in the box: all of it, or the part around a line. */
const showDocument = async (index, aroundLine = 1) => {
  const name = state.documents[index]?.name ?? null;
  const whole = await engine.ask('preview', index, 1, EVERY_LINE);
  if (whole === null) {
    return;
  }
  state.shown = index;
  const isSheet = /\.xlsx?$/i.test(name ?? '');
  if (whole.isWhole) {
    state.shownFrom = 1;
    showText(whole.text, name, isSheet ? 'The cells of the workbook, as text.' : null);
  } else {
    const from = Math.max(1, aroundLine - 20);
    const part = await engine.ask('preview', index, from, PREVIEW_LINES);
    state.shownFrom = from;
    const last = Math.min(from + PREVIEW_LINES - 1, part.totalLines);
    showText(
      part.text,
      name,
      `Lines ${from.toLocaleString('en')} to ${last.toLocaleString('en')} of ${part.totalLines.toLocaleString('en')}. All of them are judged; only these are shown.`,
    );
  }
};

const showNothing = () => {
  state.shown = null;
  showText('', null, null);
};

const addTexts = async (texts) => {
  if (texts.length === 1 && isNotes(texts[0].text)) {
    await restore(texts[0].text);
    return;
  }
  for (const { name, text } of texts) {
    refuseLarge(text.length);
    await engine.ask('openText', name, text);
  }
  await afterAdding();
};

/** Of what was added, the box shows what the opportunities stand in. */
const afterAdding = async () => {
  const first = state.documents.length;
  state.key = null;
  state.query.from = 0;
  await judge();
  const isAboutDeals = ({ index, kind }) => index >= first && (kind === 'opportunities' || kind === 'facts');
  await showDocument(state.documents.find(isAboutDeals)?.index ?? first);
  drawDocuments(state.documents, state.shown, documentListener);
};

const addFiles = act(async (files) => {
  const notes = [];
  for (const file of files) {
    refuseLarge(file.size);
    if (file.size <= NOTES_BYTES_MAX && isNotes(await file.slice(0, 200).text())) {
      notes.push(file);
    } else {
      await engine.ask('open', file.name, new Uint8Array(await file.arrayBuffer()));
    }
  }
  if (files.length > notes.length) {
    await afterAdding();
  }
  for (const file of notes) {
    await restore(await file.text());
  }
});

const pasteName = () => {
  state.pasted += 1;
  return state.pasted === 1 ? TYPED_NAME : `${TYPED_NAME} ${state.pasted}`;
};

/** The text in the box was changed. */
const edit = act(async () => {
  const text = byId('paste').value;
  const isBlank = text.trim() === '';
  if (state.shown === null) {
    if (isBlank) {
      return;
    }
    state.shown = state.documents.length;
    await engine.ask('openText', pasteName(), text);
  } else if (isBlank) {
    await engine.ask('remove', state.shown);
    state.shown = null;
  } else {
    await engine.ask('replaceText', state.shown, state.documents[state.shown]?.name ?? TYPED_NAME, text);
  }
  await judge();
});

const removeDocument = act(async (index) => {
  await engine.ask('remove', index);
  const wasShown = state.shown === index;
  if (state.shown !== null && state.shown > index) {
    state.shown -= 1;
  }
  await judge();
  if (wasShown) {
    showNothing();
  }
  announce('Removed.');
});

const documentListener = {
  onShow: act(async (index) => {
    await showDocument(index);
    drawDocuments(state.documents, state.shown, documentListener);
  }),
  onRemove: removeDocument,
  onPlace: (place) => showPlace(place),
};

/** Shows a place of a document in the box. */
const showPlace = act(async (place) => {
  const isPart = state.shown !== place.document || byId('paste').readOnly;
  if (isPart) {
    await showDocument(place.document, place.line);
    drawDocuments(state.documents, state.shown, documentListener);
  }
  if (place.start !== null && state.shownFrom === 1 && !byId('paste').readOnly) {
    selectText(place.start, place.end);
  } else {
    selectLines(place, state.shownFrom);
  }
});

/** Shows what of the opened opportunity rests on the place in the box where the caret stands. */
const drawCaretFacts = () => {
  const box = byId('paste');
  const before = box.value.slice(0, box.selectionStart).split('\n');
  const isWhole = state.shownFrom === 1 && !box.readOnly;
  drawCaret(
    state.report,
    state.shown === null
      ? null
      : {
          document: state.shown,
          offset: isWhole ? asGiven(box.selectionStart) : null,
          line: state.shownFrom + before.length - 1,
          column: before.at(-1).length + 1,
        },
  );
};

// The list and one opportunity

const openOpportunity = act(async (key, isStep = false) => {
  across.beforeOpening();
  state.key = key;
  await drawDetail(summary, state.round);
  across.opened(isStep);
});

const closeOpportunity = act(async () => {
  const { key } = state;
  if (key !== null && summary.portfolio.opportunities > 1) {
    state.key = null;
    await drawDetail(summary, state.round);
    across.closed(key);
  }
});

const opportunityListener = {
  onPlace: (place) => showPlace(place),
  onExplain: (rule) => engine.ask('explain', rule),
  onState: act(async (facts, isForAll) => {
    const key = isForAll ? null : state.key;
    for (const [fact, value] of facts) {
      await sayOf([key], fact, value);
    }
    await judge();
  }),
  onTry: (facts) => engine.ask('tryOut', state.key, JSON.stringify(facts)),
  onTakeBack: (group) => takeBack(group),
};

// What the user states

/** States a fact of these opportunities; without a value, takes it back. */
const sayOf = async (keys, fact, value) => {
  await Promise.all(keys.map((key) => engine.ask('supplement', key ?? undefined, fact, value)));
  const about = new Set(keys);
  state.statements = state.statements.filter((said) => said.fact !== fact || !about.has(said.key));
  if (value !== undefined) {
    state.statements.push(...keys.map((key) => ({ key, fact, value })));
  }
};

const takeBack = act(async (group) => {
  for (const [fact, said] of Object.entries(Object.groupBy(group, (each) => each.fact))) {
    await sayOf(
      said.map(({ key }) => key),
      fact,
      undefined,
    );
  }
  await judge();
});

const answerOf = async (key, value) => {
  await engine.ask('answer', key, value);
  if (value === undefined) {
    state.answers.delete(key);
  } else {
    state.answers.set(key, value);
  }
};

const saveNotes = act(() =>
  download(NOTES.file(state.asOf), 'application/json', [
    writeNotes(state.answers, state.statements, state.shared),
  ]),
);

/** Answers and states again what a file of saved answers says. */
const restore = async (text) => {
  const { answers, statements } = readNotes(text);
  for (const [key, value] of answers) {
    await answerOf(key, value);
  }
  for (const { fact, value } of statements.filter((said) => said.lacking === true)) {
    await across.sayLacking(fact, value);
  }
  const others = statements.filter((said) => said.lacking !== true);
  for (const said of Object.values(Object.groupBy(others, ({ fact, value }) => `${fact}\n${value}`))) {
    await sayOf(
      said.map(({ key }) => key),
      said[0].fact,
      said[0].value,
    );
  }
  await judge();
  announce(NOTES.restored(answers.length, statements.length));
};

const partnerListener = {
  onAnswer: act(async (key, value) => {
    await answerOf(key, value);
    await judge();
  }),
  onExplain: (rule) => engine.ask('explain', rule),
  onSave: saveNotes,
};

// Events

const handlers = {
  onTyped: edit,
  onCaret: drawCaretFacts,
  onText: act(async (text) => addTexts([{ name: pasteName(), text }])),
  onFiles: addFiles,
  onSample: act(async (sample) => addTexts(sampleFiles(sample, state.asOf))),
  onNew: () => {
    showNothing();
    drawDocuments(state.documents, null, documentListener);
    byId('paste').focus();
  },
  onClear: act(async () => {
    await engine.ask('clear');
    Object.assign(state, {
      key: null,
      statements: [],
      shared: new Map(),
      answers: new Map(),
      query: freshQuery(),
      pasted: 0,
    });
    across.reset();
    byId('date-order').hidden = true;
    byId('date-order').querySelector('[value=""]').checked = true;
    showNothing();
    await judge();
    byId('paste').focus();
    announce('Everything was forgotten.');
  }),
  onAsOf: act(async (day) => {
    state.asOf = day || today();
    byId('as-of').value = state.asOf;
    await engine.ask('setAsOf', state.asOf);
    await judge();
  }),
  onDateOrder: act(async (order) => {
    await engine.ask('setDateOrder', order || undefined);
    await judge();
  }),
  onPolicy: act(async (file) => {
    await engine.ask('setPolicy', await file?.text());
    state.hasOwnPolicy = file !== undefined;
    await judge();
  }),
  onQuery: (change) => across.query(change),
  onCopy: act(async () => {
    await copy(await engine.ask('markdown', state.key));
    announce('Copied as Markdown.');
  }),
  onCsv: act(async () => download(`pod-check ${state.asOf}.csv`, 'text/csv', await engine.csv())),
  onJson: act(async () =>
    download(`pod-check ${state.asOf}.json`, 'application/json', await engine.report()),
  ),
};

const across = startAcross({
  ask: (method, ...args) => engine.ask(method, ...args),
  act,
  state,
  judge,
  onOpen: openOpportunity,
  onClose: closeOpportunity,
  onPlace: showPlace,
  onTakeBack: takeBack,
  onSave: saveNotes,
  onReport: handlers.onJson,
});

const begin = async () => {
  byId('as-of').value = state.asOf;
  drawSorts();
  drawSamples(SAMPLES, handlers.onSample);
  listen(handlers);
  const onStop = () =>
    announce('The checker ran out of memory and was stopped. Reload the page and give it less at once.');
  try {
    engine = await startEngine(state.asOf, {
      onBusy: (isBusy) => showBusy(isBusy ? 'Checking…' : ''),
      onStop,
    });
    asked = await engine.ask('questions');
    await judge();
    document.body.dataset.ready = 'yes';
    byId('paste').focus({ preventScroll: true });
  } catch (error) {
    announce(
      `This browser cannot run the checker: ${error.message} A current Chrome, Edge, Firefox or Safari can.`,
    );
  }
};

begin();
