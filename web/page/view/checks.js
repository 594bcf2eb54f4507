// What each rule found, by section: what wants attention first, the rest folded.

import { OUTCOMES, SECTIONS, sayCount, sayFact, sayRule } from '../words.js';
import { badge, h, markdown, wordFor } from './dom.js';

const QUIET = ['pass', 'not_applicable'];
const ORDER = Object.keys(OUTCOMES);

/** @import { CheckReport, DocumentReport, FactReport, Place } from '../report.js' */

/** @param {Place} at */
const place = (at, documents, onPlace) => {
  const document = documents[at.document];
  if (document === undefined) {
    return null;
  }
  const field = at.field || 'this place';
  return h(
    'button',
    {
      type: 'button',
      class: 'link',
      title: `${document.name}, line ${at.line}, column ${at.column}`,
      click: () => onPlace(at),
    },
    `Show “${field.replace(/\s+/g, ' ').slice(0, 60)}” in the paste`,
  );
};

const explanation = (check, onExplain) => {
  const body = h('div', { class: 'page' });
  return h(
    'details',
    {
      keep: `explain-${check.rule}`,
      class: 'why',
      toggle: async (event) => {
        if (event.currentTarget.open && body.childElementCount === 0) {
          const page = await onExplain(check.rule);
          body.replaceChildren(...(page ? markdown(page.page) : [h('p', {}, 'This rule has no page.')]));
        }
      },
    },
    h('summary', {}, h('code', {}, check.rule), ' explained'),
    body,
  );
};

/**
 * What one rule found.
 * @param {CheckReport} check
 * @param {DocumentReport[]} documents
 */
export const checkItem = (check, documents, listener) =>
  h(
    'li',
    { class: `check ${wordFor(OUTCOMES, check.outcome).tone}` },
    h(
      'div',
      { class: 'check-head' },
      badge(wordFor(OUTCOMES, check.outcome)),
      h('strong', {}, sayRule(check.name)),
      check.curable === false && h('span', { class: 'mark' }, 'cannot be put right'),
      check.curable === true && h('span', { class: 'mark' }, 'can be put right'),
      check.reading &&
        h(
          'span',
          {
            class: 'mark',
            title: 'The guide is silent or unclear here; its explanation says how it was read.',
          },
          'our reading of the guide',
        ),
    ),
    check.message && h('p', {}, check.message),
    check.remedy && h('p', { class: 'remedy' }, check.remedy),
    h(
      'div',
      { class: 'meta' },
      check.places.slice(0, 3).map((at) => place(at, documents, listener.onPlace)),
      h('span', {}, `Guide: ${check.guide}`),
      explanation(check, listener.onExplain),
    ),
  );

const tally = (checks) =>
  ORDER.map((outcome) => [
    checks.filter((check) => check.outcome === outcome).length,
    OUTCOMES[outcome].tally,
  ])
    .filter(([count]) => count > 0)
    .map(([count, words]) => sayCount(count, words))
    .join(', ');

const section = (id, checks, documents, listener) => {
  const loud = checks.filter((check) => !QUIET.includes(check.outcome));
  const quiet = checks.filter((check) => QUIET.includes(check.outcome));
  const byUrgency = (a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome);
  const items = (list) =>
    h(
      'ul',
      { class: 'checks' },
      list.toSorted(byUrgency).map((check) => checkItem(check, documents, listener)),
    );
  return h(
    'details',
    {
      keep: `section-${id}`,
      class: 'panel section',
      open: loud.length > 0 && id !== 'ace' ? true : loud.some((check) => check.outcome === 'fail'),
    },
    h(
      'summary',
      {},
      h('span', { class: 'section-title' }, SECTIONS[id] ?? id),
      ' ',
      h('span', { class: 'under' }, tally(checks)),
    ),
    loud.length > 0 && items(loud),
    quiet.length > 0 &&
      h(
        'details',
        { keep: `quiet-${id}`, open: loud.length === 0 },
        h('summary', {}, loud.length === 0 ? tally(quiet) : `The rest: ${tally(quiet)}`),
        items(quiet),
      ),
  );
};

/**
 * Every check of an opportunity, by section in the report's order.
 * @param {CheckReport[]} checks
 */
export const checkSections = (checks, documents, listener) => {
  const ids = [...new Set(checks.map((check) => check.section))];
  return ids.map((id) =>
    section(
      id,
      checks.filter((check) => check.section === id),
      documents,
      listener,
    ),
  );
};

/**
 * Every fact, with where it stands, and what the user stated.
 * @param {Record<string, FactReport>} facts
 */
export const factsTable = (facts, documents, { onPlace }) =>
  h(
    'details',
    { keep: 'facts', class: 'panel' },
    h('summary', {}, 'Facts as they were read'),
    h(
      'div',
      { class: 'scroll' },
      h(
        'table',
        { class: 'facts' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ['Fact', 'Value', 'Where'].map((heading) => h('th', { scope: 'col' }, heading)),
          ),
        ),
        h(
          'tbody',
          {},
          Object.entries(facts).map(([name, fact]) =>
            h(
              'tr',
              { class: fact.value === null ? 'blank' : '' },
              h('th', { scope: 'row' }, sayFact(name)),
              h(
                'td',
                {},
                fact.value ?? h('span', { class: 'under' }, fact.why ?? 'not known'),
                fact.stated && h('span', { class: 'mark' }, 'you stated'),
                fact.documentValue &&
                  h('span', { class: 'under' }, `The document says: ${fact.documentValue}`),
                fact.note && h('span', { class: 'under' }, fact.note),
              ),
              h(
                'td',
                {},
                fact.places.slice(0, 2).map((at) => place(at, documents, onPlace)),
              ),
            ),
          ),
        ),
      ),
    ),
  );
