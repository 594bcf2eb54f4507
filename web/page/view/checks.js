// What each rule found, by section: what wants attention first, the rest folded.

import {
  CHECKS,
  COMPLETE,
  OUTCOMES,
  SECTIONS,
  SHARED_STATEMENTS,
  askedAs,
  sayCount,
  sayRule,
} from '../words.js';
import { badge, h, markdown, wordFor } from './dom.js';
import { editButton, factOfMonth, placeButton } from './facts.js';

const QUIET = ['pass', 'not_applicable'];
const ORDER = Object.keys(OUTCOMES);

/** These are worth stating before they are needed; anything else only when a check cannot do without it. */
const EARLY = new Set([...Object.keys(SHARED_STATEMENTS), 'aws_account_id', 'spend']);

/** @import { CheckReport, DocumentReport, OpportunityReport } from '../report.js' */

/**
 * The facts that a check would need to be decided.
 * @param {CheckReport} check
 * @param {OpportunityReport} report
 */
export const lacking = (check, report) => {
  const isUnknown = check.outcome === 'unknown';
  if (!isUnknown && check.outcome !== 'pending' && check.outcome !== 'warning') {
    return [];
  }
  const isBilled = (report.spendMonth?.amount ?? null) !== null;
  const isLacked = (name) => {
    if (name === 'spend') {
      return !isBilled;
    }
    if (name === 'spend_final') {
      return isUnknown && isBilled;
    }
    return (report.facts[name]?.value ?? null) === null;
  };
  return check.facts
    .filter((name) => (isUnknown || EARLY.has(name)) && isLacked(name))
    .map((name) => factOfMonth(name, report));
};

const explanation = (keep, rule, onExplain) => {
  const body = h('div', { class: 'page' });
  return h(
    'details',
    {
      keep: `explain-${keep}`,
      class: 'why',
      toggle: async (event) => {
        if (event.currentTarget.open && body.childElementCount === 0) {
          const page = await onExplain(rule);
          body.replaceChildren(...(page ? markdown(page.page) : [h('p', {}, CHECKS.noPage)]));
        }
      },
    },
    h('summary', {}, h('code', {}, rule), CHECKS.explained),
    body,
  );
};

/** What would decide the check, to be stated where it is asked for. */
const completions = (check, report, onState) => {
  const names = lacking(check, report);
  const slot = h('div', { class: 'buttons completions' });
  slot.append(
    ...names.map((name) =>
      editButton(
        {
          id: `complete-${check.rule}-${name}`,
          name,
          value: report.facts[name]?.value ?? null,
          text: COMPLETE.fact(askedAs(name).label),
        },
        () => slot,
        onState,
      ),
    ),
  );
  return names.length > 0 && slot;
};

/**
 * What one rule found; of an opportunity, `report` is the whole of it.
 * @param {CheckReport} check
 * @param {DocumentReport[]} documents
 * @param {OpportunityReport | null} [report]
 */
export const checkItem = (check, documents, listener, report = null) =>
  h(
    'li',
    {
      class: `check ${wordFor(OUTCOMES, check.outcome).tone}`,
      'data-rule': listener.onState && check.rule,
      tabindex: '-1',
    },
    h(
      'div',
      { class: 'check-head' },
      badge(wordFor(OUTCOMES, check.outcome)),
      h('strong', {}, sayRule(check.name)),
      check.curable === false && h('span', { class: 'mark' }, CHECKS.incurable),
      check.curable === true && h('span', { class: 'mark' }, CHECKS.curable),
      check.reading && h('span', { class: 'mark', title: CHECKS.readingWhy }, CHECKS.reading),
    ),
    check.message && h('p', {}, check.message),
    check.remedy && h('p', { class: 'remedy' }, check.remedy),
    report && listener.onState && completions(check, report, listener.onState),
    h(
      'div',
      { class: 'meta' },
      check.places.slice(0, 3).map((at) => placeButton(at, documents, listener.onPlace)),
      h('span', {}, CHECKS.guide(check.guide)),
      explanation(`${report?.key}-${check.rule}`, check.rule, listener.onExplain),
    ),
  );

const tally = (checks) =>
  ORDER.map((outcome) => [
    checks.filter((check) => check.outcome === outcome).length,
    OUTCOMES[outcome].tally,
  ])
    .filter(([count]) => count > 0)
    .map(([count, words]) => sayCount(count, words))
    .join(', ');

const checkSection = (id, checks, report, context) => {
  const loud = checks.filter((check) => !QUIET.includes(check.outcome));
  const quiet = checks.filter((check) => QUIET.includes(check.outcome));
  const byUrgency = (a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome);
  const items = (list) =>
    h(
      'ul',
      { class: 'checks' },
      list.toSorted(byUrgency).map((check) => checkItem(check, context.documents, context, report)),
    );
  return h(
    'details',
    {
      keep: `section-${report.key}-${id}`,
      class: 'panel section',
      open: loud.length > 0 && id !== 'ace' ? true : loud.some((check) => check.outcome === 'fail'),
    },
    h('summary', {}, SECTIONS[id] ?? id, ' ', h('span', { class: 'under' }, tally(checks))),
    loud.length > 0 && items(loud),
    loud.length === 0 && items(quiet),
    loud.length > 0 &&
      quiet.length > 0 &&
      h(
        'details',
        { keep: `quiet-${report.key}-${id}` },
        h('summary', {}, CHECKS.rest(tally(quiet))),
        items(quiet),
      ),
  );
};

/**
 * Every check of an opportunity, by section in the report's order.
 * @param {OpportunityReport} report
 */
export const checkSections = (report, context) => {
  const ids = [...new Set(report.checks.map((check) => check.section))];
  return ids.map((id) =>
    checkSection(
      id,
      report.checks.filter((check) => check.section === id),
      report,
      context,
    ),
  );
};
