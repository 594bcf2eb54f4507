// What is shown of many opportunities: which view, which filter, which of them is opened beside the list.

import { DETAIL_BAR, SHARED } from './words.js';
import { announce, byId, draw, h } from './view/dom.js';
import { drawPortfolio, saidOfSet } from './view/portfolio.js';
import {
  FIRST_ROWS,
  NO_FILTERS,
  PAGE_ROWS,
  addToList,
  drawFilters,
  drawList,
  isFiltering,
} from './view/list.js';
import { drawTabs, listedKeys, listenToMaster, markOpened, openerOf } from './view/master.js';
import { askAgenda, dayAfter, drawAgenda } from './view/agenda.js';
import { LOUD_OUTCOMES, drawGroups } from './view/groups.js';
import { PAID_ROWS, drawPaid } from './view/paid.js';
import { CHANGED_ROWS, drawChanges } from './view/changes.js';
import { drawMetrics } from './view/metrics.js';
import { countLacking, drawShared } from './view/shared.js';

/** @import { Explanation, Query, Summary } from './report.js' */
/** @import { Shown } from './view/agenda.js' */
/** @import { Statement } from './view/complete.js' */
/** @import { Answer } from './view/shared.js' */

/** @returns {Query} */
export const freshQuery = () => ({
  ...NO_FILTERS,
  from: 0,
  limit: PAGE_ROWS,
  sort: 'urgent',
  descending: false,
});

const freshViews = () => ({
  view: 'list',
  agenda: /** @type {Shown} */ ({ group: '', kinds: [], from: 0 }),
  outcomes: LOUD_OUTCOMES,
  paid: { finding: '', limit: PAID_ROWS },
  changed: CHANGED_ROWS,
});

/**
 * Starts the views of many opportunities.
 * @param {object} page
 * @param {(method: string, ...args: unknown[]) => Promise<any>} page.ask
 * @param {(work: (...args: any[]) => any) => (...args: any[]) => Promise<void>} page.act
 * @param {{ asOf: string, round: number, key: string | null, query: Query, statements: Statement[], shared: Map<string, Answer> }} page.state
 * @param {(key: string, isStep?: boolean) => Promise<void>} page.onOpen
 * @param {() => void} page.onClose
 * @param {(place: object) => void} page.onPlace
 * @param {(said?: string) => Promise<void>} page.judge says this instead of the verdict
 * @param {(said: Statement[]) => void} page.onTakeBack
 * @param {() => void} page.onSave
 * @param {() => void} page.onReport
 */
export const startAcross = ({
  ask,
  act,
  state,
  onOpen,
  onClose,
  onPlace,
  judge,
  onTakeBack,
  onSave,
  onReport,
}) => {
  let shown = freshViews();
  /** @type {Summary} */
  let summary;
  /** @type {Map<string, Explanation> | null} */
  let rules = null;
  /** How many opportunities have something due this week; null while that is not known. */
  let due = null;
  /** Where the drawn page of the list stands among all that are found. */
  let page = { from: 0, total: 0 };
  /** Counts questions for the list, so that a late answer to an early one is dropped. */
  let listed = 0;
  /** Where the opened opportunity last stood in its view. */
  let at = 0;
  /** How far the page was scrolled when an opportunity was opened. */
  let scrolled = 0;

  const names = {
    rule: (id) => rules?.get(id)?.name ?? id,
    metric: (id) => summary.portfolio.metrics.find((metric) => metric.id === id)?.name ?? id,
  };

  // The views

  const views = {
    list: async (round) => {
      listed += 1;
      const asked = listed;
      const isLate = () => round !== state.round || asked !== listed;
      const { from } = state.query;
      const found = await ask('rows', JSON.stringify({ ...state.query, limit: FIRST_ROWS }));
      if (isLate()) {
        return;
      }
      page = found;
      byId('reverse').setAttribute('aria-pressed', String(state.query.descending));
      drawFilters(state.query, names, query);
      drawList(found, isFiltering(state.query), state.asOf, turn);
      if (found.total > from + FIRST_ROWS) {
        const rest = { ...state.query, from: from + FIRST_ROWS, limit: PAGE_ROWS - FIRST_ROWS };
        const { rows } = await ask('rows', JSON.stringify(rest));
        if (!isLate()) {
          addToList(rows, state.asOf);
        }
      }
    },
    week: async (round) => {
      const found = await askAgenda(ask, shown.agenda, state.asOf);
      if (round === state.round) {
        drawAgenda(found, shown.agenda, state.asOf, showMore('agenda'));
      }
    },
    rules: async (round) => {
      rules ??= new Map((await ask('explanations')).map((rule) => [rule.rule, rule]));
      if (round === state.round) {
        drawGroups(summary.portfolio, saidOfSet(summary), rules, shown.outcomes, {
          onList: (rule, outcome) => list({ rule, outcome }),
          onOutcomes: act(async (outcomes) => {
            shown.outcomes = outcomes;
            await drawView();
          }),
          onPlace,
        });
      }
    },
    paid: () => drawPaid(summary.reconciliation, shown.paid, showMore('paid')),
    changes: () =>
      drawChanges(summary.changes, shown.changed, {
        onMore: act(async () => {
          shown.changed += CHANGED_ROWS;
          await drawView();
        }),
        onDownload: onReport,
      }),
    metrics: () => drawMetrics(summary.portfolio.metrics, (metric, counted) => list({ metric, counted })),
  };

  const drawView = async () => {
    await views[shown.view](state.round);
    markOpened(state.key);
  };

  const showMore = (part) =>
    act(async (change) => {
      Object.assign(shown[part], change);
      await drawView();
    });

  const drawOverview = () =>
    drawPortfolio(summary, state.query, due, {
      onFilter: (kind, value) => {
        const chosen = state.query[kind];
        const isOn = chosen.includes(value);
        return query({ [kind]: isOn ? chosen.filter((each) => each !== value) : [...chosen, value] });
      },
      onDue: act(async () => {
        await show('week');
        byId('tab-week').focus();
      }),
      onFindings: act(async () => {
        await show('rules');
        byId('set-findings').focus();
      }),
      onOpenFiles: () => byId('open-files').click(),
    });

  const show = async (view) => {
    shown.view = view;
    drawTabs(view, act(show));
    await drawView();
  };

  /** Lists what another query finds. */
  const query = act(async (change) => {
    Object.assign(state.query, change, { from: 0 });
    const search = byId('search');
    if (search.value.trim() !== state.query.search.trim()) {
      search.value = state.query.search;
    }
    const wasFilter = byId('filters').contains(document.activeElement);
    drawOverview();
    await show('list');
    if (wasFilter && !byId('filters').contains(document.activeElement)) {
      byId('filter-note').focus();
    }
    announce(byId('filter-note').textContent, true);
  });

  /** Lists what stands behind a number of another view, and nothing else. */
  const list = async (change) => {
    await query({ ...NO_FILTERS, ...change });
    byId('filter-note').focus();
  };

  const turn = act(async (from) => {
    state.query.from = from;
    await drawView();
    byId('master').scrollIntoView();
    announce(byId('filter-note').textContent, true);
  });

  /** States a fact of every opportunity that lacks it, and only of those; without a value, takes it back. */
  const sayLacking = async (fact, value) => {
    const count = value === undefined ? null : countLacking(summary.portfolio, fact);
    await ask('supplementLacking', fact, value);
    if (value !== undefined) {
      state.shared.set(fact, { value, count });
    }
    return count;
  };

  // The opened opportunity

  /** The one before or after, on another page of the list if need be. */
  const step = act(async (by) => {
    const keys = listedKeys();
    const now = keys.indexOf(state.key);
    let key = keys[now < 0 ? at + Math.min(by, 0) : now + by];
    if (key === undefined && shown.view === 'list') {
      state.query.from += by * PAGE_ROWS;
      await drawView();
      key = listedKeys().at(by > 0 ? 0 : -1);
    }
    if (key !== undefined) {
      await onOpen(key, true);
    }
  });

  const stepButton = (label, by, isPossible) =>
    h(
      'button',
      {
        type: 'button',
        focus: `step-${by}`,
        'aria-disabled': isPossible ? undefined : 'true',
        click: () => isPossible && step(by),
      },
      label,
    );

  const drawBar = () => {
    const keys = listedKeys();
    const now = keys.indexOf(state.key);
    at = now < 0 ? Math.min(at, keys.length) : now;
    const isList = shown.view === 'list';
    const [first, total] = isList ? [page.from, page.total] : [0, keys.length];
    const place = first + at;
    draw(
      byId('detail-bar'),
      h(
        'div',
        { class: 'detail-bar', role: 'group', 'aria-label': DETAIL_BAR.bar },
        h('button', { type: 'button', focus: 'back', click: onClose }, DETAIL_BAR.back),
        h('span', { class: 'under' }, now < 0 ? '' : DETAIL_BAR.place(place + 1, total)),
        stepButton(DETAIL_BAR.previous, -1, place > 0),
        stepButton(DETAIL_BAR.next, 1, now < 0 ? place < total : place + 1 < total),
      ),
    );
  };

  /** How far below the top of the list the line of the opened opportunity stands; null without one. */
  const lineOffset = () => {
    const line = state.key === null ? null : openerOf(state.key)?.closest('tr, li');
    const isBeside = byId('found').classList.contains('opened');
    return line && isBeside
      ? line.getBoundingClientRect().top - byId('master').getBoundingClientRect().top
      : null;
  };

  listenToMaster({ onOpen, onClose, onView: act(show) });

  return {
    query,
    sayLacking,
    /** Starts over. */
    reset: () => {
      shown = freshViews();
      byId('search').value = '';
    },
    /**
     * Draws everything but the opened opportunity.
     * @param {Summary} fresh
     */
    draw: async (fresh, round) => {
      summary = fresh;
      due = null;
      const isMany = summary.portfolio.opportunities > 1;
      byId('master').hidden = !isMany;
      // The checker is at work on the view while the rest is drawn.
      const drawn = isMany && views[shown.view](round);
      const before = lineOffset();
      const top = globalThis.scrollY;
      drawOverview();
      drawShared(summary.portfolio, state.statements, state.shared, {
        onStateMissing: act(async (fact, value) => {
          if (value.trim() === '') {
            announce(SHARED.choose);
            return;
          }
          const count = await sayLacking(fact, value.trim());
          await judge(SHARED.said(count));
        }),
        onTakeBackMissing: act(async (fact) => {
          await sayLacking(fact, undefined);
          await judge();
        }),
        onTakeBack,
        onSave,
        onOpen,
      });
      if (isMany) {
        drawTabs(shown.view, act(show));
        await drawn;
        // The lines are new, and their heights are guesses until they are in view: once is not enough.
        for (let i = 0; i < 3 && before !== null && lineOffset() !== null; i += 1) {
          byId('master').scrollTop += lineOffset() - before;
        }
        if (globalThis.scrollY < top) {
          globalThis.scrollTo({ top });
        }
      }
    },
    /** Asks how many have something due, which may take longer than the rest. */
    drawDue: async (round) => {
      const until = dayAfter(state.asOf, 7);
      const query = { from: 0, limit: 0, until, kinds: [] };
      const { opportunities } = await ask('agenda', JSON.stringify(query));
      if (round === state.round) {
        due = opportunities;
        drawOverview();
      }
    },
    /** Draws what is around the opened opportunity; of one that is alone, nothing. */
    drawAround: (isAlone) => {
      const isOpened = state.key !== null && !isAlone;
      byId('found').classList.toggle('opened', isOpened);
      byId('detail').hidden = state.key === null;
      markOpened(state.key);
      if (isOpened) {
        drawBar();
      } else {
        draw(byId('detail-bar'));
      }
    },
    beforeOpening: () => {
      scrolled = byId('found').classList.contains('opened') ? scrolled : globalThis.scrollY;
    },
    /** Shows what was opened, and leaves the focus where it is when the visitor steps from one to the next. */
    opened: (isStep) => {
      openerOf(state.key)?.scrollIntoView({ block: 'nearest' });
      byId('detail').scrollIntoView({ block: 'start' });
      if (isStep) {
        announce(
          `${byId('opportunity-title').textContent}. ${byId('opportunity').querySelector('.headline')?.textContent}`,
          true,
        );
      } else {
        byId('opportunity-title').focus({ preventScroll: true });
      }
    },
    /** Goes back to where the opportunity was opened. */
    closed: (key) => {
      globalThis.scrollTo({ top: scrolled });
      const opener = openerOf(key);
      (opener ?? byId('filter-note')).focus({ preventScroll: true });
      opener?.scrollIntoView({ block: 'nearest' });
    },
  };
};
