// What the user adds because no format carries it: for one opportunity, or for all.

import { STATEMENTS, sayFact } from '../words.js';
import { h } from './dom.js';

const WANTING = ['unknown', 'pending', 'fail', 'warning'];

/** The facts that would decide something if they were known. */
const missing = (report) => {
  const wanted = new Set(report.checks.filter((check) => WANTING.includes(check.outcome)).flatMap((check) => check.facts));
  return Object.keys(STATEMENTS).filter((name) => wanted.has(name) && (report.facts[name]?.value ?? null) === null);
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
  return h('input', { id, name, focus: id, type: type ?? 'text', placeholder: hint, value, autocomplete: 'off' });
};

const line = (name, report) => {
  const id = `state-${name.replace('.', '-')}`;
  const why = report.facts[name]?.why;
  return h('div', { class: 'field' }, h('label', { for: id }, STATEMENTS[name].label), control(name, id), why && h('span', { class: 'under' }, why));
};

const scopeChoice = () =>
  h(
    'fieldset',
    { class: 'scope' },
    h('legend', {}, 'This holds for'),
    h('label', {}, h('input', { type: 'radio', name: 'scope', value: 'one', checked: true }), ' this opportunity'),
    h('label', {}, h('input', { type: 'radio', name: 'scope', value: 'all' }), ' every opportunity'),
  );

const statement = (said, onTakeBack) =>
  h(
    'li',
    {},
    h('strong', {}, STATEMENTS[said.fact]?.label ?? sayFact(said.fact)),
    ` ${said.value} `,
    h('span', { class: 'mark' }, said.key === null ? 'you stated, for every opportunity' : 'you stated'),
    ' ',
    h('button', { type: 'button', class: 'link', 'aria-label': `Take back ${sayFact(said.fact)}`, click: () => onTakeBack(said) }, 'Take back'),
  );

/** The entries of a form that were filled in. */
const filled = (form) =>
  [...new FormData(form)].filter(([name, value]) => name in STATEMENTS && String(value).trim() !== '').map(([name, value]) => [name, String(value).trim()]);

/**
 * The form for one opportunity.
 * @param {{ key: string | null, fact: string, value: string }[]} statements
 * @param {{ onState: (facts: [string, string][], isForAll: boolean) => void, onTakeBack: (said: object) => void }} listener
 */
export const completeForm = (report, statements, isAlone, { onState, onTakeBack }) => {
  const wanted = missing(report);
  const others = Object.keys(STATEMENTS).filter((name) => !wanted.includes(name));
  const said = statements.filter((each) => each.key === null || each.key === report.key);
  const slot = h('span', { class: 'slot' });
  const choose = (name) => slot.replaceChildren(...(name ? [control(name, 'state-other', report.facts[name]?.value ?? '')] : []));
  const submit = (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const facts = filled(form);
    if (facts.length > 0) {
      onState(facts, new FormData(form).get('scope') === 'all');
    }
  };
  if (wanted.length === 0 && others.length === 0) {
    return null;
  }
  return h(
    'details',
    { keep: 'complete', class: 'panel', open: wanted.length > 0 || said.length > 0 },
    h('summary', {}, wanted.length > 0 ? `Complete what is missing (${wanted.length})` : 'Add or correct a fact'),
    said.length > 0 && h('ul', { class: 'statements' }, said.map((each) => statement(each, onTakeBack))),
    h(
      'form',
      { class: 'complete', submit },
      wanted.length > 0 && h('p', { class: 'note' }, 'No pasted format carries everything. What you state here wins over the documents, is marked “you stated”, and stays on this page.'),
      h('div', { class: 'fields' }, wanted.map((name) => line(name, report))),
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
      h('div', { class: 'buttons' }, h('button', { type: 'submit', class: 'primary' }, 'State it and judge again')),
    ),
  );
};
