// What happens when: the state of the page, and what each event does to it.

import { SAMPLES, SAMPLE_PREFIX, sampleFiles } from './samples.js';
import { BYTES_MAX, Cancelled, startEngine } from './engine.js';
import { FRAME, GIVEN, LANG, PROGRESS, SHARED_STATEMENTS, sayCount } from './words.js';
import { announce, byId, fillWords, showBusy } from './view/dom.js';
import {
  PREVIEW_LINES,
  drawDocuments,
  drawLayout,
  drawNotice,
  drawPolicy,
  drawSettings,
  drawWelcome,
  selectLines,
  selectText,
  showText,
} from './view/input.js';
import { drawPortfolio, drawProblems } from './view/portfolio.js';
import { PAGE_ROWS, drawList, drawSorts } from './view/list.js';
import { drawShared } from './view/complete.js';
import { drawTakes } from './view/take.js';
import { listen } from './view/events.js';
import { drawOpportunity } from './view/opportunity.js';
import { drawPartner } from './view/partner.js';
import { startTaking } from './taking.js';

/** @import { Engine, Given } from './engine.js' */
/** @import { DocumentReport, Query, Summary } from './report.js' */
/** @import { Statement } from './view/complete.js' */
/** @import { Takes } from './view/take.js' */

/** A statement is a message to the checker; more at once would keep the page waiting. */
const STATED_AT_ONCE_MAX = 2_000;
/** More lines than any text has. */
const EVERY_LINE = 2 ** 31;

/** The day where the reader is. */
const today = () => {
  const now = new Date();
  return new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())).toISOString().slice(0, 10);
};
/** @returns {Query} */
const freshQuery = () => ({
  from: 0,
  limit: PAGE_ROWS,
  verdicts: [],
  submission: [],
  upkeep: [],
  rule: '',
  outcome: '',
  metric: '',
  counted: '',
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
  /** Whether the text of a portfolio is shown; that of one opportunity always is. */
  isTextOpen: false,
  /** What the box was opened from, to go back to. @type {HTMLElement | null} */
  opener: null,
  dateOrder: '',
  query: freshQuery(),
  /** The opened opportunity. */
  key: null,
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
/** @type {Takes} */
let takes;

/** Runs what an event asks for; what goes wrong is said, not swallowed. */
const act =
  (work) =>
  async (...args) => {
    try {
      await work(...args);
    } catch (error) {
      if (!(error instanceof Cancelled)) {
        announce(error.message);
      }
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

const detailContext = (isAlone) => ({
  asOf: state.asOf,
  documents: state.documents,
  statements: state.statements,
  isAlone,
  ...opportunityListener,
});

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
  drawOpportunity(report ?? null, detailContext(isAlone));
  drawTakes(state.key, summary.portfolio.opportunities, takes);
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
  byId('found').hidden = isEmpty;
  layOut();
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
  drawSettings({ ...state, today: today(), isAmbiguous: await hasAmbiguousDates(summary) });
  announce(verdictLine(count), true);
};

const layOut = () => {
  const isMany = summary.portfolio.opportunities > 1;
  const hadFocus = document.activeElement?.closest('#text') !== null;
  drawLayout({ isEmpty: state.documents.length === 0, isMany, isTextOpen: state.isTextOpen });
  byId('back-to-result').hidden = state.opener === null;
  if (hadFocus && isMany && !state.isTextOpen) {
    byId('found-title').focus({ preventScroll: true });
  }
};

const verdictLine = (count) => {
  if (state.documents.length === 0) {
    return '';
  }
  if (count === 0) {
    return byId('portfolio').textContent;
  }
  const headline = count === 1 ? document.querySelector('.headline')?.textContent : null;
  return headline ?? GIVEN.judged(count);
};

// The documents and the box

const refuseLarge = (size) => {
  if (size > BYTES_MAX) {
    throw new Error(GIVEN.tooLarge(size, BYTES_MAX));
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
    showText(whole.text, name, isSheet ? GIVEN.cells : null);
  } else {
    const from = Math.max(1, aroundLine - 20);
    const part = await engine.ask('preview', index, from, PREVIEW_LINES);
    state.shownFrom = from;
    const last = Math.min(from + PREVIEW_LINES - 1, part.totalLines);
    showText(part.text, name, GIVEN.part(from, last, part.totalLines));
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
  Object.assign(state, { key: null, opener: null, isTextOpen: false });
  state.query.from = 0;
  noticeNothing();
  await judge();
  if (summary.portfolio.opportunities > 1) {
    showNothing();
  } else {
    const isAboutDeals = ({ index, kind }) =>
      index >= first && (kind === 'opportunities' || kind === 'facts');
    await showDocument(state.documents.find(isAboutDeals)?.index ?? first);
  }
  drawDocuments(state.documents, state.shown, documentListener);
  if (state.documents.every(({ name }) => name.startsWith(SAMPLE_PREFIX))) {
    drawNotice({ text: GIVEN.example, button: GIVEN.leaveExample, onPress: startOver });
  }
};

const addFiles = act(async (files) => {
  for (const file of files) {
    refuseLarge(file.size);
    await engine.ask('open', file.name, file);
  }
  if (files.length > 0) {
    await afterAdding();
  }
});

const pasteName = () => {
  state.pasted += 1;
  return state.pasted === 1 ? GIVEN.pasted : `${GIVEN.pasted} ${state.pasted}`;
};

/** The text in the box was changed: pasted, or typed. */
const edit = act(async (isPaste) => {
  const text = byId('paste').value;
  const isBlank = text.trim() === '';
  if (state.shown === null && isBlank) {
    return;
  }
  noticeNothing();
  state.isTextOpen = !isPaste;
  if (state.shown === null) {
    state.shown = state.documents.length;
    await engine.ask('openText', pasteName(), text);
  } else if (isBlank) {
    await engine.ask('remove', state.shown);
    state.shown = null;
  } else {
    await engine.ask('replaceText', state.shown, state.documents[state.shown]?.name ?? GIVEN.pasted, text);
  }
  await judge();
});

// Taking back

const noticeNothing = () => drawNotice(null);

/**
 * Says what was done, and offers to give everything back as it was before.
 * @param {string} text
 * @param {Given} before
 */
const offerUndo = (text, before) => {
  const undo = act(async () => {
    const lost = await engine.restore(before);
    takeOver();
    await judge();
    await showFirst();
    byId('found-title').focus({ preventScroll: true });
    announce(lost.length > 0 ? PROGRESS.lost(lost) : GIVEN.undone);
  });
  drawNotice({ text, button: GIVEN.undo, onPress: undo });
  byId('notice').querySelector('button').focus();
  announce(text, true);
};

/** The checker knows what it was given; what the page remembers of it follows. */
const takeOver = () => {
  const given = engine.given();
  const statements = [...given.statements.values()]
    .filter(({ method }) => method === 'supplement')
    .map(({ args: [key, fact, value] }) => ({ key: key ?? null, fact, value }));
  Object.assign(state, {
    asOf: given.asOf,
    dateOrder: given.dateOrder ?? '',
    hasOwnPolicy: given.policy !== undefined,
    statements,
    answers: new Map(given.answers),
    opener: null,
  });
  showNothing();
  noticeNothing();
};

/** The box beside one opportunity is never empty. */
const showFirst = async () => {
  if (state.shown === null && state.documents.length > 0 && summary.portfolio.opportunities <= 1) {
    await showDocument(0);
    drawDocuments(state.documents, state.shown, documentListener);
  }
};

const removeDocument = act(async (index) => {
  const before = engine.given();
  const { name } = state.documents[index];
  await engine.ask('remove', index);
  const wasShown = state.shown === index;
  if (state.shown !== null && state.shown > index) {
    state.shown -= 1;
  }
  if (wasShown) {
    showNothing();
  }
  await judge();
  await showFirst();
  offerUndo(GIVEN.removed(name), before);
});

const startOver = act(async () => {
  const before = engine.given();
  const wasExample = state.documents.every(({ name }) => name.startsWith(SAMPLE_PREFIX));
  await engine.ask('clear');
  Object.assign(state, { key: null, query: freshQuery(), pasted: 0, isTextOpen: false });
  byId('search').value = '';
  takeOver();
  await judge();
  if (wasExample) {
    byId('paste').focus();
  } else {
    offerUndo(GIVEN.cleared, before);
  }
});

// The box

const openText = () => {
  state.isTextOpen = true;
  layOut();
};

const toggleText = act(async () => {
  state.isTextOpen = !state.isTextOpen;
  state.opener = null;
  if (state.isTextOpen && state.shown === null && state.documents.length > 0) {
    await showDocument(0);
    drawDocuments(state.documents, state.shown, documentListener);
  }
  layOut();
  byId(state.isTextOpen ? 'paste' : 'toggle-text').focus();
});

const documentListener = {
  onShow: act(async (index) => {
    await showDocument(index);
    drawDocuments(state.documents, state.shown, documentListener);
    openText();
    byId('paste').focus();
  }),
  onRemove: removeDocument,
  onPlace: (place) => showPlace(place),
};

/** Shows a place of a document in the box. */
const showPlace = act(async (place) => {
  state.opener = /** @type {HTMLElement} */ (document.activeElement);
  const isPart = state.shown !== place.document || byId('paste').readOnly;
  if (isPart) {
    await showDocument(place.document, place.line);
    drawDocuments(state.documents, state.shown, documentListener);
  }
  openText();
  if (place.start !== null && state.shownFrom === 1 && !byId('paste').readOnly) {
    selectText(place.start, place.end);
  } else {
    selectLines(place, state.shownFrom);
  }
});

/** Back from a place in the box to what it was opened from. */
const backToResult = () => {
  const opener = state.opener?.isConnected ? state.opener : byId('found-title');
  state.opener = null;
  layOut();
  opener.scrollIntoView({ block: 'center' });
  opener.focus({ preventScroll: true });
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
  onText: act(async (text) => addTexts([{ name: pasteName(), text }])),
  onFiles: addFiles,
  onSample: act(async (sample) => addTexts(sampleFiles(sample, state.asOf))),
  onNew: () => {
    showNothing();
    drawDocuments(state.documents, null, documentListener);
    state.opener = null;
    openText();
    byId('paste').focus();
  },
  onToggleText: toggleText,
  onBackToResult: backToResult,
  onClear: startOver,
  onCancel: () => engine.cancel(),
  onAsOf: act(async (day) => {
    state.asOf = day || today();
    await engine.ask('setAsOf', state.asOf);
    await judge();
  }),
  onDateOrder: act(async (order) => {
    state.dateOrder = order;
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
};

const begin = async () => {
  fillWords(FRAME, LANG);
  drawWelcome(SAMPLES, handlers.onSample);
  drawSettings({ ...state, today: today(), isAmbiguous: false });
  showNothing();
  drawSorts();
  drawLayout({ isEmpty: true, isMany: false, isTextOpen: false });
  document.body.classList.remove('starting');
  listen(handlers);
  try {
    engine = await startEngine(state.asOf, { onBusy: showBusy, onRestart });
    const look = () => ({
      summary,
      context: detailContext(summary.portfolio.opportunities === 1),
      isOwnPolicy: state.hasOwnPolicy,
    });
    takes = startTaking(engine, look, act);
    asked = await engine.ask('questions');
    await judge();
    document.body.dataset.ready = 'yes';
    byId('paste').focus({ preventScroll: true });
  } catch (error) {
    announce(PROGRESS.noBrowser(error.message));
  }
};

/** Another checker has taken over. */
const onRestart = act(async (why, lost) => {
  takeOver();
  await judge();
  await showFirst();
  announce(lost.length > 0 ? `${PROGRESS[why]} ${PROGRESS.lost(lost)}` : PROGRESS[why]);
});

begin();
