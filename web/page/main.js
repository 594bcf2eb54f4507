// What happens when: the state of the page, and what each event does to it.

import { SAMPLES, SAMPLE_PREFIX, sampleFiles } from './samples.js';
import { BYTES_MAX, Cancelled, startEngine } from './engine.js';
import { FRAME, GIVEN, LANG, PROGRESS } from './words.js';
import { NOTES_BYTES_MAX, isNotes } from './notes.js';
import { announce, byId, fillWords, showBusy } from './view/dom.js';
import { drawLayout, drawNotice, drawPolicy, drawSettings, drawWelcome } from './view/input.js';
import { drawProblems } from './view/portfolio.js';
import { drawSorts } from './view/list.js';
import { drawTakes } from './view/take.js';
import { listen } from './view/events.js';
import { drawOpportunity } from './view/opportunity.js';
import { drawPartner } from './view/partner.js';
import { freshQuery, startAcross } from './across.js';
import { startBox } from './box.js';
import { startStating } from './stating.js';
import { startTaking } from './taking.js';

/** @import { Engine, Given } from './engine.js' */
/** @import { DocumentReport, OpportunityReport, Summary } from './report.js' */
/** @import { Statement } from './view/complete.js' */
/** @import { Answer } from './view/shared.js' */
/** @import { Takes } from './view/take.js' */

/** The day where the reader is. */
const today = () => {
  const now = new Date();
  return new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())).toISOString().slice(0, 10);
};

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
  state.report = report ?? null;
  drawOpportunity(state.report, detailContext(isAlone));
  box.drawCaretFacts();
  drawTakes(state.key, summary.portfolio.opportunities, takes);
  across.drawAround(isAlone);
};

/** @type {Summary} */
let summary;
/** What the partner can be asked about itself. */
let asked;

/** What is shown of what the checker was given: read from where it is kept. */
const recall = () => {
  const given = engine.given();
  const said = [...given.statements.values()];
  const ofMethod = (wanted) => said.filter(({ method }) => method === wanted);
  /** @type {[string, Answer][]} */
  const shared = ofMethod('supplementLacking').map(({ args: [fact, value] }) => [
    fact,
    { value, count: state.shared.get(fact)?.count ?? null },
  ]);
  Object.assign(state, {
    asOf: given.asOf,
    dateOrder: given.dateOrder ?? '',
    hasOwnPolicy: given.policy !== undefined,
    statements: ofMethod('supplement').map(({ args: [key, fact, value] }) => ({ key: key ?? null, fact, value })),
    shared: new Map(shared),
    answers: given.answers,
  });
};

/**
 * Asks for everything again, draws it and says what came of it.
 * @param {string} [said] instead of the verdict, when more is to be said; nothing when it is empty
 */
const judge = async (said) => {
  state.round += 1;
  const { round } = state;
  const fresh = await engine.ask('summary');
  if (round !== state.round) {
    return;
  }
  summary = fresh;
  recall();
  state.documents = summary.documents;
  const count = summary.portfolio.opportunities;
  const isEmpty = summary.documents.length === 0;
  byId('found').hidden = isEmpty;
  box.layOut();
  const isDrawn = across.draw(summary, round);
  box.drawChips();
  drawProblems(summary.problems, box.showPlace);
  await isDrawn;
  // Folded, and so not waited for.
  drawPolicy(summary.policy, summary.ruleset, state.hasOwnPolicy);
  drawPartner(asked, summary.partner, state.answers, partnerListener);
  await drawDetail(summary, round);
  drawSettings({ ...state, today: today(), isAmbiguous: await hasAmbiguousDates(summary) });
  announce(said ?? verdictLine(count), said === undefined);
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
  return state.report?.headline ?? GIVEN.judged(count);
};

// The documents and the box

const refuseLarge = (size) => {
  if (size > BYTES_MAX) {
    throw new Error(GIVEN.tooLarge(size, BYTES_MAX));
  }
};

const addTexts = async (texts) => {
  if (texts.length === 1 && isNotes(texts[0].text)) {
    await stating.restore(texts[0].text);
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
  Object.assign(state, { key: null, opener: null, isTextOpen: false });
  state.query.from = 0;
  noticeNothing();
  await judge();
  if (summary.portfolio.opportunities > 1) {
    box.showNothing();
  } else {
    await box.showDocument(box.firstAboutDeals(first));
  }
  box.drawChips();
  if (state.documents.every(({ name }) => name.startsWith(SAMPLE_PREFIX))) {
    drawNotice({ text: GIVEN.example, button: GIVEN.leaveExample, onPress: startOver });
  }
  if (document.activeElement === document.body || !document.activeElement.checkVisibility()) {
    byId('found-title').focus({ preventScroll: true });
  }
};

const addFiles = act(async (files) => {
  const notes = [];
  for (const file of files) {
    refuseLarge(file.size);
    if (file.size <= NOTES_BYTES_MAX && isNotes(await file.slice(0, 200).text())) {
      notes.push(file);
    } else {
      await engine.ask('open', file.name, file);
    }
  }
  if (files.length > notes.length) {
    await afterAdding();
  }
  for (const file of notes) {
    await stating.restore(await file.text());
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
    emptyBox();
    await judge('');
    await box.showFirst();
    byId('found-title').focus({ preventScroll: true });
    announce(lost.length > 0 ? PROGRESS.lost(lost) : GIVEN.undone);
  });
  drawNotice({ text, button: GIVEN.undo, onPress: undo });
  byId('notice').querySelector('button').focus();
  announce(text, true);
};

/** Nothing in the box belongs to what was given before. */
const emptyBox = () => {
  state.opener = null;
  box.showNothing();
  noticeNothing();
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
    box.showNothing();
  }
  await judge();
  await box.showFirst();
  offerUndo(GIVEN.removed(name), before);
});

const startOver = act(async () => {
  const before = engine.given();
  const wasExample = state.documents.every(({ name }) => name.startsWith(SAMPLE_PREFIX));
  // At once: what is typed while the checker forgets is new.
  Object.assign(state, { documents: [], key: null, query: freshQuery(), pasted: 0, isTextOpen: false });
  emptyBox();
  await engine.ask('clear');
  across.reset();
  await judge();
  if (wasExample) {
    byId('paste').focus();
  } else {
    offerUndo(GIVEN.cleared, before);
  }
});

/** @type {(method: string, ...args: any[]) => Promise<any>} */
const ask = (method, ...args) => engine.ask(/** @type {any} */ (method), ...args);

const box = startBox({
  ask,
  act,
  state,
  isMany: () => summary.portfolio.opportunities > 1,
  onRemove: removeDocument,
});

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
  onPlace: (place) => box.showPlace(place),
  onExplain: (rule) => engine.ask('explain', rule),
  onState: act(async (facts, isForAll) => {
    const key = isForAll ? null : state.key;
    for (const [fact, value] of facts) {
      await stating.sayOf(key, fact, value);
    }
    await judge();
  }),
  onTry: (facts) => engine.ask('tryOut', state.key, JSON.stringify(facts)),
  onTakeBack: (group) => stating.takeBack(group),
};

const stating = startStating({
  ask,
  act,
  state,
  judge,
  sayLacking: (fact, value) => across.sayLacking(fact, value),
});

const partnerListener = {
  onAnswer: act(async (key, value) => {
    await stating.answerOf(key, value);
    // It says nothing of any opportunity, and its list stands where it was answered.
    await judge('');
  }),
  onExplain: (rule) => engine.ask('explain', rule),
  onSave: stating.saveNotes,
};

// Events

const handlers = {
  onTyped: edit,
  onCaret: box.drawCaretFacts,
  onText: act(async (text) => addTexts([{ name: pasteName(), text }])),
  onFiles: addFiles,
  onSample: act(async (sample) => addTexts(sampleFiles(sample, state.asOf))),
  onNew: () => {
    box.showNothing();
    box.drawChips();
    state.opener = null;
    box.openText();
    byId('paste').focus();
  },
  onToggleText: box.toggleText,
  onBackToResult: box.backToResult,
  onClear: startOver,
  onCancel: () => engine.cancel(),
  onAsOf: act(async (day) => {
    if (!day) {
      byId('as-of').focus();
    }
    await engine.ask('setAsOf', day || today());
    await judge();
  }),
  onDateOrder: act(async (order) => {
    await engine.ask('setDateOrder', order || undefined);
    await judge();
  }),
  onPolicy: act(async (file) => {
    await engine.ask('setPolicy', await file?.text());
    if (!file) {
      byId('open-policy').focus();
    }
    await judge();
  }),
  onQuery: (change) => across.query(change),
};

const across = startAcross({
  ask,
  act,
  state,
  judge,
  onOpen: openOpportunity,
  onClose: closeOpportunity,
  onPlace: box.showPlace,
  onTakeBack: stating.takeBack,
  onSave: stating.saveNotes,
  onReport: () => takes.onDownload('verdicts', null),
});

const begin = async () => {
  fillWords(FRAME, LANG);
  drawWelcome(SAMPLES, handlers.onSample);
  drawSettings({ ...state, today: today(), isAmbiguous: false });
  box.showNothing();
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
  emptyBox();
  await judge('');
  await box.showFirst();
  announce(lost.length > 0 ? `${PROGRESS[why]} ${PROGRESS.lost(lost)}` : PROGRESS[why]);
});

begin();
