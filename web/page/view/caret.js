// From a place in the box back to what rests on it: the facts that stand there, and the checks that looked at them.

import { CARET, OUTCOMES, sayFactOf, sayRule } from '../words.js';
import { badge, byId, draw, h, reveal, wordFor } from './dom.js';

/** More checks than this beside the box tell nobody anything. */
const CHECKS_MAX = 6;

/** @import { OpportunityReport, Place } from '../report.js' */
/** @typedef {{ document: number, offset: number | null, line: number, column: number }} Caret */

/**
 * Whether a place holds the caret.
 * @param {Caret} caret
 * @returns {(place: Place) => boolean}
 */
const isIn =
  ({ document, offset, line, column }) =>
  (place) => {
    if (place.document !== document) {
      return false;
    }
    if (offset !== null && place.start !== null) {
      return place.start <= offset && offset <= place.end;
    }
    const isAfterStart = line > place.line || (line === place.line && column >= place.column);
    const isBeforeEnd = line < place.endLine || (line === place.endLine && column <= place.endColumn);
    return isAfterStart && isBeforeEnd;
  };

/**
 * Whether a place is meant by the caret: it holds it; or none does, and it is the only one in the caret's line, as in
 * a text with one fact a line.
 * @param {Caret} caret
 * @param {Place[]} places
 * @returns {(place: Place) => boolean}
 */
const isMeant = (caret, places) => {
  const holds = isIn(caret);
  if (places.some(holds)) {
    return holds;
  }
  const isBeside = ({ document, line }) => document === caret.document && line === caret.line;
  const columns = new Set(places.filter(isBeside).map(({ column }) => column));
  return (place) => columns.size === 1 && isBeside(place);
};

const caretChip = (label, selector) =>
  h(
    'button',
    {
      type: 'button',
      class: 'chip off',
      focus: selector,
      click: () => reveal(byId('opportunity').querySelector(selector)),
    },
    label,
  );

/**
 * Shows beside the box what rests on the place of the caret, and marks it in the opened opportunity.
 * @param {OpportunityReport | null} report
 * @param {Caret | null} caret
 */
export const drawCaret = (report, caret) => {
  const places = Object.values(report?.facts ?? {}).flatMap((fact) => fact.places);
  const holds = caret ? isMeant(caret, places) : () => false;
  const facts = Object.keys(report?.facts ?? {}).filter((name) => report.facts[name].places.some(holds));
  const urgency = Object.keys(OUTCOMES);
  const checks = (report?.checks ?? [])
    .filter((check) => check.outcome !== 'not_applicable' && check.places.some(holds))
    .toSorted((a, b) => urgency.indexOf(a.outcome) - urgency.indexOf(b.outcome));
  const opened = byId('opportunity');
  for (const element of opened.querySelectorAll('[data-fact], [data-rule]')) {
    const { fact, rule } = element.dataset;
    element.classList.toggle('at-caret', facts.includes(fact) || checks.some((check) => check.rule === rule));
  }
  const container = byId('at-caret');
  container.hidden = facts.length === 0 && checks.length === 0;
  draw(
    container,
    h('span', { class: 'chips-label', id: 'at-caret-title' }, CARET.title),
    facts.map((name) => caretChip(CARET.fact(sayFactOf(name)), `[data-fact="${CSS.escape(name)}"]`)),
    checks
      .slice(0, CHECKS_MAX)
      .map((check) =>
        caretChip(
          [badge(wordFor(OUTCOMES, check.outcome), 'quiet'), ` ${sayRule(check.name)}`],
          `[data-rule="${check.rule}"]`,
        ),
      ),
  );
};
