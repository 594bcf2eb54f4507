// What the rules found, gathered: one line a rule and outcome, and what shows only across documents.

import { GROUPS, OUTCOMES, SECTIONS, sayRule } from '../words.js';
import { badge, byId, draw, h, markdown } from './dom.js';
import { opener } from './master.js';

/** @import { Explanation, Place, Portfolio, SetFinding } from '../report.js' */

/** What stands in the way is shown at first; what may come later, and advice, on demand. */
export const LOUD_OUTCOMES = ['fail', 'unknown', 'warning'];
/** A line shows so many opportunities and places. */
const LINKS_MAX = 20;

const firstParagraph = (page) => page.trim().split(/\n\s*\n/)[0];

/** @param {Explanation} rule */
const groupLine = (rule, outcome, count, all, onList) =>
  h(
    'li',
    { class: `group ${OUTCOMES[outcome].tone}` },
    h('strong', { class: 'group-count' }, count.toLocaleString('en')),
    h(
      'div',
      {},
      h('p', { class: 'group-head' }, h('strong', {}, sayRule(rule.name)), badge(OUTCOMES[outcome], 'quiet')),
      h('progress', { class: 'share', max: all, value: count, 'aria-hidden': 'true' }),
      h(
        'details',
        { keep: `group-${rule.rule}-${outcome}`, class: 'why' },
        h(
          'summary',
          {},
          h('span', {}, ...markdown(firstParagraph(rule.page)).map((part) => part.textContent)),
        ),
        h('div', { class: 'page' }, ...markdown(rule.page).slice(1)),
      ),
    ),
    h(
      'button',
      {
        type: 'button',
        class: 'link',
        focus: `list-${rule.rule}-${outcome}`,
        click: () => onList(rule.rule, outcome),
      },
      GROUPS.list(count),
    ),
  );

/** The lines of one part of the report, worst and most first. */
const groupSection = (section, found, all, onList) =>
  found.length > 0 && [
    h('h3', { class: 'group-title' }, SECTIONS[section] ?? section),
    h(
      'ul',
      { class: 'groups' },
      found.map(({ rule, outcome, count }) => groupLine(rule, outcome, count, all, onList)),
    ),
  ];

const outcomeChips = (present, chosen, onOutcomes) =>
  h(
    'div',
    { class: 'chips', role: 'group', 'aria-label': GROUPS.outcomes },
    Object.keys(OUTCOMES)
      .filter((outcome) => present.has(outcome))
      .map((outcome) => {
        const isOn = chosen.includes(outcome);
        return h(
          'button',
          {
            type: 'button',
            class: `chip ${OUTCOMES[outcome].tone}`,
            focus: `outcome-${outcome}`,
            'aria-pressed': String(isOn),
            click: () => onOutcomes(isOn ? chosen.filter((each) => each !== outcome) : [...chosen, outcome]),
          },
          h('span', { class: 'symbol', 'aria-hidden': 'true' }, OUTCOMES[outcome].symbol),
          ` ${OUTCOMES[outcome].label}`,
        );
      }),
  );

/** @param {SetFinding} finding */
const findingLine = (finding, onPlace) =>
  h(
    'li',
    {},
    h('p', {}, finding.message, ' ', h('span', { class: 'under-inline' }, finding.remedy)),
    h(
      'p',
      {},
      finding.opportunities.slice(0, LINKS_MAX).map((key) => opener(key)),
      finding.opportunities.length > LINKS_MAX && GROUPS.more(finding.opportunities.length - LINKS_MAX),
      finding.places
        .slice(0, 5)
        .map((place) =>
          h(
            'button',
            { type: 'button', class: 'link', click: () => onPlace(place) },
            GROUPS.line(place.line),
          ),
        ),
    ),
  );

/** @param {SetFinding[]} findings */
const setSection = (findings, rules, onPlace) => {
  const byRule = Object.entries(Object.groupBy(findings, ({ rule }) => rule));
  return [
    h('h3', { class: 'group-title', id: 'set-findings', tabindex: '-1' }, GROUPS.documents),
    findings.length === 0 && h('p', { class: 'nothing' }, GROUPS.noFindings),
    ...byRule.map(([rule, found]) =>
      h(
        'details',
        { keep: `set-${rule}`, class: 'panel', open: findings.length <= 5 || byRule.length === 1 },
        h(
          'summary',
          {},
          sayRule(rules.get(rule)?.name ?? rule),
          ' ',
          h('span', { class: 'under' }, GROUPS.findings(found.length)),
        ),
        h(
          'ul',
          { class: 'findings' },
          found.map((finding) => findingLine(finding, onPlace)),
        ),
      ),
    ),
  ];
};

/**
 * Draws what the rules found.
 * @param {Portfolio} portfolio
 * @param {SetFinding[]} findings
 * @param {Map<string, Explanation>} rules
 * @param {string[]} chosen the outcomes that are shown
 * @param {{ onList: (rule: string, outcome: string) => void, onOutcomes: (chosen: string[]) => void, onPlace: (place: Place) => void }} listener
 */
export const drawGroups = (portfolio, findings, rules, chosen, { onList, onOutcomes, onPlace }) => {
  const found = Object.entries(portfolio.rules).flatMap(([id, counts]) =>
    Object.entries(counts).map(([outcome, count]) => ({ rule: rules.get(id), outcome, count })),
  );
  const order = Object.keys(OUTCOMES);
  const shown = found
    .filter(({ rule, outcome }) => rule !== undefined && chosen.includes(outcome))
    .toSorted((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome) || b.count - a.count);
  draw(
    byId('view-rules'),
    h('p', { class: 'note' }, GROUPS.lead),
    outcomeChips(new Set(found.map(({ outcome }) => outcome)), chosen, onOutcomes),
    shown.length === 0 && h('p', { class: 'nothing' }, GROUPS.none),
    Object.keys(SECTIONS).flatMap((section) =>
      groupSection(
        section,
        shown.filter(({ rule }) => rule.section === section),
        portfolio.opportunities,
        onList,
      ),
    ),
    setSection(findings, rules, onPlace),
  );
};
