// What lists opportunities: buttons that open one, the keys that move between them, the tabs above them.

import { VIEWS, VIEWS_LABEL } from '../words.js';
import { byId, draw, h } from './dom.js';

/** A button that opens an opportunity; who lists it hears of the click. */
export const opener = (key, label = key, name = 'link') =>
  h('button', { type: 'button', class: name, focus: `open-${key}`, 'data-open': key }, label);

/** @returns {HTMLElement[]} every button of the shown view that opens an opportunity */
const openers = () =>
  [...byId('master').querySelectorAll('[role="tabpanel"]:not([hidden]) [data-open]')].filter((button) =>
    button.checkVisibility(),
  );

/** The opportunities of the shown view, each once, in its order. */
export const listedKeys = () => [
  ...new Set(
    [...byId('master').querySelectorAll('[role="tabpanel"]:not([hidden]) [data-open]')].map(
      (button) => button.dataset.open,
    ),
  ),
];

/** The first button of the shown view that opens this opportunity. */
export const openerOf = (key) =>
  byId('master').querySelector(`[role="tabpanel"]:not([hidden]) [data-open="${CSS.escape(key)}"]`);

/** Marks the lines of the opened opportunity; none with null. */
export const markOpened = (key) => {
  for (const line of byId('master').querySelectorAll('[aria-current]')) {
    line.removeAttribute('aria-current');
  }
  if (key !== null) {
    for (const button of byId('master').querySelectorAll(`[data-open="${CSS.escape(key)}"]`)) {
      (button.closest('tr, li') ?? button).setAttribute('aria-current', 'true');
    }
  }
};

const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

/** Up, Down, Home and End move through what opens opportunities; Down leads there from the search. */
const stepLines = (event) => {
  const isSearch = event.target.id === 'search' && event.key === 'ArrowDown';
  const by = STEPS[event.key];
  if (by === undefined || !(isSearch || event.target.dataset.open !== undefined)) {
    return;
  }
  const buttons = openers();
  const at = isSearch ? 0 : buttons.indexOf(event.target) + by;
  event.preventDefault();
  buttons[Math.max(0, Math.min(buttons.length - 1, at))]?.focus();
};

const tabOf = (view, shown, onView) =>
  h(
    'button',
    {
      type: 'button',
      role: 'tab',
      id: `tab-${view}`,
      focus: `tab-${view}`,
      'aria-controls': `view-${view}`,
      'aria-selected': String(view === shown),
      tabindex: view === shown ? 0 : -1,
      click: () => onView(view),
    },
    VIEWS[view],
  );

/**
 * Draws the tabs, of which one is chosen, and shows its view.
 * @param {string} shown
 * @param {(view: string) => void} onView
 */
export const drawTabs = (shown, onView) => {
  draw(
    byId('tabs'),
    Object.keys(VIEWS).map((view) => tabOf(view, shown, onView)),
  );
  for (const view of Object.keys(VIEWS)) {
    byId(`view-${view}`).hidden = view !== shown;
  }
};

const stepTabs = (event, onView) => {
  const views = Object.keys(VIEWS);
  const at = views.findIndex((view) => event.target.id === `tab-${view}`);
  const to = {
    ArrowRight: (at + 1) % views.length,
    ArrowLeft: (at + views.length - 1) % views.length,
    Home: 0,
    End: views.length - 1,
  }[event.key];
  if (at >= 0 && to !== undefined) {
    event.preventDefault();
    byId(`tab-${views[to]}`).focus();
    onView(views[to]);
  }
};

/** Escape is the form's own in these: it undoes what is being typed or chosen. */
const keepsEscape = (target) =>
  target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target.closest('dialog');

/**
 * Listens to what lists opportunities.
 * @param {{ onOpen: (key: string) => void, onClose: () => void, onView: (view: string) => void }} listener
 */
export const listenToMaster = ({ onOpen, onClose, onView }) => {
  const tabs = byId('tabs');
  tabs.setAttribute('aria-label', VIEWS_LABEL);
  tabs.addEventListener('keydown', (event) => stepTabs(event, onView));
  for (const view of Object.keys(VIEWS)) {
    byId(`view-${view}`).setAttribute('aria-labelledby', `tab-${view}`);
  }
  byId('master').addEventListener('keydown', stepLines);
  byId('master').addEventListener('click', (event) => {
    const isControl = event.target.closest('button, summary, input, select, a');
    const line = isControl ? event.target.closest('[data-open]') : event.target.closest('tr, li');
    const button = line?.matches('[data-open]') ? line : line?.querySelector('.open[data-open]');
    // A line opens as a whole, unless a text in it is being selected.
    if (button && (isControl || String(getSelection()) === '')) {
      onOpen(button.dataset.open);
    }
  });
  byId('views').addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented && !keepsEscape(event.target)) {
      onClose();
    }
  });
};
