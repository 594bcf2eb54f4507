// What the user adds to one opportunity because no format carries it.

import { SHARED_STATEMENTS, STATEMENTS, sayFact } from '../words.js';
import { h } from './dom.js';

/** @import { OpportunityReport } from '../report.js' */
/** @typedef {{ key: string | null, fact: string, value: string }} Statement for one opportunity, or for all */

/** These are worth stating before they are needed; anything else only when a check cannot do without it. */
const EARLY = new Set([...Object.keys(SHARED_STATEMENTS), 'aws_account_id', 'spend']);

/**
 * The facts that would decide something if they were known.
 * @param {OpportunityReport} report
 */
const missing = (report) => {
  const wanted = new Set();
  for (const check of report.checks) {
    const isUnknown = check.outcome === 'unknown';
    if (isUnknown || check.outcome === 'pending' || check.outcome === 'warning') {
      check.facts.filter((fact) => isUnknown || EARLY.has(fact)).forEach((fact) => wanted.add(fact));
    }
  }
  const isKnown = (name) =>
    (name.startsWith('spend') ? report.spendMonth?.amount : report.facts[name]?.value) ?? false;
  return Object.keys(STATEMENTS).filter((name) => wanted.has(name) && isKnown(name) === false);
};

/** Where a fact is stated. */
export const control = (name, id, value = '') => {
  const { options, type, hint } = STATEMENTS[name];
  if (options !== undefined) {
    return h(
      'select',
      { id, name, focus: id },
      h('option', { value: '' }, 'Not known'),
      options.map((option) => h('option', { value: option, selected: option === value }, option)),
    );
  }
  return h('input', {
    id,
    name,
    focus: id,
    type: type ?? 'text',
    placeholder: hint,
    value,
    autocomplete: 'off',
  });
};

const line = (name, report) => {
  const id = `state-${name.replace('.', '-')}`;
  const why = report.facts[name]?.why;
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id }, STATEMENTS[name].label),
    control(name, id),
    why && h('span', { class: 'under' }, why),
  );
};

const scopeChoice = () =>
  h(
    'fieldset',
    { class: 'scope' },
    h('legend', {}, 'This holds for'),
    h(
      'label',
      {},
      h('input', { type: 'radio', name: 'scope', value: 'one', checked: true }),
      ' this opportunity',
    ),
    h(
      'label',
      {},
      h('input', { type: 'radio', name: 'scope', value: 'all' }),
      ' every opportunity, whatever its document says',
    ),
  );

const statement = (said, onTakeBack) =>
  h(
    'li',
    {},
    h('strong', {}, STATEMENTS[said.fact]?.label ?? sayFact(said.fact)),
    ` ${said.value} `,
    h('span', { class: 'mark' }, said.key === null ? 'you stated, for every opportunity' : 'you stated'),
    ' ',
    h(
      'button',
      {
        type: 'button',
        class: 'link',
        'aria-label': `Take back ${sayFact(said.fact)}`,
        click: () => onTakeBack([said]),
      },
      'Take back',
    ),
  );

/**
 * What was filled in. No form element is behind it: the frame's sandbox lets none submit, not even to this page.
 * @returns {string[][]}
 */
const filled = (group) =>
  [...group.querySelectorAll('[name]')]
    .map(({ name, value }) => [name, value.trim()])
    .filter(([name, value]) => name in STATEMENTS && value !== '');

/**
 * The form for one opportunity.
 * @param {OpportunityReport} report
 * @param {Statement[]} statements
 * @param {boolean} isAlone
 * @param {{ onState: (facts: string[][], isForAll: boolean) => void, onTakeBack: (said: Statement[]) => void }} listener
 */
export const completeForm = (report, statements, isAlone, { onState, onTakeBack }) => {
  const wanted = missing(report);
  const others = Object.keys(STATEMENTS).filter((name) => !wanted.includes(name));
  const said = statements.filter((each) => each.key === null || each.key === report.key);
  const slot = h('span', { class: 'slot' });
  const choose = (name) =>
    slot.replaceChildren(...(name ? [control(name, 'state-other', report.facts[name]?.value ?? '')] : []));
  const state = (event) => {
    const group = event.currentTarget.closest('.complete');
    const facts = filled(group);
    if (facts.length > 0) {
      onState(facts, group.querySelector('[value="all"]:checked') !== null);
    }
  };
  const stateOnEnter = (event) =>
    event.key === 'Enter' && event.target instanceof HTMLInputElement && state(event);
  if (wanted.length === 0 && others.length === 0) {
    return null;
  }
  return h(
    'details',
    { keep: 'complete', class: 'panel', open: wanted.length > 0 || said.length > 0 },
    h(
      'summary',
      {},
      wanted.length > 0 ? `Complete what is missing (${wanted.length})` : 'Add or correct a fact',
    ),
    said.length > 0 &&
      h(
        'ul',
        { class: 'statements' },
        said.map((each) => statement(each, onTakeBack)),
      ),
    h(
      'div',
      { class: 'complete', role: 'group', 'aria-label': 'Facts to state', keydown: stateOnEnter },
      wanted.length > 0 &&
        h(
          'p',
          { class: 'note' },
          'No pasted format carries everything. What you state here wins over the documents, is marked “you stated”, and stays on this page.',
        ),
      h(
        'div',
        { class: 'fields' },
        wanted.map((name) => line(name, report)),
      ),
      h(
        'div',
        { class: 'field other' },
        h('label', { for: 'other-fact' }, wanted.length > 0 ? 'Or another fact' : 'Fact'),
        h(
          'select',
          { id: 'other-fact', focus: 'other-fact', change: (event) => choose(event.currentTarget.value) },
          h('option', { value: '' }, 'Choose…'),
          others.map((name) => h('option', { value: name }, STATEMENTS[name].label)),
        ),
        slot,
      ),
      isAlone ? null : scopeChoice(),
      h(
        'div',
        { class: 'buttons' },
        h(
          'button',
          { type: 'button', class: 'primary', focus: 'state', click: state },
          'State it and judge again',
        ),
      ),
    ),
  );
};
