// The list of opportunities: a native table, a page at a time, and the filters in use.

import {
  LISTING,
  OUTCOMES,
  SORTS,
  SUBMISSION,
  UPKEEP,
  VERDICTS,
  sayDay,
  sayDistance,
  sayRule,
} from '../words.js';
import { badge, byId, draw, h, wordFor } from './dom.js';
import { opener } from './master.js';

/** How many opportunities a page of the list holds: more, and a browser takes seconds to lay the table out. */
export const PAGE_ROWS = 500;
/** So many are drawn at once, more than fit a screen; the rest of the page follows. */
export const FIRST_ROWS = 80;

/** @import { Page, Query, Row } from '../report.js' */

// What is laid out as a grid loses its meaning as a table in some browsers, so the roles are stated.

const listCell = (label, name, ...children) =>
  h('td', { role: 'cell', 'data-label': label, class: name }, ...children);

/** @param {Row} line */
const listLine = (line, asOf) =>
  h(
    'tr',
    { role: 'row' },
    h(
      'th',
      { scope: 'row', role: 'rowheader' },
      opener(line.key, line.customer ?? line.title ?? line.key, 'open'),
      h(
        'span',
        { class: 'under' },
        [line.customer && line.title, line.key, line.stage].filter(Boolean).join(' · '),
      ),
    ),
    listCell(LISTING.headings[1], 'verdict-cell', badge(wordFor(VERDICTS, line.verdict))),
    listCell(
      LISTING.next,
      'next',
      line.next?.due &&
        h(
          'strong',
          { class: line.next.due < asOf ? 'late' : '' },
          line.next.due === asOf ? LISTING.today : `${sayDay(line.next.due)}: `,
        ),
      line.next?.text ?? LISTING.nothing,
    ),
    listCell(
      LISTING.headings[3],
      'day',
      line.closeDate ? sayDay(line.closeDate) : '–',
      line.closeDate && h('span', { class: 'under' }, sayDistance(asOf, line.closeDate)),
    ),
    listCell(LISTING.headings[4], 'upkeep', badge(wordFor(UPKEEP, line.upkeep), 'quiet')),
  );

/** Buttons to the page before and after; nothing when there is one page. */
export const pager = (from, shown, total, size, label, onPage) =>
  total > size &&
  h(
    'span',
    { class: 'pager', role: 'group', 'aria-label': label },
    h(
      'button',
      {
        type: 'button',
        focus: `${label}-previous`,
        'aria-disabled': from === 0 ? 'true' : undefined,
        click: () => from > 0 && onPage(Math.max(0, from - size)),
      },
      LISTING.previousPage,
    ),
    h(
      'button',
      {
        type: 'button',
        focus: `${label}-next`,
        'aria-disabled': from + shown >= total ? 'true' : undefined,
        click: () => from + shown < total && onPage(from + size),
      },
      LISTING.nextPage,
    ),
  );

/**
 * Draws a page of the list, or its beginning.
 * @param {Page} page
 */
export const drawList = (page, isFiltered, asOf, onPage) => {
  const count = isFiltered ? LISTING.some(page.total) : LISTING.all(page.total);
  const shown = Math.min(PAGE_ROWS, page.total - page.from);
  byId('filter-note').textContent =
    page.total > shown ? LISTING.part(page.from + 1, page.from + shown, page.total) : count;
  draw(byId('pages'), pager(page.from, shown, page.total, PAGE_ROWS, LISTING.pages, onPage));
  draw(
    byId('list'),
    page.rows.length === 0
      ? h('p', { class: 'note' }, LISTING.none)
      : h(
          'table',
          { class: 'opportunities', role: 'table' },
          h('caption', { class: 'hidden' }, LISTING.caption),
          h(
            'thead',
            { role: 'rowgroup' },
            h(
              'tr',
              { role: 'row' },
              LISTING.headings.map((heading) => h('th', { scope: 'col', role: 'columnheader' }, heading)),
            ),
          ),
          h(
            'tbody',
            { role: 'rowgroup' },
            page.rows.map((line) => listLine(line, asOf)),
          ),
        ),
  );
};

/**
 * Adds the rest of a page to its beginning.
 * @param {Row[]} rows
 */
export const addToList = (rows, asOf) =>
  byId('list')
    .querySelector('tbody')
    .append(...rows.map((line) => listLine(line, asOf)));

/**
 * The filters of a query, each with what is left of the query without it.
 * @param {Query} query
 * @param {{ rule: (id: string) => string, metric: (id: string) => string }} names
 * @returns {{ id: string, label: string, without: Partial<Query> }[]}
 */
const filtersOf = (query, names) => {
  const chosen = (kind, table) =>
    query[kind].map((value) => ({
      id: `${kind}-${value}`,
      label: wordFor(table, value).label,
      without: { [kind]: query[kind].filter((each) => each !== value) },
    }));
  return [
    ...chosen('verdicts', VERDICTS),
    ...chosen('submission', SUBMISSION),
    ...chosen('upkeep', UPKEEP),
    query.rule && {
      id: 'rule',
      label: LISTING.rule(sayRule(names.rule(query.rule)), query.outcome && OUTCOMES[query.outcome].label),
      without: { rule: '', outcome: '' },
    },
    query.metric && {
      id: 'metric',
      label: LISTING.metric(names.metric(query.metric), query.counted),
      without: { metric: '', counted: '' },
    },
    query.search && { id: 'search', label: LISTING.search(query.search), without: { search: '' } },
  ].filter(Boolean);
};

/** The filters of a query that leaves nothing out. */
export const NO_FILTERS = {
  verdicts: [],
  submission: [],
  upkeep: [],
  rule: '',
  outcome: '',
  metric: '',
  counted: '',
  search: '',
};

/** Whether the query leaves anything out. */
export const isFiltering = (query) => filtersOf(query, { rule: String, metric: String }).length > 0;

/**
 * Draws the filters in use, each of which can be removed.
 * @param {Query} query
 */
export const drawFilters = (query, names, onQuery) => {
  const filters = filtersOf(query, names);
  const remove = ({ id, label, without }) =>
    h(
      'button',
      {
        type: 'button',
        class: 'filter',
        focus: `without-${id}`,
        'aria-label': LISTING.remove(label),
        click: () => onQuery(without),
      },
      label,
      h('span', { 'aria-hidden': 'true', class: 'symbol' }, '×'),
    );
  draw(
    byId('filters'),
    filters.length > 0 &&
      h(
        'div',
        { class: 'chips', role: 'group', 'aria-label': LISTING.filters },
        filters.map(remove),
        h(
          'button',
          {
            type: 'button',
            class: 'link',
            focus: 'clear-filters',
            click: () => onQuery(NO_FILTERS),
          },
          LISTING.clear,
        ),
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
