// What happens when: the state of the page, and what each event does to it.

import { SAMPLES, sampleFiles } from './samples.js';
import { BYTES_MAX, startEngine } from './engine.js';
import { SHARED_STATEMENTS, sayCount } from './words.js';
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
import { drawPortfolio, drawProblems } from './view/portfolio.js';
import { PAGE_ROWS, drawList, drawSorts } from './view/list.js';
import { drawShared } from './view/complete.js';
import { listen } from './view/events.js';
import { drawOpportunity } from './view/opportunity.js';
import { drawCaret } from './view/caret.js';
import { drawPartner } from './view/partner.js';

/** @import { Engine } from './engine.js' */
/** @import { DocumentReport, OpportunityReport, Query, Summary } from './report.js' */
/** @import { Statement } from './view/complete.js' */

/** A statement is a message to the checker; more at once would keep the page waiting. */
const STATED_AT_ONCE_MAX = 2_000;
/** More lines than any text has. */
const EVERY_LINE = 2 ** 31;
const TYPED_NAME = 'Pasted text';

const today = () => new Date().toISOString().slice(0, 10);
/** @returns {Query} */
const freshQuery = () => ({
  from: 0,
  limit: PAGE_ROWS,
  verdicts: [],
  submission: [],
  upkeep: [],
  rule: '',
  outcome: '',
  search: '',
  sort: 'urgent',
  descending: false,
});

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
  byId('portfolio').hidden = state.key !== null && !isAlone;
  byId('shared').hidden = state.key !== null;
  byId('listing').hidden = state.key !== null || isAlone || summary.portfolio.opportunities === 0;
};

const drawRows = async (round) => {
  const page = await engine.ask('rows', JSON.stringify(state.query));
  if (round === state.round) {
    drawList(page, state.asOf, {
      onOpen: openOpportunity,
      onPage: act(async (from) => {
        state.query.from = from;
        await drawRows(state.round);
        byId('list').scrollIntoView();
      }),
    });
  }
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
  drawDocuments(summary.documents, state.shown, documentListener);
  drawPolicy(summary.policy, summary.ruleset, state.hasOwnPolicy);
  drawProblems(summary.problems, showPlace);
  drawPortfolio(summary, state.query, { onFilter: filter, onOpen: openOpportunity, onPlace: showPlace });
  drawShared(summary.portfolio, state.statements, statementListener);
  drawPartner(asked, summary.partner, state.answers, partnerListener);
  if (count > 1) {
    await drawRows(round);
  }
  await drawDetail(summary, round);
  if (await hasAmbiguousDates(summary)) {
    byId('date-order').hidden = false;
  }
  announce(verdictLine(count), true);
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
  for (const file of files) {
    refuseLarge(file.size);
    await engine.ask('open', file.name, new Uint8Array(await file.arrayBuffer()));
  }
  if (files.length > 0) {
    await afterAdding();
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

const filter = act(async (kind, value) => {
  const chosen = state.query[kind];
  state.query[kind] = chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value];
  state.query.from = 0;
  drawPortfolio(summary, state.query, { onFilter: filter, onOpen: openOpportunity, onPlace: showPlace });
  await drawRows(state.round);
  announce(byId('filter-note').textContent, true);
});

const openOpportunity = act(async (key) => {
  state.key = key;
  await drawDetail(summary, state.round);
  byId('opportunity-title')?.focus({ preventScroll: true });
  byId('opportunity').scrollIntoView({ block: 'start' });
});

const closeOpportunity = act(async () => {
  const { key } = state;
  state.key = null;
  await drawDetail(summary, state.round);
  const opener = key && byId('list').querySelector(`[data-focus="${CSS.escape(`open-${key}`)}"]`);
  (opener || byId('found-title')).focus();
});

const opportunityListener = {
  onBack: closeOpportunity,
  onPlace: (place) => showPlace(place),
  onExplain: (rule) => engine.ask('explain', rule),
  onState: act(async (facts, isForAll) => {
    const key = isForAll ? null : state.key;
    for (const [fact, value] of facts) {
      await say(key, fact, value);
    }
    await judge();
  }),
  onTry: (facts) => engine.ask('tryOut', state.key, JSON.stringify(facts)),
  onTakeBack: (group) => statementListener.onTakeBack(group),
};

// What the user states

const say = async (key, fact, value) => {
  await engine.ask('supplement', key ?? undefined, fact, value);
  state.statements = state.statements.filter((said) => said.key !== key || said.fact !== fact);
  if (value !== undefined) {
    state.statements.push({ key, fact, value });
  }
};

const statementListener = {
  /** States a fact for every opportunity that lacks it, and only for those: what a document says stays. */
  onStateMissing: act(async (fact, value) => {
    const lacking = { rule: SHARED_STATEMENTS[fact], outcome: 'unknown', limit: STATED_AT_ONCE_MAX };
    const page = await engine.ask('rows', JSON.stringify(lacking));
    for (const row of page.rows) {
      await say(row.key, fact, value);
    }
    await judge();
    const rest = page.total - page.rows.length;
    announce(
      `Stated for ${sayCount(page.rows.length, ['opportunity', 'opportunities'])}.${rest > 0 ? ` ${rest} more lack it: state it again.` : ''}`,
    );
  }),
  onTakeBack: act(async (group) => {
    for (const { key, fact } of group) {
      await say(key, fact, undefined);
    }
    await judge();
  }),
};

const partnerListener = {
  onAnswer: act(async (key, value) => {
    await engine.ask('answer', key, value);
    if (value === undefined) {
      state.answers.delete(key);
    } else {
      state.answers.set(key, value);
    }
    await judge();
  }),
  onExplain: (rule) => engine.ask('explain', rule),
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
    Object.assign(state, { key: null, statements: [], answers: new Map(), query: freshQuery(), pasted: 0 });
    byId('search').value = '';
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
  onQuery: act(async (change) => {
    Object.assign(state.query, change, { from: 0 });
    await drawRows(state.round);
    announce(byId('filter-note').textContent, true);
  }),
  onCopy: act(async () => {
    await copy(await engine.ask('markdown', state.key));
    announce('Copied as Markdown.');
  }),
  onCsv: act(async () => download(`pod-check ${state.asOf}.csv`, 'text/csv', await engine.csv())),
  onJson: act(async () =>
    download(`pod-check ${state.asOf}.json`, 'application/json', await engine.report()),
  ),
};

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
