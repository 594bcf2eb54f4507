// What was given: the documents as chips, the text in the box and a place in it, and by what is judged.

import { FORMATS, GIVEN, HELP, KINDS, POLICY, PROMISES, SAMPLE_WORDS, sayCount } from '../words.js';
import { byId, draw, h, markdown } from './dom.js';

/** Up to here a text is edited in the box; a larger one is kept by the checker, and the box shows a part of it. */
export const EDITABLE_CHARS_MAX = 300_000;
/** How much of a larger one the box shows. */
export const PREVIEW_LINES = 200;

/** @import { DocumentReport, Place, Policy, ProblemReport } from '../report.js' */

/**
 * One document in words: what it was taken for, and how much of it counts.
 * @param {DocumentReport} document
 */
export const describeDocument = ({ kind, format, records, matched }) => {
  const name = FORMATS[format] ?? format;
  if (kind === 'ignored') {
    return format === 'unrecognised' ? GIVEN.notRecognised : GIVEN.notUsed(name);
  }
  if (kind === 'report') {
    return GIVEN.changes(name);
  }
  const isJoined = matched !== null && matched !== undefined;
  return [
    name,
    sayCount(records, KINDS[kind] ?? KINDS.facts),
    isJoined && GIVEN.matched(matched),
    isJoined && matched < records && GIVEN.unmatched(records - matched),
  ]
    .filter(Boolean)
    .join(' · ');
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
          GIVEN.showLine(problem.place.line),
        )
      : null,
  );

const MARKS = { good: '✓', ask: '!', bad: '✕' };

const documentChip = (document, shown, { onShow, onRemove, onPlace }) => {
  const { index, name, kind, records, problems, moreProblems } = document;
  const total = problems.length + moreProblems;
  const tone = kind === 'ignored' ? 'bad' : total > 0 ? 'ask' : 'good';
  return h(
    'li',
    { class: `document ${tone}` },
    h('span', { class: 'symbol', 'aria-hidden': 'true' }, MARKS[tone]),
    h(
      'div',
      {},
      h(
        'button',
        {
          type: 'button',
          class: 'document-name',
          'aria-pressed': String(shown),
          focus: `show-${index}`,
          click: () => onShow(index),
          title: GIVEN.show,
        },
        name,
      ),
      h('span', { class: 'under' }, describeDocument(document)),
      total > 0 &&
        h(
          'details',
          { keep: `problems-${index}-${name}`, open: kind === 'ignored' || records === 0 },
          h('summary', {}, GIVEN.problems(total)),
          h(
            'ul',
            {},
            problems.map((problem) => problemItem(problem, onPlace)),
            moreProblems > 0 && h('li', {}, GIVEN.moreProblems(moreProblems)),
          ),
        ),
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'remove',
        focus: `remove-${index}`,
        'aria-label': GIVEN.remove(name),
        title: GIVEN.remove(name),
        click: () => onRemove(index),
      },
      '×',
    ),
  );
};

/**
 * Draws the chips.
 * @param {DocumentReport[]} documents
 */
export const drawDocuments = (documents, shown, listener) => {
  const list = byId('documents');
  list.hidden = documents.length === 0;
  draw(
    list,
    documents.map((document) => documentChip(document, document.index === shown, listener)),
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

/**
 * Draws what can be done about what just happened, such as taking it back; nothing when there is nothing.
 * @param {{ text: string, button: string, onPress: () => void } | null} notice
 */
export const drawNotice = (notice) => {
  byId('notice').hidden = notice === null;
  draw(
    byId('notice'),
    notice && [
      h('span', {}, notice.text),
      ' ',
      h('button', { type: 'button', focus: 'notice', click: notice.onPress }, notice.button),
    ],
  );
};

/**
 * Shows by what is judged, and that it wants a look: another day than today, dates that can be read two ways.
 * @param {{ asOf: string, today: string, dateOrder: string, isAmbiguous: boolean }} settings
 */
export const drawSettings = ({ asOf, today, dateOrder, isAmbiguous }) => {
  byId('as-of').value = asOf;
  byId('not-today').hidden = asOf === today;
  byId('not-today-day').textContent = GIVEN.notToday(asOf);
  byId('date-order').value = dateOrder;
  byId('date-question').hidden = dateOrder !== '' || !isAmbiguous;
  byId('date-setting').classList.toggle('asks', dateOrder === '' && isAmbiguous);
};

/**
 * Lays the page out for what there is: nothing yet, one answer beside its text, or many with the text on demand.
 * @param {{ isEmpty: boolean, isMany: boolean, isTextOpen: boolean }} layout
 */
export const drawLayout = ({ isEmpty, isMany, isTextOpen }) => {
  const { classList } = document.body;
  const place = byId(isEmpty ? 'open-row' : 'given');
  if (byId('settings').parentElement !== place) {
    place.insertBefore(byId('settings'), isEmpty ? null : byId('notice'));
  }
  classList.toggle('empty', isEmpty);
  classList.toggle('many', isMany);
  classList.toggle('no-text', isMany && !isTextOpen);
  byId('toggle-text').textContent = isTextOpen ? GIVEN.hideText : GIVEN.showText;
  byId('toggle-text').setAttribute('aria-expanded', String(isTextOpen));
};

/** Puts a text into the box. `part` says which lines of how many, when it is not all. */
export const showText = (text, name, part) => {
  const box = byId('paste');
  given = text;
  if (!isGivenStill()) {
    box.value = text;
  }
  box.readOnly = part !== null;
  byId('paste-label').textContent = name === null ? GIVEN.box : name;
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
  // The beginning of the line tells what the place is: it stays in view when there is room for both.
  const letter = Number.parseFloat(style.fontSize) * 0.6;
  const isFar = (column + end - start) * letter > box.clientWidth - 2 * Number.parseFloat(style.paddingLeft);
  box.scrollLeft = isFar ? Math.max(0, (column - 8) * letter) : 0;
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
    h('p', { class: 'note' }, GIVEN.edition(ruleset, isOwn)),
    h(
      'dl',
      { class: 'pairs' },
      Object.entries(POLICY).flatMap(([name, label]) =>
        name in policy ? [h('dt', {}, label), h('dd', {}, String(policy[name]))] : [],
      ),
    ),
  );
};

/** Draws what never changes: what the page promises, what it reads, and the invented examples that it opens. */
export const drawWelcome = (samples, onOpen) => {
  byId('promises').replaceChildren(
    ...PROMISES.map(({ symbol, title, text }) =>
      h(
        'li',
        {},
        h('span', { class: 'mark-large', 'aria-hidden': 'true' }, symbol),
        h('div', {}, h('strong', {}, title), h('span', {}, text)),
      ),
    ),
  );
  byId('sample-buttons').replaceChildren(
    ...samples.map((sample) =>
      h(
        'button',
        { type: 'button', class: 'sample', click: () => onOpen(sample) },
        h('strong', {}, SAMPLE_WORDS[sample.id].title),
        h('span', {}, SAMPLE_WORDS[sample.id].text),
      ),
    ),
  );
  byId('help-body').replaceChildren(...markdown(HELP));
  byId('date-order').replaceChildren(
    ...Object.entries(GIVEN.dateOrders).map(([value, label]) => h('option', { value }, label)),
  );
};
