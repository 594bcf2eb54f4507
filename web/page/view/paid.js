// What AWS pays against what it should: missing money first.

import { PAID, PAYMENTS, sayUsd } from '../words.js';
import { badge, byId, draw, h, wordFor } from './dom.js';
import { opener } from './master.js';

/** How many accounts are shown at first, and how many more at a time. */
export const PAID_ROWS = 200;

/** @import { ReconciledAccount, Reconciliation } from '../report.js' */

/**
 * @param {Reconciliation} found
 * @returns {[string, string, number, string | null][]} finding, label, accounts, amount
 */
const paidSums = (found) => {
  const count = (finding) => found.accounts.filter((account) => account.finding === finding).length;
  return [
    ['unpaid', PAID.unpaid, found.unpaidAccounts, null],
    ['no_eur', PAID.noEur, found.noEurAccounts, found.noEur],
    ['unexplained', PAID.unexplained, found.unexplainedAccounts, found.unexplained],
    ['paid', PAID.paid, count('paid'), found.partnerOriginated],
    ['nothing', PAID.nothing, count('nothing'), null],
  ];
};

const sumLine = ([finding, label, accounts, amount], chosen, onShow) =>
  h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row' },
      badge(wordFor(PAYMENTS, finding), 'quiet'),
      h('span', { class: 'under' }, label),
    ),
    h(
      'td',
      { class: 'number' },
      accounts > 0
        ? h(
            'button',
            {
              type: 'button',
              class: 'link',
              focus: `paid-${finding}`,
              'aria-label': PAID.list(label, accounts),
              'aria-pressed': String(chosen === finding),
              click: () => onShow({ finding: chosen === finding ? '' : finding, limit: PAID_ROWS }),
            },
            accounts.toLocaleString('en'),
          )
        : '0',
    ),
    h('td', { class: 'number' }, amount === null ? PAID.noAmount : sayUsd(amount)),
  );

const isSum = (amount) => /[1-9]/.test(amount);

/** What is paid within the window and outside it, which are never added up here. */
const paidSum = ({ partnerOriginated, outside }) =>
  [partnerOriginated, outside].filter(isSum).map(sayUsd).join(' + ') || sayUsd('0');

/** Whether an account counts in the line of a finding: money can be missing and wrong at once. */
const counts = (account, finding) =>
  account.finding === finding ||
  (finding === 'no_eur' && isSum(account.noEur)) ||
  (finding === 'unexplained' && isSum(account.outside));

/** @param {ReconciledAccount} account */
const accountLine = (account) =>
  h(
    'tr',
    {},
    h('th', { scope: 'row', class: 'number' }, account.accountId),
    h('td', {}, account.key === null ? PAID.noOpportunity : opener(account.key, account.key, 'open')),
    h('td', { class: 'number' }, paidSum(account)),
    h('td', {}, badge(wordFor(PAYMENTS, account.finding)), ' ', account.message),
  );

const paidHead = (headings) =>
  h(
    'thead',
    {},
    h(
      'tr',
      {},
      headings.map((heading) => (heading ? h('th', { scope: 'col' }, heading) : h('td', {}))),
    ),
  );

/**
 * Draws the comparison; how to get one when there is none.
 * @param {Reconciliation | null} found
 * @param {{ finding: string, limit: number }} shown one finding or, when empty, all but what is as it should be
 * @param {(change: object) => void} onShow
 */
export const drawPaid = (found, shown, onShow) => {
  if (found === null) {
    draw(byId('view-paid'), h('p', { class: 'nothing' }, PAID.absent), h('p', { class: 'note' }, PAID.drop));
    return;
  }
  const wanted = found.accounts.filter((account) =>
    shown.finding === '' ? account.finding !== 'nothing' : counts(account, shown.finding),
  );
  const rest = wanted.length - shown.limit;
  draw(
    byId('view-paid'),
    h('p', { class: 'note' }, PAID.lead),
    h(
      'table',
      { class: 'sums' },
      h('caption', { class: 'hidden' }, PAID.caption),
      paidHead(PAID.headings),
      h(
        'tbody',
        {},
        paidSums(found).map((sum) => sumLine(sum, shown.finding, onShow)),
      ),
    ),
    h(
      'div',
      { class: 'scroll' },
      h(
        'table',
        { class: 'accounts' },
        paidHead(PAID.lines),
        h('tbody', {}, wanted.slice(0, shown.limit).map(accountLine)),
      ),
    ),
    rest > 0 &&
      h(
        'button',
        { type: 'button', focus: 'paid-more', click: () => onShow({ limit: shown.limit + PAID_ROWS }) },
        PAID.more(Math.min(rest, PAID_ROWS)),
      ),
  );
};
