// When what happens: the weeks around the close date as a picture, the discount's months as a bar, and both as a list.

import { SPENDING, TIMELINE, sayDay, sayDistance, sayMonth, sayUsd } from '../words.js';
import { h, shape } from './dom.js';

/** The narrowest strip in the letters of its own size: labels that do not meet in it meet in no wider one. */
const STRIP_EM = 47;
/** The average width of a letter of a label, with a little to spare. */
const LETTER_EM = 0.56;
const GAP_EM = 1.6;
/** How far from the close date a day may lie and still be drawn; one further away would leave no room for the rest. */
const NEAR_DAYS = 200;
const LANE_EM = 2.9;
const AXIS_EM = 5.4;
const LABELS_EM = 8;

/** @import { OpportunityReport } from '../report.js' */
/**
 * @typedef {object} Moment
 * @property {string} day
 * @property {string} [to] the last day of something that takes several
 * @property {'today' | 'past' | 'due' | 'late' | 'review' | 'bill' | 'close' | 'start' | 'end'} kind
 * @property {string} label
 * @property {string} under what stands below the label in the picture
 * @property {string} says the same in the list
 */

const dayNumber = (iso) => Math.round(Date.parse(iso) / 86_400_000);
const isoDay = (number) => new Date(number * 86_400_000).toISOString().slice(0, 10);
const firstOf = (iso) => `${iso.slice(0, 7)}-01`;
/** The month so many months later, as its first day. */
const monthAfter = (iso, months) =>
  new Date(Date.UTC(Number(iso.slice(0, 4)), Number(iso.slice(5, 7)) - 1 + months, 1))
    .toISOString()
    .slice(0, 10);

/** The last day of a month: `2026-11` gives `2026-11-30`. */
export const lastDayOf = (month) => isoDay(dayNumber(monthAfter(`${month}-01`, 1)) - 1);

/** How many months a discount runs. */
export const monthsOf = ({ start, end }) =>
  (Number(end.slice(0, 4)) - Number(start.slice(0, 4))) * 12 +
  Number(end.slice(5, 7)) -
  Number(start.slice(5, 7)) +
  1;

/** What the spend month was billed, in words. */
export const sayBill = ({ amount, state, threshold }) => {
  if (amount === null) {
    return SPENDING.unknownOf(sayUsd(threshold));
  }
  const known = state === 'running' ? SPENDING.soFar(sayUsd(amount)) : sayUsd(amount);
  return SPENDING.of(known, sayUsd(threshold));
};

const startWords = (window) => {
  if (window.state === 'void') {
    return [TIMELINE.wouldStart, TIMELINE.wouldEnd];
  }
  if (window.state === 'upcoming') {
    return window.assumesLaunch ? [TIMELINE.wouldStart, TIMELINE.wouldEnd] : [TIMELINE.starts, TIMELINE.ends];
  }
  return [
    window.assumesLaunch ? TIMELINE.wouldStart : TIMELINE.started,
    window.state === 'ended' ? TIMELINE.ended : TIMELINE.ends,
  ];
};

/**
 * Everything that has a day, in order.
 * @param {OpportunityReport} report
 * @returns {Moment[]}
 */
const momentsOf = (report, asOf) => {
  const { update, review, spendMonth, window, facts } = report;
  /** @type {Moment[]} */
  const found = [];
  const add = (
    kind,
    day,
    label,
    { to = undefined, under = sayDay(day), says = sayDistance(asOf, day) } = {},
  ) => found.push({ kind, day, label, to, under, says });
  if (update) {
    const isLate = update.daysOverdue > 0;
    add('past', update.last, TIMELINE.updated);
    add(isLate ? 'late' : 'due', update.due, isLate ? TIMELINE.updateLate : TIMELINE.updateDue);
  }
  if (review?.earliest) {
    add('review', review.earliest, TIMELINE.review, { to: review.latest, under: sayDay(review.latest) });
  }
  if (spendMonth) {
    const { month, amount, state } = spendMonth;
    const billed = amount === null ? SPENDING.unknown.toLowerCase() : sayUsd(amount);
    add('bill', `${month}-01`, TIMELINE.bill, {
      to: lastDayOf(month),
      under: `${sayMonth(month)}: ${state === 'running' && amount !== null ? SPENDING.soFar(billed) : billed}`,
      says: sayBill(spendMonth),
    });
  }
  if (facts.launched_on?.value) {
    add('past', facts.launched_on.value, TIMELINE.launched);
  }
  const close = facts.target_close_date?.value;
  if (close) {
    add('close', close, TIMELINE.close);
  }
  if (window) {
    const [starts, ends] = startWords(window);
    add('start', window.start, starts);
    add('end', window.end, ends);
  }
  add('today', asOf, TIMELINE.today, { says: '' });
  return found.toSorted((a, b) => a.day.localeCompare(b.day));
};

/** The ones that the strip shows: those about the close date, and what lies near them. */
const nearOf = (moments) => {
  const anchors = moments.filter(({ kind }) => kind === 'bill' || kind === 'close' || kind === 'start');
  const days = (anchors.length > 0 ? anchors : moments).map(({ day }) => dayNumber(day));
  const [from, to] = [Math.min(...days) - NEAR_DAYS, Math.max(...days) + NEAR_DAYS];
  return moments.filter(({ kind, day }) => kind !== 'end' && dayNumber(day) >= from && dayNumber(day) <= to);
};

const labelLetters = ({ label, under }) => Math.max(label.length * 1.06, under.length) * LETTER_EM + GAP_EM;

/**
 * Where each label stands: a flag to the right of its day, as high as it can be without touching a later one or the
 * line that leads down to it.
 * @param {Moment[]} moments
 * @param {(day: string) => number} xOf in letters of the narrowest strip
 */
const timelineFlags = (moments, xOf) => {
  const placed = [];
  for (const moment of moments.toReversed()) {
    const x = xOf(moment.day);
    const end = x + labelLetters(moment);
    const later = placed.filter((flag) => flag.x < end);
    placed.push({ moment, x, lane: later.length === 0 ? 0 : Math.max(...later.map(({ lane }) => lane)) + 1 });
  }
  return placed.reverse();
};

const svgText = (x, y, attributes, ...said) => shape('text', { x, y, ...attributes }, ...said);

/**
 * The weeks around the close date.
 * @param {Moment[]} moments
 */
const timelineStrip = (moments, window) => {
  const from = dayNumber(firstOf(moments[0].day));
  const last = moments.at(-1);
  const months = monthAfter(last.to ?? last.day, 1);
  const spans = moments.map(
    (moment) => (dayNumber(moment.day) - from) / (1 - Math.min(labelLetters(moment) / STRIP_EM, 0.6)),
  );
  const span = Math.max(dayNumber(months) - from, ...spans);
  const share = (day) => (dayNumber(day) - from) / span;
  const percent = (day) => `${(Math.min(share(day), 1) * 100).toFixed(3)}%`;
  const width = (a, b) => `${((Math.min(share(b), 1) - share(a)) * 100).toFixed(3)}%`;
  const placed = timelineFlags(moments, (day) => share(day) * STRIP_EM);
  const lanes = Math.max(...placed.map(({ lane }) => lane)) + 1;
  const height = LABELS_EM + lanes * LANE_EM - 1;

  const columns = [];
  for (let day = isoDay(from); share(day) < 1; day = monthAfter(day, 1)) {
    columns.push(day);
  }
  const bill = moments.find(({ kind }) => kind === 'bill');
  const start = moments.find(({ kind }) => kind === 'start');
  const review = moments.find(({ kind }) => kind === 'review');
  const afterBill = bill && monthAfter(bill.day, 1);
  const band = (kind, a, b) =>
    shape('rect', {
      class: `tl-band ${kind}`,
      x: percent(a),
      y: '2.9em',
      width: width(a, b),
      height: '3.3em',
    });
  const stretch = (kind, a, b) =>
    shape('line', {
      class: `tl-stretch ${kind}`,
      x1: percent(a),
      x2: percent(b),
      y1: `${AXIS_EM}em`,
      y2: `${AXIS_EM}em`,
    });
  const startKind =
    window?.state === 'void' ? 'start unsure void' : window?.assumesLaunch ? 'start unsure' : 'start';
  const end = isoDay(from + Math.ceil(span));
  return shape(
    'svg',
    { class: 'tl-strip', width: '100%', height: `${height}em`, 'aria-hidden': 'true' },
    bill && band('bill', bill.day, afterBill),
    start && band(startKind, start.day, end),
    columns
      .map((day, i) => [
        shape('line', { class: 'tl-month', x1: percent(day), x2: percent(day), y1: '1.6em', y2: '6.2em' }),
        (i === 0 || day.slice(5, 7) === '01') &&
          svgText(percent(day), '1em', { class: 'tl-year', dx: '.35em' }, day.slice(0, 4)),
        svgText(percent(day), '2.4em', { class: 'tl-name', dx: '.35em' }, sayMonth(day).slice(0, 3)),
      ])
      .flat(),
    shape('line', { class: 'tl-axis', x1: '0', x2: '100%', y1: `${AXIS_EM}em`, y2: `${AXIS_EM}em` }),
    bill && stretch('bill', bill.day, afterBill),
    review && stretch('review', review.day, review.to),
    start && stretch(startKind, start.day, end),
    placed.map(({ moment, lane }) => {
      const x = percent(moment.day);
      const y = LABELS_EM + lane * LANE_EM;
      return shape(
        'g',
        { class: `tl-moment ${moment === start ? startKind : moment.kind}` },
        shape('line', {
          class: 'tl-leader',
          x1: x,
          x2: x,
          y1: moment.kind === 'today' ? '2.9em' : `${AXIS_EM}em`,
          y2: `${y + 0.9}em`,
        }),
        moment.kind === 'close'
          ? shape(
              'svg',
              { x, y: `${AXIS_EM}em`, class: 'tl-origin' },
              shape('rect', { x: '-.5em', y: '-.5em', width: '1em', height: '1em', transform: 'rotate(45)' }),
            )
          : shape('circle', { cx: x, cy: `${AXIS_EM}em`, r: '.45em' }),
        svgText(x, `${y - 0.35}em`, { class: 'tl-label', dx: '.5em' }, moment.label),
        svgText(x, `${y + 0.9}em`, { class: 'tl-under', dx: '.5em' }, moment.under),
      );
    }),
  );
};

/** What the bar says of the window's state, and at which month. */
const barState = (window, months, asOf) => {
  if (window.state === 'void') {
    return [TIMELINE.barVoid, 0];
  }
  if (window.state === 'active' && window.month) {
    const said = TIMELINE.barNow(window.month, months);
    return [window.assumesLaunch ? `${said} · ${TIMELINE.barUnlaunched}` : said, window.month - 0.5];
  }
  if (window.state === 'ended') {
    return [TIMELINE.barEnded(sayDistance(asOf, window.end)), months];
  }
  const distance = sayDistance(asOf, window.start);
  return [window.assumesLaunch ? TIMELINE.barUpcoming(distance) : TIMELINE.barSure(distance), 0];
};

/** The discount's months: those that are over, the running one, those to come. */
const timelineBar = (window, asOf) => {
  const months = monthsOf(window);
  const [said, at] = barState(window, months, asOf);
  const done = window.state === 'ended' ? months : (window.month ?? 1) - 1;
  const kind = (month) => {
    if (window.state === 'void') {
      return 'void';
    }
    if (month < done) {
      return 'done';
    }
    return window.state === 'active' && month === done ? 'now' : 'ahead';
  };
  const step = 100 / months;
  const anchor = (share) => (share < 0.3 ? 'start' : share > 0.7 ? 'end' : 'middle');
  return shape(
    'svg',
    { class: 'tl-bar', width: '100%', height: '5em', 'aria-hidden': 'true' },
    svgText(`${at * step}%`, '1em', { class: 'tl-label', 'text-anchor': anchor(at / months) }, said),
    Array.from({ length: months }, (_, month) =>
      shape('rect', {
        class: `tl-cell ${kind(month)}`,
        x: `${(month * step + step * 0.06).toFixed(3)}%`,
        y: kind(month) === 'now' ? '1.5em' : '1.8em',
        width: `${(step * 0.88).toFixed(3)}%`,
        height: kind(month) === 'now' ? '1.7em' : '1.1em',
        rx: '2',
      }),
    ),
    svgText('0', '4.6em', { class: 'tl-under' }, sayDay(window.start)),
    svgText('100%', '4.6em', { class: 'tl-under', 'text-anchor': 'end' }, sayDay(window.end)),
  );
};

/** @param {Moment} moment */
const momentItem = ({ kind, day, to, label, says }) =>
  h(
    'li',
    { class: `tl-item ${kind}` },
    h('span', { class: 'tl-when' }, to ? TIMELINE.range(sayDay(day), sayDay(to)) : sayDay(day)),
    ' ',
    h('strong', {}, label),
    says ? h('span', { class: 'under-inline' }, ` ${says}`) : null,
  );

/**
 * The picture, and its equivalent as a list: which of them is seen depends on the width; the list is always read.
 * @param {OpportunityReport} report
 */
export const timeline = (report, asOf) => {
  const moments = momentsOf(report, asOf);
  const { window } = report;
  if (moments.length < 2) {
    return null;
  }
  return h(
    'div',
    { class: 'timeline' },
    h('h4', {}, TIMELINE.title),
    timelineStrip(nearOf(moments), window),
    h(
      'ol',
      { class: 'tl-list' },
      moments.map(momentItem),
      window?.state === 'active' &&
        window.month &&
        h('li', { class: 'tl-item now' }, TIMELINE.month(window.month, monthsOf(window))),
    ),
    window && h('p', { class: 'tl-title', 'aria-hidden': 'true' }, TIMELINE.barTitle(monthsOf(window))),
    window && timelineBar(window, asOf),
  );
};
