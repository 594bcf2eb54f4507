// What the user adds because no format carries it: for one opportunity, or for all.

import { SHARED_STATEMENTS, STATEMENTS, sayCount, sayFact } from '../words.js';
import { byId, draw, h } from './dom.js';

/** @import { OpportunityReport, Portfolio } from '../report.js' */
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

const control = (name, id, value = '') => {
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
