// Which month to close in, and what another close date would mean: tried out, never changed.

import { PLANNER, PLANS, VERDICTS, WINDOW, sayDay, sayMonth, sayUsd } from '../words.js';
import { announce, badge, h, wordFor } from './dom.js';
import { lastDayOf, sayBill } from './timeline.js';

/** @import { OpportunityReport, Planner } from '../report.js' */

const windowOf = (report) =>
  report.window ? WINDOW.span(sayDay(report.window.start), sayDay(report.window.end)) : PLANNER.none_;
const billOf = (report) =>
  report.spendMonth
    ? [h('strong', {}, sayMonth(report.spendMonth.month)), `: ${sayBill(report.spendMonth)}`]
    : PLANNER.none_;
const closeOf = (report) => {
  const day = report.facts.target_close_date?.value;
  return day ? sayDay(day) : PLANNER.unknown;
};

/**
 * What would be, beside what is.
 * @param {OpportunityReport} now
 * @param {OpportunityReport} then
 */
const comparison = (now, then, day, { onUse, onDismiss }) => {
  const { rows } = PLANNER;
  const line = (label, of, className = '') =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, label),
      h('td', { 'data-label': PLANNER.was }, of(now)),
      h('td', { 'data-label': PLANNER.trial, class: className }, of(then)),
    );
  const verdict = (report) => badge(wordFor(VERDICTS, report.verdict));
  return h(
    'div',
    { class: 'trial', role: 'group', 'aria-label': PLANNER.trialOf(sayDay(day)) },
    h(
      'p',
      { class: 'trial-head' },
      h('span', { class: 'mark trial-mark' }, PLANNER.trial),
      h('strong', {}, PLANNER.trialOf(sayDay(day))),
    ),
    h('p', { class: 'trial-headline' }, then.headline),
    h(
      'table',
      { class: 'now-then' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('td', {}),
          h('th', { scope: 'col' }, PLANNER.was),
          h('th', { scope: 'col' }, `→ ${PLANNER.trial}`),
        ),
      ),
      h(
        'tbody',
        {},
        line(rows.date, closeOf),
        line(rows.verdict, verdict),
        line(rows.bill, billOf),
        line(rows.window, windowOf),
      ),
    ),
    h('p', { class: 'note' }, PLANNER.notWritten),
    h(
      'div',
      { class: 'buttons' },
      h('button', { type: 'button', class: 'primary', focus: 'use-date', click: onUse }, PLANNER.use),
      h('button', { type: 'button', click: onDismiss }, PLANNER.dismiss),
    ),
  );
};

/**
 * @param {Planner} plan
 * @param {(day: string) => void} tryDay
 */
const plannerTable = (plan, present, tryDay) =>
  h(
    'div',
    { class: 'scroll' },
    h(
      'table',
      { class: 'planner' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          PLANNER.headings.map((heading) => h('th', { scope: 'col' }, heading)),
        ),
      ),
      h(
        'tbody',
        {},
        plan.months.map((month) => {
          const isBest = plan.best?.closeMonth === month.closeMonth;
          const day = isBest ? plan.best.lastDay : lastDayOf(month.closeMonth);
          const [bill, spend, result, discount] = PLANNER.headings.slice(1);
          return h(
            'tr',
            { class: isBest ? 'best' : '', click: () => tryDay(day) },
            h(
              'th',
              { scope: 'row' },
              h(
                'button',
                {
                  type: 'button',
                  class: 'link',
                  title: PLANNER.tryDay(sayDay(day)),
                  focus: `try-${month.closeMonth}`,
                },
                sayMonth(month.closeMonth),
              ),
              isBest && h('span', { class: 'mark' }, `★ ${PLANNER.best}`),
              present === month.closeMonth && h('span', { class: 'mark' }, PLANNER.present),
            ),
            h('td', { 'data-label': bill }, sayMonth(month.spendMonth)),
            h(
              'td',
              { class: 'number', 'data-label': spend },
              month.amount === null ? PLANNER.unknown : sayUsd(month.amount),
            ),
            h('td', { 'data-label': result }, badge(wordFor(PLANS, month.state), 'quiet')),
            h('td', { 'data-label': discount }, WINDOW.span(sayDay(month.start), sayDay(month.end))),
          );
        }),
      ),
    ),
  );

/**
 * The months to choose from, and a day to try.
 * @param {OpportunityReport} report
 * @param {{ onTry: (facts: string[][]) => Promise<OpportunityReport | null>, onState: (facts: string[][], isForAll: boolean) => void }} context
 */
export const plannerPanel = (report, { onTry, onState }) => {
  const plan = report.planner;
  if (!plan) {
    return null;
  }
  const present = report.facts.target_close_date?.value?.slice(0, 7);
  const slot = h('div');
  let asked = 0;
  const tryDay = async (day) => {
    asked += 1;
    const round = asked;
    input.value = day;
    const then = await onTry([['target_close_date', day]]).catch(() => null);
    if (round !== asked) {
      return;
    }
    if (!then) {
      slot.replaceChildren();
      announce(PLANNER.failed);
      return;
    }
    slot.replaceChildren(
      comparison(report, then, day, {
        onUse: () => onState([['target_close_date', day]], false),
        onDismiss: () => {
          slot.replaceChildren();
          input.value = '';
          input.focus();
          announce(PLANNER.dismissed);
        },
      }),
    );
    slot.scrollIntoView({ block: 'nearest' });
    announce(PLANNER.said(then.headline), true);
  };
  const input = /** @type {HTMLInputElement} */ (
    h('input', {
      type: 'date',
      id: 'try-date',
      focus: 'try-date',
      'aria-describedby': 'try-hint',
      input: () => /^[1-9]\d{3}-/.test(input.value) && tryDay(input.value),
    })
  );
  return h(
    'details',
    { keep: 'planner', class: 'panel', open: true },
    h('summary', {}, PLANNER.title),
    plan.best
      ? h(
          'p',
          {},
          PLANNER.bestBefore,
          h('strong', {}, sayDay(plan.best.lastDay)),
          PLANNER.bestAfter(sayMonth(plan.best.closeMonth)),
        )
      : h('p', {}, PLANNER.none),
    h(
      'div',
      { class: 'try' },
      h('label', { for: 'try-date' }, PLANNER.ask),
      input,
      h('span', { class: 'note', id: 'try-hint' }, PLANNER.hint),
    ),
    slot,
    plannerTable(plan, present, tryDay),
  );
};
