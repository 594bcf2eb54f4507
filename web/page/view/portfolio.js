// All opportunities at a glance: how many earn the discount, counts that filter, what to give next.

import { OVERVIEW, SUBMISSION, UPKEEP, VERDICTS } from '../words.js';
import { byId, draw, h } from './dom.js';
import { problemItem } from './input.js';

/** @import { Query, Summary, WantedDocument } from '../report.js' */

/** A count that filters the list. */
const countButton = (name, kind, value, word, count, query, onFilter) =>
  h(
    'button',
    {
      type: 'button',
      class: `${name} ${word.tone}`,
      'aria-pressed': String(query[kind].includes(value)),
      focus: `${kind}-${value}`,
      title: word.says,
      click: () => onFilter(kind, value),
    },
    h('strong', {}, count.toLocaleString('en')),
    ' ',
    h(
      'span',
      { class: 'word' },
      h('span', { class: 'symbol', 'aria-hidden': 'true' }, word.symbol),
      word.label,
    ),
  );

const countButtons = (name, label, kind, table, counts, query, onFilter) =>
  h(
    'div',
    { class: `${name}s`, role: 'group', 'aria-label': label },
    // What is filtered by stays in reach when nothing of it is left.
    Object.keys(table)
      .filter((value) => counts[value] > 0 || query[kind].includes(value))
      .map((value) => countButton(name, kind, value, table[value], counts[value] ?? 0, query, onFilter)),
  );

const chipsOf = (label, ...rest) =>
  h(
    'div',
    { class: 'chip-line' },
    h('span', { class: 'under' }, label),
    countButtons('chip', label, ...rest),
  );

/**
 * What to do when there is no opportunity to judge.
 * @param {Summary} summary
 */
const withoutOpportunity = ({ documents }) => {
  const isUseful = documents.some(
    ({ kind }) => kind !== 'ignored' && kind !== 'opportunities' && kind !== 'facts',
  );
  const { lead, text } = isUseful ? OVERVIEW.addOpportunities : OVERVIEW.noOpportunity;
  return h('div', {}, h('p', { class: 'lead' }, h('strong', {}, lead)), h('p', {}, text));
};

/** A line that says what would tell more, with a button that leads there. */
const notice = (symbol, name, label, onClick, ...text) =>
  h(
    'div',
    { class: 'notice' },
    h('span', { class: 'symbol', 'aria-hidden': 'true' }, symbol),
    h(
      'p',
      {},
      ...text,
      ' ',
      h('button', { type: 'button', class: 'link', focus: name, click: onClick }, label),
    ),
  );

/** @param {WantedDocument[]} wanted the files that would decide most, most useful first */
const nextFile = ([first], onOpenFiles) =>
  first &&
  notice(
    '+',
    'next-file',
    OVERVIEW.openFiles,
    onOpenFiles,
    h('strong', {}, `${OVERVIEW.wanted}: `),
    first.message,
  );

const findingsNotice = (count, onFindings) =>
  count > 0 && notice('!', 'show-findings', OVERVIEW.showFindings, onFindings, OVERVIEW.findings(count));

const goodSentence = ({ verdicts, opportunities }, due, onDue) =>
  h(
    'p',
    { class: 'lead' },
    h('strong', {}, OVERVIEW.good((verdicts.eligible ?? 0) + (verdicts.on_track ?? 0), opportunities)),
    due === null ? '.' : '; ',
    due !== null &&
      due > 0 &&
      h('button', { type: 'button', class: 'link due', focus: 'due', click: onDue }, OVERVIEW.due(due)),
    due === 0 && OVERVIEW.due(0),
    due !== null && '.',
  );

/**
 * Draws what is said of all opportunities together.
 * @param {Summary} summary
 * @param {Query} query
 * @param {number | null} due how many opportunities have something due this week; null when that is not known yet
 * @param {{ onFilter: (kind: string, value: string) => void, onDue: () => void, onFindings: () => void, onOpenFiles: () => void }} listener
 */
export const drawPortfolio = (summary, query, due, { onFilter, onDue, onFindings, onOpenFiles }) => {
  const { portfolio } = summary;
  const many = portfolio.opportunities > 1;
  draw(
    byId('portfolio'),
    portfolio.opportunities === 0 && summary.documents.length > 0 && withoutOpportunity(summary),
    many && goodSentence(portfolio, due, onDue),
    many &&
      countButtons('tile', OVERVIEW.verdicts, 'verdicts', VERDICTS, portfolio.verdicts, query, onFilter),
    many &&
      h(
        'details',
        { keep: 'more-counts', class: 'inline-details' },
        h('summary', {}, OVERVIEW.more),
        chipsOf(OVERVIEW.submission, 'submission', SUBMISSION, portfolio.submission, query, onFilter),
        chipsOf(OVERVIEW.upkeep, 'upkeep', UPKEEP, portfolio.upkeep, query, onFilter),
      ),
    portfolio.opportunities > 0 && nextFile(summary.wanted, onOpenFiles),
    many && findingsNotice(saidOfSet(summary).length, onFindings),
  );
};

/**
 * What shows only across documents. What was not used at all is said on the document's own card.
 * @param {Summary} summary
 */
export const saidOfSet = (summary) => summary.set.filter((finding) => finding.rule !== 'SET004');

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
