// One opportunity: the verdict, the next thing to do, when and what decides it, and why.

import {
  COMPLETE,
  DEAL,
  SUBMISSION,
  UPKEEP,
  VERDICTS,
  WINDOW,
  WINDOWS,
  sayDay,
  sayDistance,
} from '../words.js';
import { checkSections } from './checks.js';
import { completeForm, completionId, missingFacts } from './complete.js';
import { badge, byId, draw, h, reveal, wordFor } from './dom.js';
import { factsPanel, statedStrip } from './facts.js';
import { plannerPanel } from './planner.js';
import { spendPanel } from './spend.js';
import { monthsOf, timeline } from './timeline.js';

/** @import { Action, DocumentReport, OpportunityReport, WindowReport } from '../report.js' */
/** @import { Statement } from './complete.js' */
/**
 * @typedef {object} Context what is around the opportunity, and who listens
 * @property {string} asOf
 * @property {DocumentReport[]} documents
 * @property {Statement[]} statements
 * @property {boolean} isAlone
 * @property {(place: object) => void} onPlace
 * @property {(rule: string) => Promise<any>} onExplain
 * @property {(facts: string[][], isForAll: boolean) => void} onState
 * @property {(facts: string[][]) => Promise<OpportunityReport | null>} onTry
 * @property {(said: Statement[]) => void} onTakeBack
 */

/** A day as a leaf of a calendar. */
const leaf = (day) => {
  const [date, month, year] = sayDay(day).split(' ');
  return h(
    'span',
    { class: 'leaf', 'aria-hidden': 'true' },
    h('span', { class: 'leaf-month' }, month),
    h('span', { class: 'leaf-day' }, date),
    h('span', { class: 'leaf-year' }, year),
  );
};

/** When something is due: the day for those who cannot see the leaf, and how far away it is. */
const dueLine = (due, asOf) => {
  const isLate = due < asOf;
  return h(
    'p',
    { class: isLate ? 'due-line late' : 'due-line' },
    h('span', { class: 'hidden' }, (isLate ? DEAL.wasDue : DEAL.by)(sayDay(due))),
    sayDistance(asOf, due),
    isLate && h('span', { class: 'badge bad' }, `! ${DEAL.overdue}`),
  );
};

/**
 * @param {OpportunityReport} report
 * @param {string} asOf
 */
const nextThing = (report, asOf, ...buttons) => {
  const [action] = report.actions;
  return h(
    'div',
    { class: `next-thing ${action ? '' : 'is-done'} ${action?.due && action.due < asOf ? 'is-late' : ''}` },
    h('h4', {}, DEAL.next),
    action
      ? h(
          'div',
          { class: 'next-body' },
          action.due && h('div', { class: 'next-when' }, leaf(action.due), dueLine(action.due, asOf)),
          h('p', { class: 'next-text' }, action.text),
        )
      : h('p', {}, DEAL.nothing),
    action && buttons.length > 0 && h('div', { class: 'buttons' }, ...buttons),
  );
};

/** What helps with the next thing: its check, and the form when a fact is all that is missing. */
const nextButtons = (report) => {
  const [action] = report.actions;
  const check = action && report.checks.find(({ rule }) => rule === action.rule);
  const wanted = missingFacts(report).find((name) =>
    check?.facts.some((fact) => name === fact || name.startsWith(`${fact}.`)),
  );
  const button = (label, selector, className = '') =>
    h(
      'button',
      { type: 'button', class: className, click: () => reveal(byId('opportunity').querySelector(selector)) },
      label,
    );
  return [
    check?.outcome === 'unknown' &&
      wanted &&
      button(COMPLETE.here, `#${CSS.escape(completionId(wanted))}`, 'primary'),
    check && button(DEAL.why, `[data-rule="${check.rule}"]`),
  ].filter(Boolean);
};

const pair = (term, ...description) => [h('dt', {}, term), h('dd', {}, ...description)];

/** @param {OpportunityReport} report */
const standing = (report, asOf) => {
  const { stage, update, review, window } = report;
  const found = [
    stage &&
      pair(
        DEAL.stage,
        h('strong', {}, stage.value),
        stage.next ? DEAL.nextStage(stage.next) : '',
        h('span', { class: 'under' }, stage.requires),
      ),
    update &&
      pair(
        DEAL.update,
        h('strong', {}, sayDay(update.last)),
        update.daysOverdue > 0
          ? h('span', { class: 'late' }, DEAL.updateWasDue(sayDay(update.due), sayDistance(asOf, update.due)))
          : DEAL.updateDue(sayDay(update.due), sayDistance(asOf, update.due)),
      ),
    review?.earliest && pair(DEAL.review, DEAL.reviewEnds(sayDay(review.earliest), sayDay(review.latest))),
    window && pair(DEAL.discount, ...windowText(window), h('span', { class: 'under' }, window.condition)),
  ].filter(Boolean);
  return (
    found.length > 0 &&
    h('div', { class: 'standing' }, h('h4', {}, DEAL.standing), h('dl', { class: 'pairs' }, ...found.flat()))
  );
};

/** @param {WindowReport} window */
const windowText = (window) => {
  const running =
    window.state === 'active' &&
    window.month &&
    `${WINDOW.month(window.month, monthsOf(window))}, ${WINDOW.running}`;
  const isOpen = window.assumesLaunch && window.state !== 'void';
  // What waits for the launch has not started.
  const state = isOpen && window.state === 'upcoming' ? null : running || WINDOWS[window.state];
  return [
    h('strong', {}, WINDOW.span(sayDay(window.start), sayDay(window.end))),
    ` (${[state, isOpen && WINDOW.ifLaunched].filter(Boolean).join(', ')})`,
  ];
};

/** @param {Action[]} actions all but the first, which stands on its own */
const actionList = (actions, asOf) =>
  actions.length > 0 &&
  h(
    'details',
    { keep: 'actions', class: 'panel', open: true },
    h('summary', {}, DEAL.then(actions.length)),
    h(
      'ol',
      { class: 'actions' },
      actions.map((action) => {
        const isLate = action.due !== null && action.due < asOf;
        return h(
          'li',
          {},
          h('span', { class: isLate ? 'when late' : 'when' }, action.due ? sayDay(action.due) : DEAL.anyTime),
          h(
            'span',
            {},
            isLate && h('span', { class: 'badge bad' }, `! ${DEAL.overdue}`),
            isLate && ' ',
            action.text,
            ' ',
            h('code', { class: 'under-inline' }, action.rule),
          ),
        );
      }),
    ),
  );

/** @param {OpportunityReport} report */
const hero = (report, context) => {
  const verdict = wordFor(VERDICTS, report.verdict);
  const under = [
    report.customer && report.title,
    report.key,
    report.accountId && DEAL.account(report.accountId),
  ];
  return h(
    'div',
    { class: `hero ${verdict.tone}` },
    h(
      'div',
      { class: 'hero-verdict' },
      badge(verdict, 'large'),
      h('h3', { tabindex: '-1', id: 'opportunity-title' }, report.customer ?? report.title ?? report.key),
      h('p', { class: 'under' }, under.filter(Boolean).join(' · ')),
      h('p', { class: 'headline' }, report.headline),
      h(
        'div',
        { class: 'badges' },
        badge(wordFor(SUBMISSION, report.submission), 'quiet'),
        badge(wordFor(UPKEEP, report.upkeep), 'quiet'),
        h(
          'button',
          {
            type: 'button',
            class: 'link',
            click: () => {
              byId('facts').open = true;
              byId('facts').scrollIntoView();
              byId('facts').querySelector('summary').focus({ preventScroll: true });
            },
          },
          DEAL.correct,
        ),
      ),
    ),
    nextThing(report, context.asOf, ...nextButtons(report)),
  );
};

/**
 * @param {OpportunityReport} copy
 * @param {Context} context
 */
const splitCard = (copy, context) => {
  const verdict = wordFor(VERDICTS, copy.verdict);
  return h(
    'li',
    { class: `split-card ${verdict.tone}` },
    h(
      'div',
      { class: 'verdict-head' },
      badge(verdict),
      h('strong', {}, DEAL.copyOf(copy.accountId ?? copy.key)),
    ),
    h('p', {}, copy.headline),
    nextThing(copy, context.asOf),
    h(
      'details',
      { keep: `split-${copy.key}` },
      h('summary', {}, DEAL.copyChecks),
      spendPanel(copy, { asOf: context.asOf }),
      standing(copy, context.asOf),
      // What is stated is stated of the record as it is; a copy is only shown.
      checkSections(copy, { ...context, onState: undefined }),
    ),
  );
};

/** @param {Context} context */
const splitCopies = (copies, context) =>
  copies.length > 0 &&
  h(
    'div',
    { class: 'split' },
    h('h4', {}, DEAL.split(copies.length)),
    h('p', { class: 'note' }, DEAL.splitWhy),
    h(
      'ul',
      { class: 'split-cards' },
      copies.map((copy) => splitCard(copy, context)),
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
  const { asOf } = context;
  draw(
    container,
    hero(report, context),
    statedStrip(report, context),
    completeForm(report, context),
    splitCopies(report.split, context),
    timeline(report, asOf),
    h(
      'div',
      { class: 'beside' },
      // The bill of a record with several accounts is nobody's: each copy has its own.
      report.split.length === 0 && spendPanel(report, context),
      standing(report, asOf),
    ),
    actionList(report.actions.slice(1), asOf),
    plannerPanel(report, context),
    h('div', { class: 'every-check' }, h('h4', {}, DEAL.checks), checkSections(report, context)),
    factsPanel(report, context),
  );
};
