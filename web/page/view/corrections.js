// What the corrected import file changes, shown before it is downloaded.

import { CORRECTIONS, sayNumber } from '../words.js';
import { byId, draw, h } from './dom.js';

/** How many corrections are shown at once. */
export const CORRECTIONS_SHOWN = 100;

/** @import { Correction, Corrections } from '../report.js' */

const cell = (text) =>
  text === '' ? h('span', { class: 'under' }, CORRECTIONS.empty) : h('code', { class: 'cell' }, text);

/** @param {Correction} change */
const correctionRow = (change) =>
  h(
    'tr',
    {},
    h('th', { scope: 'row' }, change.key),
    h('td', { class: 'number' }, sayNumber(change.line)),
    h('td', {}, change.field),
    h('td', {}, cell(change.from)),
    h('td', {}, cell(change.to)),
    h('td', {}, change.why),
  );

const correctionTable = (changes) =>
  h(
    'div',
    { class: 'scroll', tabindex: '0', role: 'group', 'aria-labelledby': 'corrections-title' },
    h(
      'table',
      { class: 'corrections' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          CORRECTIONS.headings.map((heading) => h('th', { scope: 'col' }, heading)),
        ),
      ),
      h('tbody', {}, changes.map(correctionRow)),
    ),
  );

/**
 * Draws a page of what is put right.
 * @param {Corrections} found
 * @param {{ onPage: (from: number) => void, onDownload: () => void, onClose: () => void }} listener
 */
export const drawCorrections = ({ rows, total, from, changes, notes }, { onPage, onDownload, onClose }) => {
  const to = from + changes.length;
  const button = (label, name, click) => h('button', { type: 'button', focus: name, click }, label);
  draw(
    byId('corrections'),
    h('h2', { id: 'corrections-title', tabindex: '-1' }, CORRECTIONS.title),
    h('p', {}, CORRECTIONS.lead),
    h(
      'p',
      {},
      h(
        'strong',
        {},
        rows === 0
          ? CORRECTIONS.noRows
          : total === 0
            ? CORRECTIONS.none(rows, notes.length)
            : CORRECTIONS.count(total, rows),
      ),
    ),
    changes.length > 0 && correctionTable(changes),
    total > changes.length &&
      h(
        'div',
        { class: 'buttons' },
        h('span', {}, CORRECTIONS.part(from + 1, to, total)),
        from > 0 &&
          button(CORRECTIONS.previous, 'previous', () => onPage(Math.max(0, from - CORRECTIONS_SHOWN))),
        to < total && button(CORRECTIONS.next, 'next', () => onPage(to)),
      ),
    notes.length > 0 && h('h3', {}, CORRECTIONS.notes),
    notes.length > 0 &&
      h(
        'ul',
        {},
        notes.map((note) => h('li', {}, note)),
      ),
    h(
      'div',
      { class: 'buttons' },
      rows > 0 &&
        h(
          'button',
          { type: 'button', class: 'primary', focus: 'download-import', click: onDownload },
          CORRECTIONS.download,
        ),
      button(CORRECTIONS.close, 'close', onClose),
    ),
  );
};
