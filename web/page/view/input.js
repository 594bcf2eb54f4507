// What was given: the documents as cards, the text in the box, and a place in it.

import { FORMATS, KINDS, sayCount, POLICY } from '../words.js';
import { byId, draw, h } from './dom.js';

/** Up to here a text is edited in the box; a larger one is kept by the checker, and the box shows a part of it. */
export const EDITABLE_CHARS_MAX = 300_000;
/** How much of a larger one the box shows. */
export const PREVIEW_LINES = 200;

/** @import { DocumentReport, Place, Policy, ProblemReport } from '../report.js' */

/**
 * One document in words: what it was taken for, and how much of it counts.
 * @param {DocumentReport} document
 */
const describe = (document) => {
  if (document.kind === 'ignored') {
    return document.format === 'unrecognised'
      ? 'Not recognised'
      : `${FORMATS[document.format] ?? document.format}: not used`;
  }
  if (document.kind === 'report') {
    return `${FORMATS[document.format] ?? document.format}: what changed since is listed`;
  }
  const parts = [
    FORMATS[document.format] ?? document.format,
    sayCount(document.records, KINDS[document.kind] ?? KINDS.facts),
  ];
  if (document.matched !== null && document.matched !== undefined) {
    parts.push(`${document.matched.toLocaleString('en')} belong to an opportunity`);
  }
  return parts.join(' · ');
};

/**
 * A problem with its place.
 * @param {ProblemReport} problem
 * @param {(place: Place) => void} show
 */
export const problemItem = (problem, show) =>
  h(
    'li',
    {},
    problem.message,
    ' ',
    problem.place && problem.place.document < 65_535
      ? h(
          'button',
          { type: 'button', class: 'link', click: () => show(problem.place) },
          `Show line ${problem.place.line}`,
        )
      : null,
  );

const card = (document, shown, { onShow, onRemove, onPlace }) => {
  const total = document.problems.length + document.moreProblems;
  const tone = document.kind === 'ignored' ? 'bad' : total > 0 ? 'ask' : 'good';
  return h(
    'li',
    { class: `card ${tone}` },
    h(
      'div',
      { class: 'card-head' },
      h(
        'button',
        {
          type: 'button',
          class: 'card-name',
          'aria-pressed': String(shown),
          focus: `show-${document.index}`,
          click: () => onShow(document.index),
          title: 'Show it in the box below',
        },
        document.name,
      ),
      h(
        'button',
        {
          type: 'button',
          class: 'remove',
          focus: `remove-${document.index}`,
          'aria-label': `Remove ${document.name}`,
          title: 'Remove',
          click: () => onRemove(document.index),
        },
        '×',
      ),
    ),
    h('p', {}, describe(document)),
    total > 0 &&
      h(
        'details',
        { keep: `problems-${document.index}`, open: document.kind === 'ignored' || document.records === 0 },
        h('summary', {}, sayCount(total, ['problem', 'problems'])),
        h(
          'ul',
          {},
          document.problems.map((problem) => problemItem(problem, onPlace)),
          document.moreProblems > 0 && h('li', {}, `and ${document.moreProblems.toLocaleString('en')} more`),
        ),
      ),
  );
};

/**
 * Draws the cards.
 * @param {DocumentReport[]} documents
 */
export const drawDocuments = (documents, shown, listener) => {
  const list = byId('documents');
  list.hidden = documents.length === 0;
  draw(
    list,
    documents.map((document) => card(document, document.index === shown, listener)),
  );
};

/** The text that the box shows, as it was given. */
let given = '';

/** Whether the box still shows it: what is typed there is judged as the box has it. */
const isGivenStill = () => given.replaceAll('\r\n', '\n') === byId('paste').value;

/** Where a character of the given text stands in the box, which makes one character of `\r\n`. */
const inBox = (offset) => (isGivenStill() ? given.slice(0, offset).replaceAll('\r\n', '\n').length : offset);

/** Where a character of the box stands in the given text. */
export const asGiven = (offset) => {
  let found = offset;
  if (isGivenStill()) {
    for (let at = given.indexOf('\r\n'); at >= 0 && at < found; at = given.indexOf('\r\n', at + 2)) {
      found += 1;
    }
  }
  return found;
};

/** Puts a text into the box. `part` says which lines of how many, when it is not all. */
export const showText = (text, name, part) => {
  const box = byId('paste');
  given = text;
  if (!isGivenStill()) {
    box.value = text;
  }
  box.readOnly = part !== null;
  byId('paste-label').textContent = name === null ? 'Paste an opportunity, or a whole export' : name;
  byId('paste-note').textContent = part === null ? '' : part;
};

/** Selects characters of the given text in the box. */
export const selectText = (start, end) => selectInBox(inBox(start), inBox(end));

/** Selects characters of the box and brings them into view. */
const selectInBox = (start, end) => {
  const box = byId('paste');
  const before = box.value.slice(0, start);
  const line = before.split('\n').length - 1;
  const column = start - before.lastIndexOf('\n') - 1;
  const style = getComputedStyle(box);
  const lineHeight = Number.parseFloat(style.lineHeight);
  box.focus({ preventScroll: true });
  box.setSelectionRange(start, end);
  box.scrollTop = Math.max(0, (line - 2) * lineHeight);
  box.scrollLeft = Math.max(0, (column - 8) * Number.parseFloat(style.fontSize) * 0.6);
  box.scrollIntoView({ block: 'nearest' });
};

/** Selects from one line and column to another, for a text of which the box shows a part that begins at `fromLine`. */
export const selectLines = (place, fromLine) => {
  const lines = byId('paste').value.split('\n');
  const offset = (line, column) =>
    lines.slice(0, line - fromLine).reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
  selectInBox(offset(place.line, place.column), offset(place.endLine, place.endColumn));
};

/**
 * The numbers by which was judged.
 * @param {Policy} policy
 */
export const drawPolicy = (policy, ruleset, isOwn) => {
  byId('reset-policy').hidden = !isOwn;
  draw(
    byId('policy-body'),
    h('p', { class: 'note' }, `Edition ${ruleset} of the rules${isOwn ? ', with your own numbers' : ''}.`),
    h(
      'dl',
      { class: 'pairs' },
      Object.entries(POLICY).flatMap(([name, label]) =>
        name in policy ? [h('dt', {}, label), h('dd', {}, String(policy[name]))] : [],
      ),
    ),
  );
};

/** Draws the buttons that open an invented example. */
export const drawSamples = (samples, onOpen) =>
  draw(
    byId('sample-buttons'),
    samples.map((sample) => h('button', { type: 'button', click: () => onOpen(sample) }, sample.label)),
  );
