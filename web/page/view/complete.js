// What the user adds because no format carries it: for one opportunity, or for all.

import { COMPLETE, SHARED_STATEMENTS, STATEMENTS, askedAs, sayCount, sayFact } from '../words.js';
import { lacking } from './checks.js';
import { byId, draw, h } from './dom.js';
import { factControl } from './facts.js';

/** @import { OpportunityReport, Portfolio } from '../report.js' */
/** @typedef {{ key: string | null, fact: string, value: string }} Statement for one opportunity, or for all */

/** Where a fact is stated. */
export const control = (name, id, value = '') => factControl(name, id, { value, none: COMPLETE.unknown });

/** The field of a fact in the form. */
export const completionId = (name) => `state-${name.replace('.', '-')}`;

/**
 * The facts that would decide something if they were known, in the order in which they are best asked for.
 * @param {OpportunityReport} report
 */
export const missingFacts = (report) => {
  const order = Object.keys(STATEMENTS);
  const rank = (name) => order.indexOf(name.replace(/\.\d{4}-\d\d$/, ''));
  const wanted = new Set(report.checks.flatMap((check) => lacking(check, report)));
  return [...wanted].filter((name) => rank(name) >= 0).toSorted((a, b) => rank(a) - rank(b));
};

const completionField = (name, report) => {
  const why = report.facts[name]?.why;
  const id = completionId(name);
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id }, askedAs(name).label),
    control(name, id),
    why && h('span', { class: 'under' }, why),
  );
};

const scopeChoice = () =>
  h(
    'fieldset',
    { class: 'scope' },
    h('legend', {}, COMPLETE.scope),
    h(
      'label',
      {},
      h('input', { type: 'radio', name: 'scope', value: 'one', checked: true }),
      COMPLETE.scopeOne,
    ),
    h('label', {}, h('input', { type: 'radio', name: 'scope', value: 'all' }), COMPLETE.scopeAll),
  );

/**
 * What was filled in. No form element is behind it: the frame's sandbox lets none submit, not even to this page.
 * @returns {string[][]}
 */
const filled = (group) =>
  [...group.querySelectorAll('.field [name]')]
    .map(({ name, value }) => [name, value.trim()])
    .filter(([, value]) => value !== '');

/**
 * The form for one opportunity; nothing when nothing is missing.
 * @param {OpportunityReport} report
 * @param {{ isAlone: boolean, onState: (facts: string[][], isForAll: boolean) => void }} context
 */
export const completeForm = (report, { isAlone, onState }) => {
  const wanted = missingFacts(report);
  const state = (event) => {
    const group = event.currentTarget.closest('.complete');
    const facts = filled(group);
    if (facts.length > 0) {
      onState(facts, group.querySelector('[value="all"]:checked') !== null);
    }
  };
  const stateOnEnter = (event) =>
    event.key === 'Enter' && event.target instanceof HTMLInputElement && state(event);
  if (wanted.length === 0) {
    return null;
  }
  return h(
    'details',
    // Open only when something cannot be decided without it; what is needed later can wait, folded.
    { keep: 'complete', class: 'panel', open: report.verdict === 'needs_information' },
    h('summary', {}, COMPLETE.title(wanted.length)),
    h(
      'div',
      { class: 'complete', role: 'group', 'aria-label': COMPLETE.group, keydown: stateOnEnter },
      h('p', { class: 'note' }, COMPLETE.note),
      h(
        'div',
        { class: 'fields' },
        wanted.map((name) => completionField(name, report)),
      ),
      isAlone ? null : scopeChoice(),
      h(
        'div',
        { class: 'buttons' },
        h('button', { type: 'button', class: 'primary', focus: 'state', click: state }, COMPLETE.state),
      ),
    ),
  );
};

const NOUN = ['opportunity', 'opportunities'];

/** One fact that several opportunities lack: stated for all of them at once. */
const sharedField = (fact, count, onStateMissing) => {
  const id = `share-${fact.replace('.', '-')}`;
  const choice = /** @type {HTMLSelectElement} */ (control(fact, id));
  choice.addEventListener('change', () => choice.value && onStateMissing(fact, choice.value));
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id }, STATEMENTS[fact].label),
    choice,
    h('span', { class: 'under' }, `not known of ${sayCount(count, NOUN)}`),
  );
};

/** Statements about single opportunities, gathered by what they say. */
const gathered = (statements) =>
  Object.values(
    Object.groupBy(statements, ({ fact, value, key }) => JSON.stringify([fact, value, key === null])),
  );

const sharedStatement = (group, onTakeBack) =>
  h(
    'li',
    {},
    h('strong', {}, STATEMENTS[group[0].fact]?.label ?? sayFact(group[0].fact)),
    ` ${group[0].value} `,
    h(
      'span',
      { class: 'mark' },
      `you stated, for ${group[0].key === null ? 'every opportunity' : sayCount(group.length, NOUN)}`,
    ),
    ' ',
    h('button', { type: 'button', class: 'link', click: () => onTakeBack(group) }, 'Take back'),
  );

/**
 * Draws what many opportunities lack, so that it can be stated once.
 * @param {Portfolio} portfolio
 * @param {Statement[]} statements
 */
export const drawShared = (portfolio, statements, { onStateMissing, onTakeBack }) => {
  const lacking = Object.entries(SHARED_STATEMENTS)
    .map(([fact, rule]) => ({ fact, count: portfolio.rules[rule]?.unknown ?? 0 }))
    .filter(({ count }) => count > 0);
  const groups = gathered(statements);
  const isLackedByMost = lacking.some(({ count }) => count * 2 > portfolio.opportunities);
  draw(
    byId('shared'),
    portfolio.opportunities > 1 &&
      (lacking.length > 0 || groups.length > 0) &&
      h(
        'details',
        { keep: 'shared', class: 'panel', open: groups.length > 0 || isLackedByMost },
        h('summary', {}, lacking.length > 0 ? 'Complete what several of them lack' : 'What you stated'),
        lacking.length > 0 &&
          h(
            'p',
            { class: 'note' },
            'Stated only for those that lack it, marked “you stated”, and easily taken back.',
          ),
        h(
          'div',
          { class: 'fields' },
          lacking.map(({ fact, count }) => sharedField(fact, count, onStateMissing)),
        ),
        groups.length > 0 &&
          h(
            'ul',
            { class: 'statements' },
            groups.map((group) => sharedStatement(group, onTakeBack)),
          ),
      ),
  );
};
