// What to do this week, across all opportunities.

import { ACTION_KINDS, AGENDA, VERDICTS, sayDay, sayDistance } from '../words.js';
import { badge, byId, draw, h, wordFor } from './dom.js';
import { pager } from './list.js';
import { opener } from './master.js';

/** How many things to do a page shows. */
const AGENDA_ROWS = 100;

/** @import { Agenda, AgendaItem } from '../report.js' */
/** @typedef {'overdue' | 'today' | 'week' | 'later'} Group */
/**
 * @typedef {object} Shown what of the agenda is shown
 * @property {Group | ''} group what is due this week when empty
 * @property {string[]} kinds all when empty
 * @property {number} from the index of the first one, in the group
 */

/** The ISO day so many days after another. */
export const dayAfter = (iso, days) =>
  new Date(Date.parse(iso) + days * 86_400_000).toISOString().slice(0, 10);

const groupOf = (due, asOf) => {
  if (due < asOf) {
    return 'overdue';
  }
  if (due === asOf) {
    return 'today';
  }
  return due <= dayAfter(asOf, 7) ? 'week' : 'later';
};

/** @param {AgendaItem} item */
const agendaLine = ({ key, customer, title, verdict, action }, asOf) =>
  h(
    'li',
    {},
    h(
      'span',
      { class: action.due < asOf ? 'when late' : 'when' },
      sayDay(action.due),
      h('span', { class: 'under' }, sayDistance(asOf, action.due)),
    ),
    h(
      'span',
      { class: 'what' },
      h(
        'span',
        { class: 'what-head' },
        opener(key, customer ?? title ?? key, 'open'),
        badge(wordFor(VERDICTS, verdict), 'quiet'),
      ),
      h('span', {}, action.text),
    ),
  );

const groupChips = (counts, shown, onShow) =>
  h(
    'div',
    { class: 'chips', role: 'group', 'aria-label': AGENDA.when },
    Object.entries(AGENDA.groups)
      .filter(([group]) => counts[group] > 0 || shown.group === group)
      .map(([group, label]) =>
        h(
          'button',
          {
            type: 'button',
            class: `chip ${group === 'overdue' ? 'bad' : 'off'}`,
            focus: `group-${group}`,
            'aria-pressed': String(shown.group === group),
            click: () => onShow({ group: shown.group === group ? '' : group, from: 0 }),
          },
          h('strong', {}, counts[group].toLocaleString('en')),
          ` ${label}`,
        ),
      ),
  );

const kindChips = (shown, onShow) => {
  const toggled = (kind) =>
    shown.kinds.includes(kind) ? shown.kinds.filter((each) => each !== kind) : [...shown.kinds, kind];
  return h(
    'details',
    { keep: 'kinds', class: 'inline-details' },
    h('summary', {}, AGENDA.kinds),
    h(
      'div',
      { class: 'chips', role: 'group', 'aria-label': AGENDA.kinds },
      Object.entries(ACTION_KINDS).map(([kind, label]) =>
        h(
          'button',
          {
            type: 'button',
            class: 'chip off',
            focus: `kind-${kind}`,
            'aria-pressed': String(shown.kinds.includes(kind)),
            click: () => onShow({ kinds: toggled(kind), from: 0 }),
          },
          label,
        ),
      ),
    ),
  );
};

/** The lines under the name of their group. */
const agendaGroups = (items, asOf) =>
  Object.keys(AGENDA.groups).flatMap((group) => {
    const due = items.filter(({ action }) => groupOf(action.due, asOf) === group);
    return due.length === 0
      ? []
      : [
          h('h3', { class: 'group-title' }, AGENDA.groups[group]),
          h(
            'ol',
            { class: 'agenda' },
            due.map((item) => agendaLine(item, asOf)),
          ),
        ];
  });

/**
 * Draws a part of what is due.
 * @param {{ counts: Record<Group, number>, items: AgendaItem[], total: number }} found
 * @param {Shown} shown
 * @param {(change: Partial<Shown>) => void} onShow
 */
export const drawAgenda = (found, shown, asOf, onShow) =>
  draw(
    byId('view-week'),
    h('p', { class: 'note' }, AGENDA.lead),
    groupChips(found.counts, shown, onShow),
    kindChips(shown, onShow),
    found.items.length === 0 &&
      h('p', { class: 'nothing' }, shown.kinds.length > 0 || shown.group ? AGENDA.none : AGENDA.all),
    ...agendaGroups(found.items, asOf),
    pager(shown.from, found.items.length, found.total, AGENDA_ROWS, AGENDA.pages, (from) => onShow({ from })),
  );

/**
 * Asks for what is due, as far as it is shown.
 * @param {(method: string, ...args: unknown[]) => Promise<any>} ask
 * @param {Shown} shown
 */
export const askAgenda = async (ask, shown, asOf) => {
  /** @returns {Promise<Agenda>} */
  const part = (until, from, limit) =>
    ask('agenda', JSON.stringify({ from, limit, until, kinds: shown.kinds }));
  const week = dayAfter(asOf, 7);
  const due = await part(week, 0, 0);
  const all = await part(null, 0, 0);
  const counts = {
    overdue: due.overdue,
    today: due.today,
    week: due.total - due.overdue - due.today,
    later: all.total - due.total,
  };
  // All are ordered by day: a group is a stretch of them.
  const [start, end] = {
    '': [0, due.total],
    overdue: [0, counts.overdue],
    today: [counts.overdue, counts.overdue + counts.today],
    week: [counts.overdue + counts.today, due.total],
    later: [due.total, all.total],
  }[shown.group];
  const from = start + shown.from;
  const limit = Math.min(AGENDA_ROWS, end - from);
  const { items } = limit > 0 ? await part(null, from, limit) : { items: [] };
  return { counts, items, total: end - start };
};
