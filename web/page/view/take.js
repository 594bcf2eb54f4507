// What is taken along: two menus, of what is copied and what is downloaded.

import { TAKE } from '../words.js';
import { byId, draw, h } from './dom.js';

/**
 * @typedef {object} Takes what can be taken, by what it is; each is told of which opportunity, null for all
 * @property {(kind: 'markdown' | 'slack', key: string | null) => void} onCopy
 * @property {(kind: 'html' | 'ics' | 'csv' | 'importCsv' | 'json' | 'verdicts', key: string | null) => void} onDownload
 * @property {() => void} onPrint
 */

/** Closes the menu, and gives the focus back to what opened it. */
const closeMenu = (menu) => {
  menu.open = false;
  menu.firstElementChild.focus();
};

const menuItem = ({ label, text }, name, take) =>
  h(
    'button',
    {
      type: 'button',
      focus: name,
      click: (event) => {
        closeMenu(event.currentTarget.closest('details'));
        take();
      },
    },
    h('strong', {}, label),
    h('span', { class: 'under' }, text),
  );

const menu = (name, label, groups) =>
  h(
    'details',
    {
      keep: `menu-${name}`,
      class: 'menu',
      keydown: (event) => event.key === 'Escape' && closeMenu(event.currentTarget),
    },
    h('summary', { focus: `menu-${name}` }, label),
    h(
      'div',
      { class: 'menu-items' },
      groups.flatMap(([title, items]) => [h('p', { class: 'menu-title' }, title), ...items]),
    ),
  );

/**
 * Draws the menus.
 * @param {string | null} key of the opened opportunity
 * @param {number} count of all
 * @param {Takes} takes
 */
export const drawTakes = (key, count, { onCopy, onDownload, onPrint }) => {
  const copies = (of) =>
    ['markdown', 'slack'].map((kind) =>
      menuItem(TAKE[kind], `copy-${kind}-${of === null ? 'all' : 'one'}`, () =>
        onCopy(/** @type {'slack'} */ (kind), of),
      ),
    );
  const files = (of, kinds) =>
    kinds.map((kind) =>
      menuItem(TAKE[kind], `take-${kind}-${of === null ? 'all' : 'one'}`, () => onDownload(kind, of)),
    );
  const isOneOfMany = key !== null && count > 1;
  byId('exports').hidden = count === 0;
  draw(
    byId('exports'),
    menu('copy', TAKE.copy, [
      ...(key === null ? [] : [[TAKE.one, copies(key)]]),
      ...(count === 1 && key !== null ? [] : [[TAKE.all(count), copies(null)]]),
    ]),
    menu('download', TAKE.download, [
      ...(isOneOfMany ? [[TAKE.one, files(key, ['html', 'ics'])]] : []),
      [TAKE.all(count), files(null, ['html', 'ics', 'csv', 'importCsv', 'json'])],
    ]),
    h('button', { type: 'button', focus: 'print', click: onPrint }, TAKE.print),
  );
};

/** An open menu closes when something else is used. */
export const closeOtherMenus = (target) => {
  for (const open of byId('exports').querySelectorAll('.menu[open]')) {
    open.open = open.contains(target);
  }
};
