// What was billed, month by month, against the limit of the month that counts.

import { SPENDING, sayMonth, sayUsd } from '../words.js';
import { h, shape } from './dom.js';
import { editButton } from './facts.js';

/** Months shown at most: those nearest to the one that counts. */
const MONTHS_MAX = 9;

/** @import { OpportunityReport } from '../report.js' */

/** A decimal sum in hundredths of a cent: whole numbers compare exactly. */
const exact = (amount) => {
  const [, sign, whole, part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? [null, '', '0', ''];
  const units = BigInt(whole) * 10_000n + BigInt(part.padEnd(4, '0').slice(0, 4));
  return sign === '-' ? -units : units;
};

/** Each month whose bill is known, and the one that counts. */
const billedMonths = (report) => {
  const { spendMonth, facts, planner } = report;
  const amounts = new Map();
  const know = (month, amount) => amount !== null && amounts.set(month, amount);
  for (const [name, fact] of Object.entries(facts)) {
    if (/^spend\.\d/.test(name)) {
      know(name.slice(6), fact.value);
    }
  }
  (planner?.months ?? []).forEach((month) => know(month.spendMonth, month.amount));
  amounts.set(spendMonth.month, spendMonth.amount);
  const months = [...amounts.keys()].toSorted();
  const from = Math.max(0, Math.min(months.indexOf(spendMonth.month) - 5, months.length - MONTHS_MAX));
  return months.slice(from, from + MONTHS_MAX).map((month) => ({ month, amount: amounts.get(month) }));
};

const barTo = (share) => `${Number(share) / 100}%`;

/**
 * @param {OpportunityReport} report
 * @param {{ asOf: string, onState?: (facts: string[][], isForAll: boolean) => void }} context without `onState`, only shown
 */
export const spendPanel = (report, { asOf, onState }) => {
  const { spendMonth, facts } = report;
  if (!spendMonth) {
    return null;
  }
  const billed = billedMonths(report);
  const limit = exact(spendMonth.threshold);
  const largest = billed.reduce((most, { amount }) => {
    const units = amount === null ? 0n : exact(amount);
    return units > most ? units : most;
  }, 0n);
  const spared = (limit * 13n) / 10n;
  const scale = largest > spared ? largest : spared || 1n;
  const share = (units) => (units * 10_000n) / scale;
  const line = (y1, y2) =>
    shape('line', { class: 'sp-limit', x1: barTo(share(limit)), x2: barTo(share(limit)), y1, y2 });
  const today = asOf.slice(0, 7);
  const found = report.checks.find((check) => check.rule === 'POD009');

  const row = ({ month, amount }) => {
    const counts = month === spendMonth.month;
    const units = amount === null ? 0n : exact(amount);
    const isOver = amount !== null && units >= limit;
    const isOpen = month >= today || facts[`spend_final.${month}`]?.value === 'no';
    const state = month > today ? SPENDING.ahead : month === today ? SPENDING.running : SPENDING.open;
    // Of what is ahead, an amount that is known is a forecast; one that is not says enough by that.
    const isMarked = isOpen && (amount !== null || month <= today);
    const tone = isOver ? 'bad' : isOpen ? 'fair' : 'good';
    const says = h(
      'td',
      { class: 'sp-amount' },
      h(
        'span',
        { class: amount === null ? 'under-inline' : 'number' },
        amount === null ? SPENDING.unknown : sayUsd(amount),
      ),
      isOver && h('span', { class: 'mark bad' }, `✕ ${SPENDING.over}`),
      isMarked && h('span', { class: 'mark' }, state),
      onState &&
        counts &&
        amount === null &&
        editButton(
          {
            id: `edit-bill-${month}`,
            name: `spend.${month}`,
            value: '',
            text: SPENDING.enter(sayMonth(month)),
          },
          () => says,
          onState,
        ),
    );
    const length = barTo(share(units > 0n ? units : 0n));
    return h(
      'tr',
      { class: counts ? 'counts' : '' },
      h('th', { scope: 'row' }, sayMonth(month), counts && h('span', { class: 'under' }, SPENDING.counts)),
      h(
        'td',
        { class: 'sp-bar' },
        shape(
          'svg',
          { width: '100%', height: '2.6em', 'aria-hidden': 'true' },
          shape('rect', { class: 'sp-ground', x: '0', y: '.5em', width: '100%', height: '1.6em', rx: '3' }),
          units > 0n &&
            shape('rect', {
              class: `sp-fill ${tone}`,
              x: '0',
              y: '.5em',
              width: length,
              height: '1.6em',
              rx: '3',
            }),
          units > 0n &&
            isOpen &&
            shape('line', { class: 'sp-hatch', x1: '0', x2: length, y1: '1.3em', y2: '1.3em' }),
          line('0', '100%'),
        ),
      ),
      says,
    );
  };
  return h(
    'div',
    { class: 'spending' },
    h('h4', {}, SPENDING.title),
    found && h('p', {}, found.message),
    h(
      'table',
      { class: 'spend-months' },
      h('caption', { class: 'hidden' }, SPENDING.caption),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, h('span', { class: 'hidden' }, SPENDING.month)),
          h(
            'th',
            { scope: 'col', class: 'sp-bar' },
            h('span', { class: 'hidden' }, SPENDING.bar),
            shape(
              'svg',
              { width: '100%', height: '1.5em', 'aria-hidden': 'true' },
              shape(
                'text',
                {
                  class: 'sp-label',
                  x: barTo(share(limit)),
                  y: '1.05em',
                  'text-anchor': share(limit) < 3_000n ? 'start' : 'end',
                },
                SPENDING.limit(sayUsd(spendMonth.threshold)),
              ),
            ),
          ),
          h('th', { scope: 'col' }, h('span', { class: 'hidden' }, SPENDING.amount)),
        ),
      ),
      h('tbody', {}, billed.map(row)),
    ),
  );
};
