// What many opportunities lack, answered once; and the exceptions.

import { SHARED, SHARED_STATEMENTS, STATEMENTS, sayFact } from '../words.js';
import { control } from './complete.js';
import { byId, draw, h } from './dom.js';

/** @import { Portfolio } from '../report.js' */
/** @import { Statement } from './complete.js' */

const labelOf = (fact) => STATEMENTS[fact]?.label ?? sayFact(fact);

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
 * What was stated, by fact: the answer that many share, and what differs from it.
 * @param {Statement[]} statements
 */
const gatheredByFact = (statements) =>
  Object.entries(Object.groupBy(statements, ({ fact }) => fact)).map(([fact, said]) => {
    const ofEvery = said.filter(({ key }) => key === null);
    const alike = Object.values(Object.groupBy(said, ({ value }) => value));
    const most = alike.reduce((a, b) => (b.length > a.length ? b : a));
    const common = ofEvery.length > 0 ? ofEvery : most.length > 1 ? most : [];
    return { fact, common, exceptions: said.filter((each) => !common.includes(each)) };
  });

const takeBackButton = (said, label, onTakeBack) =>
  h(
    'button',
    {
      type: 'button',
      class: 'link',
      focus: `take-${label}`,
      'aria-label': label,
      click: () => onTakeBack(said),
    },
    SHARED.takeBack,
  );

/** The most exceptions that are listed one by one. */
const EXCEPTIONS_MAX = 100;

const sharedAnswer = ({ fact, common, exceptions }, onTakeBack, onOpen) => {
  const whom = common[0]?.key === null ? SHARED.forEvery : SHARED.forMany(common.length);
  const list = h(
    'ul',
    { class: 'exceptions' },
    exceptions.slice(0, EXCEPTIONS_MAX).map((said) =>
      h(
        'li',
        {},
        h(
          'button',
          {
            type: 'button',
            class: 'link',
            focus: `exception-${fact}-${said.key}`,
            click: () => onOpen(said.key),
          },
          said.key,
        ),
        ': ',
        said.value,
        ' ',
        takeBackButton([said], SHARED.takeBackLabel(sayFact(fact), said.key), onTakeBack),
      ),
    ),
    exceptions.length > EXCEPTIONS_MAX && h('li', {}, SHARED.more(exceptions.length - EXCEPTIONS_MAX)),
  );
  return h(
    'li',
    {},
    h('strong', {}, labelOf(fact)),
    common.length > 0 && [
      ` ${common[0].value} `,
      h('span', { class: 'mark' }, whom),
      ' ',
      takeBackButton(common, SHARED.takeBackLabel(sayFact(fact), whom), onTakeBack),
    ],
    exceptions.length > 0 &&
      h(
        'details',
        { keep: `exceptions-${fact}`, open: exceptions.length <= 5 },
        h(
          'summary',
          {},
          common.length > 0 ? SHARED.exceptions(exceptions.length) : SHARED.forMany(exceptions.length),
        ),
        list,
      ),
  );
};

/**
 * Draws what many opportunities lack, so that it can be answered once.
 * @param {Portfolio} portfolio
 * @param {Statement[]} statements
 * @param {{ onStateMissing: (fact: string, value: string) => void, onTakeBack: (said: Statement[]) => void, onSave: () => void, onOpen: (key: string) => void }} listener
 */
export const drawShared = (portfolio, statements, { onStateMissing, onTakeBack, onSave, onOpen }) => {
  const lacking = Object.entries(SHARED_STATEMENTS)
    .map(([fact, rule]) => ({ fact, count: portfolio.rules[rule]?.unknown ?? 0 }))
    .filter(({ count }) => count > 0);
  draw(
    byId('shared'),
    portfolio.opportunities > 1 &&
      (lacking.length > 0 || statements.length > 0) &&
      h(
        'details',
        { keep: 'shared', class: 'notice-details' },
        h(
          'summary',
          {},
          h('span', { class: 'symbol', 'aria-hidden': 'true' }, '?'),
          h('strong', {}, SHARED.title),
          ' ',
          h('span', { class: 'under' }, lacking.length > 0 ? SHARED.open(lacking.length) : SHARED.stated),
        ),
        lacking.length > 0 && h('p', { class: 'note' }, SHARED.note),
        h(
          'div',
          { class: 'fields' },
          lacking.map(({ fact, count }) => sharedField(fact, count, onStateMissing)),
        ),
        statements.length > 0 && [
          h('h3', { class: 'group-title' }, SHARED.answered),
          h(
            'ul',
            { class: 'statements' },
            gatheredByFact(statements).map((group) => sharedAnswer(group, onTakeBack, onOpen)),
          ),
          h('button', { type: 'button', focus: 'save-statements', click: onSave }, SHARED.save),
        ],
      ),
  );
};
