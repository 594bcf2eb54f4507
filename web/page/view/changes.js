// What changed since an earlier report that was given.

import { CHANGED, VERDICTS, sayDay } from '../words.js';
import { badge, byId, draw, h, wordFor } from './dom.js';
import { opener } from './master.js';

/** How many of a kind are shown at first, and how many more at a time. */
export const CHANGED_ROWS = 200;

/** @import { ChangedVerdict, Changes } from '../report.js' */

/** @param {ChangedVerdict[]} changed */
const verdictMoves = (changed) => {
  const groups = Object.values(Object.groupBy(changed, ({ from, to }) => `${from} ${to}`));
  return h(
    'ul',
    { class: 'moves', 'aria-label': CHANGED.moves },
    groups
      .toSorted((a, b) => b.length - a.length)
      .map((group) =>
        h(
          'li',
          {},
          h('strong', {}, group.length.toLocaleString('en')),
          ' ',
          CHANGED.move(wordFor(VERDICTS, group[0].from).label, wordFor(VERDICTS, group[0].to).label),
        ),
      ),
  );
};

/** @param {ChangedVerdict} change */
const changeLine = ({ key, from, to }) =>
  h(
    'li',
    {},
    opener(key, key, 'open'),
    h(
      'span',
      { class: 'move' },
      CHANGED.move(wordFor(VERDICTS, from).label, ''),
      badge(wordFor(VERDICTS, to)),
    ),
  );

const changeSection = (title, items, limit, line, onMore) =>
  items.length > 0 && [
    h('h3', { class: 'group-title' }, `${title} (${items.length.toLocaleString('en')})`),
    h('ul', { class: 'changes' }, items.slice(0, limit).map(line)),
    items.length > limit &&
      h(
        'button',
        { type: 'button', focus: `more-${title}`, click: onMore },
        CHANGED.more(Math.min(CHANGED_ROWS, items.length - limit)),
      ),
  ];

/**
 * Draws the changes; how to get them when there is no earlier report.
 * @param {Changes | null} changes
 * @param {number} limit
 * @param {{ onMore: () => void, onDownload: () => void }} listener
 */
export const drawChanges = (changes, limit, { onMore, onDownload }) => {
  if (changes === null) {
    draw(
      byId('view-changes'),
      h('p', { class: 'nothing' }, CHANGED.absent),
      h('p', { class: 'note' }, CHANGED.drop),
      h('button', { type: 'button', focus: 'changes-download', click: onDownload }, CHANGED.download),
    );
    return;
  }
  const { changed, new: fresh, gone, since } = changes;
  const isSame = changed.length + fresh.length + gone.length === 0;
  draw(
    byId('view-changes'),
    h(
      'p',
      {},
      h('strong', {}, CHANGED.lead(sayDay(since))),
      ': ',
      isSame ? CHANGED.none : CHANGED.counts(changed.length, fresh.length, gone.length),
    ),
    changed.length > 1 && verdictMoves(changed),
    changeSection(CHANGED.changed, changed, limit, changeLine, onMore),
    changeSection(CHANGED.fresh, fresh, limit, (key) => h('li', {}, opener(key, key, 'open')), onMore),
    changeSection(CHANGED.gone, gone, limit, (key) => h('li', {}, key), onMore),
  );
};
