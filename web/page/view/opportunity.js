// One opportunity: the verdict, the next thing to do, when the discount runs, and why.

import {
  PLANS,
  SPEND_STATES,
  SUBMISSION,
  UPKEEP,
  VERDICTS,
  WINDOWS,
  sayCount,
  sayDay,
  sayDistance,
  sayMonth,
  sayUsd,
} from '../words.js';
import { checkSections, factsTable } from './checks.js';
import { completeForm } from './complete.js';
import { badge, byId, draw, h, wordFor } from './dom.js';

/** @import { Action, DocumentReport, OpportunityReport, Planner, SpendMonthReport, WindowReport } from '../report.js' */
/** @import { Statement } from './complete.js' */
/**
 * @typedef {object} Context what is around the opportunity, and who listens
 * @property {string} asOf
 * @property {DocumentReport[]} documents
 * @property {Statement[]} statements
 * @property {boolean} isAlone
 * @property {() => void} onBack
 * @property {(place: object) => void} onPlace
 * @property {(rule: string) => Promise<any>} onExplain
 * @property {(facts: string[][], isForAll: boolean) => void} onState
 * @property {(said: Statement[]) => void} onTakeBack
 */

/** @param {Action} action */
const dueText = (action, asOf) =>
  action.due ? `${sayDay(action.due)} (${sayDistance(asOf, action.due)})` : null;

/** @param {Action | undefined} action */
const nextThing = (action, asOf) =>
  action &&
  h(
    'div',
    { class: 'next-thing' },
    h('h4', {}, 'Do this next'),
    h('p', {}, action.text),
    action.due &&
      h(
        'p',
        { class: action.due < asOf ? 'late' : 'under' },
        action.due < asOf ? `Was due ${dueText(action, asOf)}` : `By ${dueText(action, asOf)}`,
      ),
  );

/** @param {WindowReport} found */
const windowText = (found) => {
  const when = `${sayDay(found.start)} to ${sayDay(found.end)}`;
  const state =
    found.state === 'active' && found.month ? `month ${found.month}, running` : WINDOWS[found.state];
  return [
    h('strong', {}, when),
    ` (${state}${found.assumesLaunch && found.state !== 'void' ? ', if launched' : ''})`,
  ];
};

/** @param {SpendMonthReport} spend */
const spendText = (spend) => [
  h('strong', {}, sayMonth(spend.month)),
  ` (${SPEND_STATES[spend.state]}): `,
  spend.amount === null ? 'not known' : h('strong', {}, sayUsd(spend.amount)),
  spend.amount !== null && spend.state === 'running' ? ' so far' : '',
  `; must stay below ${sayUsd(spend.threshold)}`,
];

const pair = (term, ...description) => [h('dt', {}, term), h('dd', {}, ...description)];

/** @param {OpportunityReport} report */
const keyFacts = (report, asOf) =>
  h(
    'dl',
    { class: 'pairs key-facts' },
    report.window &&
      pair(
        'Discount',
        ...windowText(report.window),
        report.window.condition && h('span', { class: 'under' }, report.window.condition),
      ),
    report.spendMonth && pair('Spend that counts', ...spendText(report.spendMonth)),
    report.stage &&
      pair(
        'Stage',
        h('strong', {}, report.stage.value),
        report.stage.next ? `, next: ${report.stage.next}` : '',
        h('span', { class: 'under' }, report.stage.requires),
      ),
    report.update &&
      pair(
        'Last update',
        h('strong', {}, sayDay(report.update.last)),
        report.update.daysOverdue > 0
          ? h('span', { class: 'late' }, `; the next was due ${sayDay(report.update.due)}`)
          : `; the next is due ${sayDay(report.update.due)} (${sayDistance(asOf, report.update.due)})`,
      ),
    report.review &&
      report.review.earliest &&
      pair(
        'AWS’s review',
        `should end between ${sayDay(report.review.earliest)} and ${sayDay(report.review.latest)}`,
      ),
  );

/** @param {Action[]} actions */
const actionList = (actions, asOf) =>
  actions.length > 1 &&
  h(
    'details',
    { keep: 'actions', class: 'panel', open: true },
    h('summary', {}, `Everything to do, by date (${actions.length})`),
    h(
      'ol',
      { class: 'actions' },
      actions.map((action) =>
        h(
          'li',
          {},
          h(
            'span',
            { class: action.due && action.due < asOf ? 'when late' : 'when' },
            action.due ? sayDay(action.due) : 'Any time',
          ),
          h('span', {}, action.text, ' ', h('code', { class: 'under-inline' }, action.rule)),
        ),
      ),
    ),
  );

/** @param {Planner | null} plan */
const planner = (plan) =>
  plan &&
  h(
    'details',
    {
      keep: 'planner',
      class: 'panel',
      open: plan.months.some((month) => month.state === 'qualifies' || month.state === 'fails'),
    },
    h('summary', {}, 'If you moved the close date'),
    plan.best
      ? h(
          'p',
          {},
          'Best choice: close by ',
          h('strong', {}, sayDay(plan.best.lastDay)),
          ', so in ',
          sayMonth(plan.best.closeMonth),
          '.',
        )
      : h('p', {}, 'No month can be recommended as things stand.'),
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
            ['Close in', 'Bill that counts', 'Spend', 'Result', 'Discount'].map((heading) =>
              h('th', { scope: 'col' }, heading),
            ),
          ),
        ),
        h(
          'tbody',
          {},
          plan.months.map((month) =>
            h(
              'tr',
              { class: plan.best?.closeMonth === month.closeMonth ? 'best' : '' },
              h('th', { scope: 'row' }, sayMonth(month.closeMonth)),
              h('td', {}, sayMonth(month.spendMonth)),
              h('td', { class: 'number' }, month.amount === null ? '–' : sayUsd(month.amount)),
              h('td', {}, badge(wordFor(PLANS, month.state), 'quiet')),
              h('td', {}, `${sayDay(month.start)} to ${sayDay(month.end)}`),
            ),
          ),
        ),
      ),
    ),
  );

const title = (report) => report.customer ?? report.title ?? report.key;

/** @param {OpportunityReport} report */
const heading = (report) => {
  const verdict = wordFor(VERDICTS, report.verdict);
  const under = [
    report.customer && report.title,
    report.key,
    report.accountId && `account ${report.accountId}`,
  ];
  return h(
    'div',
    { class: `verdict ${verdict.tone}` },
    h(
      'div',
      { class: 'verdict-head' },
      badge(verdict, 'large'),
      h('h3', { tabindex: '-1', id: 'opportunity-title' }, title(report)),
    ),
    h('p', { class: 'under' }, under.filter(Boolean).join(' · ')),
    h('p', { class: 'headline' }, report.headline),
    h(
      'div',
      { class: 'badges' },
      badge(wordFor(SUBMISSION, report.submission), 'quiet'),
      badge(wordFor(UPKEEP, report.upkeep), 'quiet'),
    ),
  );
};

/**
 * @param {OpportunityReport[]} copies
 * @param {Context} context
 */
const splitCopies = (copies, context) =>
  copies.length > 0 &&
  h(
    'div',
    { class: 'split' },
    h('h4', {}, `One opportunity for each account: ${sayCount(copies.length, ['copy', 'copies'])}`),
    copies.map((copy) =>
      h(
        'details',
        { keep: `split-${copy.key}`, class: 'panel' },
        h('summary', {}, badge(wordFor(VERDICTS, copy.verdict)), ` ${copy.key}`),
        h('p', { class: 'headline' }, copy.headline),
        keyFacts(copy, context.asOf),
        checkSections(copy.checks, context.documents, context),
      ),
    ),
  );

/**
 * Draws an opportunity; nothing when there is none.
 * @param {OpportunityReport | null} report
 * @param {Context} context
 */
export const drawOpportunity = (report, context) => {
  const container = byId('opportunity');
  if (report === null) {
    container.replaceChildren();
    return;
  }
  draw(
    container,
    !context.isAlone &&
      h(
        'div',
        { class: 'buttons' },
        h('button', { type: 'button', focus: 'back', click: context.onBack }, '← All opportunities'),
      ),
    heading(report),
    nextThing(report.actions[0], context.asOf),
    keyFacts(report, context.asOf),
    completeForm(report, context.statements, context.isAlone, context),
    actionList(report.actions, context.asOf),
    planner(report.planner),
    splitCopies(report.split, context),
    h('h4', { class: 'checks-title' }, 'Every check'),
    ...checkSections(report.checks, context.documents, context),
    factsTable(report.facts, context.documents, context),
  );
};
