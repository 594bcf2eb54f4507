// How elements are made and put in place. Text only ever becomes text: no markup is parsed anywhere.

/** Where views draw: the page, or markup that is not shown. @type {Document | DocumentFragment} */
let canvas = document;

/**
 * The element of the frame's own markup with this id.
 * @returns {any} of the kind that the markup gives it
 */
export const byId = (id) => canvas.getElementById(id);

/**
 * Lets views draw into containers of their own, apart from the page; hands back the containers.
 * @param {string[]} ids of the containers that the views look for
 * @param {() => void} work draws at once, without waiting for anything
 */
export const drawApart = (ids, work) => {
  const apart = document.createDocumentFragment();
  apart.append(...ids.map((id) => h('div', { id })));
  canvas = apart;
  try {
    work();
  } finally {
    canvas = document;
  }
  return /** @type {HTMLElement[]} */ ([...apart.children]);
};

const SAFE_ELEMENTS = new Set([
  'button',
  'caption',
  'code',
  'dd',
  'details',
  'div',
  'dl',
  'dt',
  'em',
  'fieldset',
  'header',
  'h1',
  'h2',
  'h3',
  'h4',
  'input',
  'label',
  'legend',
  'li',
  'ol',
  'option',
  'p',
  'progress',
  'section',
  'select',
  'span',
  'strong',
  'summary',
  'table',
  'tbody',
  'td',
  'th',
  'thead',
  'tr',
  'ul',
]);
const SAFE_SHAPES = new Set(['circle', 'g', 'line', 'rect', 'svg', 'text', 'tspan']);
const SHAPES = 'http://www.w3.org/2000/svg';

/**
 * @template {Element} E
 * @param {E} element
 * @returns {E}
 */
const furnish = (element, attributes, children) => {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false || value === null) {
      continue;
    }
    if (typeof value === 'function') {
      element.addEventListener(key, /** @type {EventListener} */ (value));
    } else if (key === 'focus' || key === 'keep') {
      element.setAttribute(`data-${key}`, String(value));
    } else {
      element.setAttribute(key, value === true ? '' : String(value));
    }
  }
  element.append(
    ...children
      .flat()
      .filter((child) => child !== null && child !== undefined && child !== false)
      .map((child) => (child instanceof Node ? child : String(child))),
  );
  return element;
};

/**
 * Makes an element. Attributes that are functions listen; those that are false or undefined are left out.
 * `focus` names it, so that the focus finds its way back when a part of the page is drawn again; `keep` likewise for
 * a `details` that was opened.
 * @param {string} name
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Node | string | number | null | undefined | false | (Node | string | null | false)[])} children
 * @returns {HTMLElement}
 */
export const h = (name, attributes = {}, ...children) => {
  if (!SAFE_ELEMENTS.has(name)) {
    throw new Error(`The page makes no ${name} elements.`);
  }
  return furnish(document.createElement(name), attributes, children);
};

/**
 * Makes a part of a picture. Lengths are attributes, colours are classes: the content policy allows no inline style.
 * @param {string} name
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Node | string | null | undefined | false | (Node | string | null | false)[])} children
 * @returns {SVGElement}
 */
export const shape = (name, attributes = {}, ...children) => {
  if (!SAFE_SHAPES.has(name)) {
    throw new Error(`The page draws no ${name}.`);
  }
  return furnish(/** @type {SVGElement} */ (document.createElementNS(SHAPES, name)), attributes, children);
};

const CONTROLS = 'summary, button, select, input, textarea';

/**
 * Draws a part of the page again; the focus and what was unfolded stay. Where what had the focus is gone, the heading
 * of the part has it, or what now stands in its place.
 * @param {HTMLElement} container
 */
export const draw = (container, ...children) => {
  const focused = container.contains(document.activeElement)
    ? /** @type {HTMLElement} */ (document.activeElement)
    : null;
  const focus = focused?.dataset.focus;
  const controls = () => [...container.querySelectorAll(CONTROLS)];
  const at = controls().indexOf(focused);
  /** @type {() => HTMLDetailsElement[]} */
  const folds = () =>
    [...container.querySelectorAll('details')].filter((details) => details.dataset.keep !== undefined);
  const open = new Map(folds().map((details) => [details.dataset.keep, details.open]));
  container.replaceChildren(...children.flat().filter(Boolean));
  for (const details of folds()) {
    details.open = open.get(details.dataset.keep) ?? details.open;
  }
  if (focused !== null) {
    const again = focus && container.querySelector(`[data-focus="${CSS.escape(focus)}"]`);
    const heading = container.querySelector('h3[tabindex]');
    const instead = at < 0 ? null : (controls()[at] ?? controls().at(-1));
    for (const next of [again, heading, instead, byId('found-title')]) {
      if (next) {
        /** @type {HTMLElement} */ (next).focus({ preventScroll: true });
        // What lies in a fold that is closed takes no focus.
        if (document.activeElement === next) {
          return;
        }
      }
    }
  }
};

/** A value of the report: symbol and word, never colour alone. */
export const badge = (word, extra = '') =>
  h(
    'span',
    { class: `badge ${word.tone} ${extra}` },
    h('span', { class: 'symbol', 'aria-hidden': 'true' }, word.symbol),
    word.label,
  );

/** A word for a value, also for one that this page does not know yet. */
export const wordFor = (table, value) =>
  table[value] ?? { symbol: '·', label: value.replaceAll('_', ' '), tone: 'off' };

/** Inline Markdown: bold, emphasis and code. */
const inline = (text) =>
  text.split(/(\*\*[^*]+\*\*|\*[^*]+\*|`[^`]+`)/).map((part) => {
    if (/^\*\*.+\*\*$/.test(part)) {
      return h('strong', {}, part.slice(2, -2));
    }
    if (/^\*.+\*$/.test(part)) {
      return h('em', {}, part.slice(1, -1));
    }
    return /^`.+`$/.test(part) ? h('code', {}, part.slice(1, -1)) : part;
  });

/** A rule's page: paragraphs and lists; it comes from the core, and is still never parsed as markup. */
export const markdown = (text) =>
  text
    .trim()
    .split(/\n\s*\n/)
    .map((block) => {
      const lines = block.split('\n').map((line) => line.trim());
      if (lines.every((line, i) => line.startsWith('- ') || i > 0)) {
        const items = lines
          .join('\n')
          .split(/(?:^|\n)- /)
          .filter(Boolean);
        return h(
          'ul',
          {},
          items.map((item) => h('li', {}, inline(item.replaceAll('\n', ' ')))),
        );
      }
      return h('p', {}, inline(lines.join(' ').replace(/^#+ /, '')));
    });

/** Unfolds what an element lies in, and takes the reader to it. */
export const reveal = (element) => {
  for (let fold = element.closest('details'); fold; fold = fold.parentElement.closest('details')) {
    fold.open = true;
  }
  element.scrollIntoView({ block: 'center' });
  element.focus({ preventScroll: true });
};

/** Says something to everybody: read aloud, and shown unless the page shows it anyway. */
export const announce = (text, isShownAnyway = false) => {
  const status = byId('status');
  status.classList.toggle('hidden', isShownAnyway);
  status.textContent = text;
};

/**
 * Shows what is being done, and whether it can be ended; nothing when nothing is.
 * @param {{ text: string, canCancel: boolean } | null} busy
 */
export const showBusy = (busy) => {
  byId('busy').hidden = busy === null;
  byId('cancel').hidden = !busy?.canCancel;
  const text = busy?.text ?? '';
  if (byId('busy-text').textContent !== text) {
    byId('busy-text').textContent = text;
  }
};

/** Fills the frame's own markup with its words, and states their language. */
export const fillWords = (words, language) => {
  document.documentElement.lang = language;
  document.title = words.documentTitle;
  for (const element of document.querySelectorAll('[data-words]')) {
    element.textContent = words[/** @type {HTMLElement} */ (element).dataset.words];
  }
  for (const attribute of ['placeholder', 'aria-label']) {
    for (const element of document.querySelectorAll(`[data-words-${attribute}]`)) {
      element.setAttribute(attribute, words[element.getAttribute(`data-words-${attribute}`)]);
    }
  }
};

/** Hands a file to the browser's downloads, made of these texts. */
export const download = (name, type, texts) => {
  const link = byId('download');
  const address = URL.createObjectURL(new Blob(texts, { type }));
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
};

/** Copies a text; the second way is for browsers that refuse the first one to a frame. */
export const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const listen = (event) => {
      event.preventDefault();
      event.clipboardData.setData('text/plain', text);
    };
    document.addEventListener('copy', listen, { once: true });
    document.execCommand('copy');
    document.removeEventListener('copy', listen);
  }
};
