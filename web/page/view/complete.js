// What the user adds to one opportunity because no format carries it.

import { COMPLETE, STATEMENTS, askedAs } from '../words.js';
import { lacking } from './checks.js';
import { h } from './dom.js';
import { factControl } from './facts.js';

/** @import { OpportunityReport } from '../report.js' */
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
