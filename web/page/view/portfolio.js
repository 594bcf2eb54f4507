// All opportunities at once: counts that filter, what shows only across documents, metrics.

import { PAYMENTS, SUBMISSION, UPKEEP, VERDICTS, sayCount, sayUsd } from '../words.js';
import { badge, byId, draw, h, wordFor } from './dom.js';
import { problemItem } from './input.js';

/** @import { Changes, Metric, Reconciliation, SetFinding, Summary } from '../report.js' */

const chip = (kind, value, word, count, query, onFilter) => {
  const on = query[kind].includes(value);
  return h(
    'button',
    {
      type: 'button',
      class: `chip ${word.tone}`,
      'aria-pressed': String(on),
      focus: `${kind}-${value}`,
      title: word.says,
      click: () => onFilter(kind, value),
    },
    h('span', { class: 'symbol', 'aria-hidden': 'true' }, word.symbol),
    ` ${word.label} `,
    h('strong', {}, count.toLocaleString('en')),
  );
};

const chips = (label, kind, table, counts, query, onFilter) => {
  const present = Object.keys(table).filter((value) => counts[value] > 0);
  return h(
    'div',
    { class: 'chips', role: 'group', 'aria-label': label },
    h('span', { class: 'chips-label' }, label),
    present.map((value) => chip(kind, value, table[value], counts[value], query, onFilter)),
  );
};

/** @param {Metric} metric */
const metric = ({ name, definition, numerator, denominator, rate }) =>
  h(
    'tr',
    { title: definition },
    h('th', { scope: 'row' }, name),
    h('td', { class: 'number' }, denominator === 0 ? 'none to count' : `${numerator} of ${denominator}`),
    h('td', { class: 'number' }, rate === null ? '–' : `${(Number(rate) * 100).toFixed(1)} %`),
  );

const links = (keys, onOpen) =>
  keys.length > 0 &&
  h(
    'span',
    { class: 'links' },
    keys
      .slice(0, 20)
      .map((key) => h('button', { type: 'button', class: 'link', click: () => onOpen(key) }, key)),
  );

/** @param {SetFinding[]} findings */
const setFindings = (findings, { onOpen, onPlace }) =>
  findings.length > 0 &&
  h(
    'details',
    { keep: 'set', class: 'panel', open: findings.length <= 3 },
    h('summary', {}, `Across your documents: ${sayCount(findings.length, ['finding', 'findings'])}`),
    h(
      'ul',
      { class: 'findings' },
      findings.slice(0, 200).map((finding) =>
        h(
          'li',
          {},
          h('p', {}, h('strong', {}, finding.message), ' ', finding.remedy),
          links(finding.opportunities, onOpen),
          finding.places
            .slice(0, 5)
            .map((place) =>
              h(
                'button',
                { type: 'button', class: 'link', click: () => onPlace(place) },
                `Show line ${place.line}`,
              ),
            ),
        ),
      ),
      findings.length > 200 && h('li', {}, `and ${findings.length - 200} more; all are in the JSON report`),
    ),
  );

/** @param {Reconciliation | null} found */
const reconciliation = (found, onOpen) =>
  found &&
  h(
    'details',
    { keep: 'paid', class: 'panel', open: true },
    h('summary', {}, 'What AWS pays'),
    h(
      'p',
      {},
      `Partner-originated discount paid: ${sayUsd(found.partnerOriginated)}. Running windows without it: ${found.unpaidAccounts}. `,
      `Accounts at the no-EUR rate: ${found.noEurAccounts} (${sayUsd(found.noEur)}). Unexplained: ${sayUsd(found.unexplained)} on ${found.unexplainedAccounts}.`,
    ),
    h(
      'ul',
      { class: 'findings' },
      found.accounts
        .filter((account) => account.finding !== 'nothing')
        .slice(0, 200)
        .map((account) =>
          h(
            'li',
            {},
            badge(wordFor(PAYMENTS, account.finding)),
            ' ',
            account.message,
            ' ',
            account.key && links([account.key], onOpen),
          ),
        ),
    ),
  );

/** @param {Changes | null} changed */
const changes = (changed, onOpen) =>
  changed &&
  h(
    'details',
    { keep: 'changes', class: 'panel', open: true },
    h(
      'summary',
      {},
      `Since the report of ${changed.since}: ${sayCount(changed.changed.length, ['verdict changed', 'verdicts changed'])}, ${changed.new.length} new, ${changed.gone.length} gone`,
    ),
    h(
      'ul',
      { class: 'findings' },
      changed.changed.map(({ key, from, to }) =>
        h(
          'li',
          {},
          links([key], onOpen),
          ': ',
          wordFor(VERDICTS, from).label,
          ' → ',
          badge(wordFor(VERDICTS, to)),
        ),
      ),
      changed.new.length > 0 && h('li', {}, 'New: ', links(changed.new, onOpen)),
      changed.gone.length > 0 && h('li', {}, `Gone: ${changed.gone.slice(0, 50).join(', ')}`),
    ),
  );

/**
 * What to do when there is no opportunity to judge.
 * @param {Summary} summary
 */
const withoutOpportunity = ({ documents }) => {
  const isUseful = documents.some(
    ({ kind }) => kind !== 'ignored' && kind !== 'opportunities' && kind !== 'facts',
  );
  return h(
    'div',
    {},
    h(
      'p',
      { class: 'lead' },
      h('strong', {}, isUseful ? 'Now add the opportunities.' : 'No opportunity was found in what you gave.'),
    ),
    h(
      'p',
      {},
      isUseful
        ? 'What you gave so far belongs to opportunities and says nothing without them. Paste or open an ACE export, or JSON from GetOpportunity; they are joined by AWS account id.'
        : 'An opportunity comes as rows of an ACE export with their headings, as JSON from GetOpportunity, or as facts such as “stage = Committed”, one a line. What each document was taken for stands beside its name.',
    ),
  );
};

/**
 * Draws what is said of all opportunities together.
 * @param {Summary} summary
 */
export const drawPortfolio = (summary, query, listener) => {
  const { portfolio } = summary;
  const many = portfolio.opportunities > 1;
  draw(
    byId('portfolio'),
    portfolio.opportunities === 0 && summary.documents.length > 0 && withoutOpportunity(summary),
    many &&
      h(
        'p',
        { class: 'lead' },
        h('strong', {}, sayCount(portfolio.opportunities, ['opportunity', 'opportunities'])),
        '. Choose a count to see only those.',
      ),
    many && chips('Discount', 'verdicts', VERDICTS, portfolio.verdicts, query, listener.onFilter),
    many &&
      h(
        'details',
        { keep: 'more-counts', class: 'inline-details', open: true },
        h('summary', {}, 'Submission and upkeep'),
        chips('Submission', 'submission', SUBMISSION, portfolio.submission, query, listener.onFilter),
        chips('Upkeep', 'upkeep', UPKEEP, portfolio.upkeep, query, listener.onFilter),
      ),
    reconciliation(summary.reconciliation, listener.onOpen),
    changes(summary.changes, listener.onOpen),
    // What was not used at all is said on the document's own card; without opportunities, no row can match one.
    portfolio.opportunities > 0 &&
      setFindings(
        summary.set.filter((finding) => finding.rule !== 'SET004'),
        listener,
      ),
    many &&
      h(
        'details',
        { keep: 'metrics', class: 'panel' },
        h('summary', {}, 'Metrics of the guide'),
        h(
          'div',
          { class: 'scroll' },
          h('table', { class: 'metrics' }, h('tbody', {}, portfolio.metrics.map(metric))),
        ),
      ),
  );
};

/** Draws what could not be used at all. */
export const drawProblems = (problems, onPlace) => {
  draw(
    byId('problems'),
    problems.length > 0 &&
      h(
        'ul',
        { class: 'problem' },
        problems.map((problem) => problemItem(problem, onPlace)),
      ),
  );
};
