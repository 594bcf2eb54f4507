// What many opportunities lack, answered once; and the exceptions.

import { SHARED, SHARED_STATEMENTS, STATEMENTS, sayFact } from '../words.js';
import { control } from './complete.js';
import { byId, draw, h } from './dom.js';

/** @import { Portfolio } from '../report.js' */
/** @import { Statement } from './complete.js' */
/** @typedef {{ value: string, count: number | null }} Answer what holds for those that lack a fact, and how many did */
/**
 * @typedef {object} Listener
 * @property {(fact: string, value: string) => void} onStateMissing
 * @property {(fact: string) => void} onTakeBackMissing
 * @property {(said: Statement[]) => void} onTakeBack
 * @property {(key: string) => void} onOpen
 * @property {() => void} onSave
 */

/** The outcomes by which the rule of a fact says that nothing is known of it; of consent it warns and waits, too. */
const LACKING = { customer_consent: ['unknown', 'warning', 'pending'] };

/**
 * How many opportunities lack a fact; null where no rule tells.
 * @param {Portfolio} portfolio
 */
export const countLacking = (portfolio, fact) => {
  const rule = SHARED_STATEMENTS[fact];
  const counts = portfolio.rules[rule] ?? {};
  return rule === undefined
    ? null
    : (LACKING[fact] ?? ['unknown']).reduce((sum, outcome) => sum + (counts[outcome] ?? 0), 0);
};

/** One fact that several opportunities lack: answered for all of them at once. */
const sharedField = (fact, count, onStateMissing) => {
  const id = `share-${fact.replace('.', '-')}`;
  const choice = /** @type {HTMLSelectElement} */ (control(fact, id));
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id }, STATEMENTS[fact].label),
    h(
      'div',
      { class: 'field-row' },
      choice,
      h(
        'button',
        { type: 'button', focus: `${id}-all`, click: () => onStateMissing(fact, choice.value) },
        SHARED.apply(count),
      ),
    ),
    h('span', { class: 'under' }, SHARED.lacking(count)),
  );
};

/**
 * What was stated, by fact: what holds for many, and the exceptions.
 * @param {Statement[]} statements
 * @param {Map<string, Answer>} answers
 */
const gatheredByFact = (statements, answers) =>
  [...new Set([...answers.keys(), ...statements.map(({ fact }) => fact)])].map((fact) => {
    const said = statements.filter((each) => each.fact === fact);
    return {
      fact,
      answer: answers.get(fact),
      every: said.find(({ key }) => key === null),
      exceptions: said.filter(({ key }) => key !== null),
    };
  });

const takeBackButton = (fact, whom, onTakeBack) =>
  h(
    'button',
    {
      type: 'button',
      class: 'link',
      focus: `take-${fact}-${whom}`,
      'aria-label': SHARED.takeBackLabel(sayFact(fact), whom),
      click: onTakeBack,
    },
    SHARED.takeBack,
  );

/** The most exceptions that are listed one by one. */
const EXCEPTIONS_MAX = 100;

const exceptionLine = (said, { onTakeBack, onOpen }) =>
  h(
    'li',
    {},
    h(
      'button',
      {
        type: 'button',
        class: 'link',
        focus: `exception-${said.fact}-${said.key}`,
        click: () => onOpen(said.key),
      },
      said.key,
    ),
    said.value,
    ' ',
    takeBackButton(said.fact, said.key, () => onTakeBack([said])),
  );

const sharedAnswer = ({ fact, answer, every, exceptions }, listener) => {
  const line = (value, whom, onTakeBack) => [
    ` ${value} `,
    h('span', { class: 'mark' }, whom),
    ' ',
    takeBackButton(fact, whom, onTakeBack),
  ];
  const isException = answer !== undefined || every !== undefined;
  return h(
    'li',
    {},
    h('strong', {}, STATEMENTS[fact]?.label ?? sayFact(fact)),
    answer && line(answer.value, SHARED.forLacking(answer.count), () => listener.onTakeBackMissing(fact)),
    every && line(every.value, SHARED.forEvery, () => listener.onTakeBack([every])),
    exceptions.length > 0 &&
      h(
        'details',
        { keep: `exceptions-${fact}`, open: exceptions.length <= 5 },
        h(
          'summary',
          {},
          isException ? SHARED.exceptions(exceptions.length) : SHARED.forSome(exceptions.length),
        ),
        h(
          'ul',
          { class: 'exceptions' },
          exceptions.slice(0, EXCEPTIONS_MAX).map((said) => exceptionLine(said, listener)),
          exceptions.length > EXCEPTIONS_MAX && h('li', {}, SHARED.more(exceptions.length - EXCEPTIONS_MAX)),
        ),
      ),
  );
};

/**
 * Draws what many opportunities lack, so that it can be answered once.
 * @param {Portfolio} portfolio
 * @param {Statement[]} statements
 * @param {Map<string, Answer>} answers
 * @param {Listener} listener
 */
export const drawShared = (portfolio, statements, answers, listener) => {
  const lacking = Object.keys(SHARED_STATEMENTS)
    .map((fact) => ({ fact, count: countLacking(portfolio, fact) }))
    // What lacks it still though it was answered is settled one by one.
    .filter(({ fact, count }) => count > 0 && !answers.has(fact));
  const groups = gatheredByFact(statements, answers);
  draw(
    byId('shared'),
    portfolio.opportunities > 1 &&
      (lacking.length > 0 || groups.length > 0) &&
      h(
        'details',
        { keep: 'shared', class: 'notice-details' },
        h(
          'summary',
          {},
          h('strong', {}, SHARED.title),
          ' ',
          h('span', { class: 'under' }, SHARED.state(lacking.length, answers.size)),
        ),
        lacking.length > 0 && h('p', { class: 'note' }, SHARED.note),
        h(
          'div',
          { class: 'fields' },
          lacking.map(({ fact, count }) => sharedField(fact, count, listener.onStateMissing)),
        ),
        groups.length > 0 && [
          h('h3', { class: 'group-title' }, SHARED.answered),
          h(
            'ul',
            { class: 'statements' },
            groups.map((group) => sharedAnswer(group, listener)),
          ),
          h('button', { type: 'button', focus: 'save-statements', click: listener.onSave }, SHARED.save),
        ],
      ),
  );
};
