// The list of opportunities: a native table, a page at a time.

import { SORTS, UPKEEP, VERDICTS, sayDay, sayDistance } from '../words.js';
import { badge, byId, draw, h, wordFor } from './dom.js';

/** How many opportunities a page of the list holds: more, and a browser takes seconds to lay the table out. */
export const PAGE_ROWS = 500;

const headings = ['Opportunity', 'Discount', 'What to do next', 'Close date', 'Upkeep'];

/** @import { Page, Row } from '../report.js' */

/** @param {Row} line */
const row = (line, asOf, onOpen) =>
  h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row' },
      h(
        'button',
        { type: 'button', class: 'open', focus: `open-${line.key}`, click: () => onOpen(line.key) },
        line.customer ?? line.title ?? line.key,
      ),
      h(
        'span',
        { class: 'under' },
        [line.customer && line.title, line.key, line.stage].filter(Boolean).join(' · '),
      ),
    ),
    h('td', { 'data-label': 'Discount' }, badge(wordFor(VERDICTS, line.verdict))),
    h(
      'td',
      { 'data-label': 'Next', class: 'next' },
      line.next
        ? [
            line.next.due &&
              h(
                'strong',
                { class: line.next.due < asOf ? 'late' : '' },
                line.next.due === asOf ? 'Today: ' : `${sayDay(line.next.due)}: `,
              ),
            line.next.text,
          ]
        : 'Nothing',
    ),
    h(
      'td',
      { 'data-label': 'Close date', class: 'day' },
      line.closeDate
        ? [sayDay(line.closeDate), h('span', { class: 'under' }, sayDistance(asOf, line.closeDate))]
        : '–',
    ),
    h('td', { 'data-label': 'Upkeep' }, badge(wordFor(UPKEEP, line.upkeep), 'quiet')),
  );

/**
 * Draws a page of the list.
 * @param {Page} page
 */
export const drawList = (page, asOf, { onOpen, onPage }) => {
  const last = page.from + page.rows.length;
  byId('filter-note').textContent =
    page.total > page.rows.length
      ? `${(page.from + 1).toLocaleString('en')} to ${last.toLocaleString('en')} of ${page.total.toLocaleString('en')}`
      : `${page.total.toLocaleString('en')} shown`;
  const button = (label, from, name) =>
    h('button', { type: 'button', focus: name, click: () => onPage(from) }, label);
  draw(
    byId('list'),
    page.rows.length === 0
      ? h('p', { class: 'note' }, 'No opportunity fits this filter.')
      : h(
          'table',
          { class: 'opportunities' },
          h('caption', { class: 'hidden' }, 'Opportunities'),
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              headings.map((heading) => h('th', { scope: 'col' }, heading)),
            ),
          ),
          h(
            'tbody',
            {},
            page.rows.map((line) => row(line, asOf, onOpen)),
          ),
        ),
    h(
      'div',
      { class: 'buttons' },
      page.from > 0 && button(`Previous ${PAGE_ROWS}`, Math.max(0, page.from - PAGE_ROWS), 'previous'),
      last < page.total && button(`Next ${Math.min(PAGE_ROWS, page.total - last)}`, last, 'next'),
    ),
  );
};

/** Fills the choice of orders. */
export const drawSorts = () => {
  draw(
    byId('sort'),
    Object.entries(SORTS).map(([value, label]) => h('option', { value }, label)),
  );
};
