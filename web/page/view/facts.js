// The facts of an opportunity, and how each is corrected where it stands.

import { CHECKS, FACTS, FACT_GROUPS, askedAs, sayFactOf, sayValue } from '../words.js';
import { h } from './dom.js';

/** What an opportunity is called by: what is stated of it is kept under these, so they stay as they were read. */
const IDENTITY = new Set(['opportunity_id', 'partner_crm_id']);
const SETTLED = new Set(['pass', 'not_applicable']);

/** @import { CheckReport, DocumentReport, FactReport, OpportunityReport, Place } from '../report.js' */
/** @import { Statement } from './complete.js' */
/**
 * @typedef {object} FactListener
 * @property {(place: Place) => void} onPlace
 * @property {(facts: string[][], isForAll: boolean) => void} onState
 * @property {(said: Statement[]) => void} onTakeBack
 */

/** @type {FactReport} */
const UNKNOWN_FACT = {
  value: null,
  unknown: 'blank',
  why: null,
  note: null,
  stated: false,
  documentValue: null,
  places: [],
};

/** `spend` as the fact of its month: what is stated of a month stays with it when the close date moves. */
export const factOfMonth = (name, report) =>
  (name === 'spend' || name === 'spend_final') && report.spendMonth
    ? `${name}.${report.spendMonth.month}`
    : name;

/** What the user stated of a fact of this opportunity. */
const statementsOf = (name, report, statements) =>
  statements.filter(
    ({ key, fact }) => (key === null || key === report.key) && factOfMonth(fact, report) === name,
  );

/** Whether a fact can be corrected on the page. */
const isEditable = (name) => !IDENTITY.has(name);

/** Shows where a value stands; in a row of its own, the short way. */
export const placeButton = (at, documents, onPlace, isShort = false) => {
  const document = documents[at.document];
  const field = (at.field || CHECKS.somewhere).replace(/\s+/g, ' ').slice(0, 60);
  return (
    document &&
    h(
      'button',
      {
        type: 'button',
        class: 'link',
        title: CHECKS.where(document.name, at.line, at.column),
        'aria-label': isShort ? CHECKS.show(field) : undefined,
        click: () => onPlace(at),
      },
      isShort ? CHECKS.showShort : CHECKS.show(field),
    )
  );
};

/** An input or a choice for a fact. */
export const factControl = (name, id, { value = '', none = FACTS.choose, focus = id } = {}) => {
  const { options, type, hint } = askedAs(name);
  if (options !== undefined) {
    const isValue = (option) => option.toLowerCase() === value.toLowerCase();
    return h(
      'select',
      { id, name, focus },
      h('option', { value: '' }, none),
      options.map((option) => h('option', { value: option, selected: isValue(option) }, option)),
    );
  }
  return h('input', {
    id,
    name,
    focus,
    type: type ?? 'text',
    placeholder: hint,
    value: type === 'date' ? value.slice(0, 10) : value,
    autocomplete: 'off',
  });
};

/**
 * A control for one fact in the place of what it corrects; Enter saves, Escape leaves everything as it was.
 * @param {{ id: string, name: string, value: string, onSave: (value: string) => void, onCancel: () => void }} wanted
 */
const factEditor = ({ id, name, value, onSave, onCancel }) => {
  const control = /** @type {HTMLInputElement | HTMLSelectElement} */ (
    factControl(name, `${id}-control`, { value, focus: id })
  );
  const before = control.value;
  const save = () => {
    const chosen = control.value.trim();
    if (chosen === '' || chosen === before) {
      onCancel();
    } else {
      onSave(chosen);
    }
  };
  const keydown = (event) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      onCancel();
    } else if (event.key === 'Enter' && event.target === control) {
      event.preventDefault();
      save();
    }
  };
  return h(
    'div',
    { class: 'editor', role: 'group', 'aria-label': FACTS.editOf(sayFactOf(name)), keydown },
    h('label', { for: `${id}-control` }, askedAs(name).label),
    control,
    h('button', { type: 'button', class: 'primary', focus: id, click: save }, FACTS.save),
    h('button', { type: 'button', click: onCancel }, FACTS.cancel),
  );
};

/**
 * A button that opens the editor of a fact in `slot`, and what stood there comes back when it is left.
 * @param {{ id: string, name: string, value: string | null, text: string, label?: string, className?: string }} wanted
 * @param {() => HTMLElement} slot
 * @param {FactListener['onState']} onState
 */
export const editButton = ({ id, name, value, text, label, className }, slot, onState) => {
  const button = h(
    'button',
    {
      type: 'button',
      class: className ?? 'small',
      'aria-label': label,
      focus: id,
      click: () => {
        const place = slot();
        const stood = [...place.childNodes];
        const editor = factEditor({
          id,
          name,
          value: value ?? '',
          onSave: (chosen) => onState([[name, chosen]], false),
          onCancel: () => {
            place.replaceChildren(...stood);
            button.focus();
          },
        });
        place.replaceChildren(editor);
        editor.querySelector(/** @type {'input'} */ ('input, select')).focus();
      },
    },
    text,
  );
  return button;
};

/**
 * Marks what the user stated, with one click back to what the documents say.
 * @param {Statement[]} said
 */
const statedMark = (id, name, said, onTakeBack) => {
  const isForAll = said.some(({ key }) => key === null);
  return [
    h('span', { class: 'mark stated' }, isForAll ? FACTS.statedForAll : FACTS.stated),
    said.length > 0 &&
      h(
        'button',
        {
          type: 'button',
          class: 'small',
          focus: id,
          'aria-label': FACTS.resetOf(sayFactOf(name)),
          click: () => onTakeBack(said),
        },
        isForAll ? FACTS.resetForAll : FACTS.reset,
      ),
  ];
};

/**
 * @param {string} name
 * @param {FactReport} fact
 * @param {OpportunityReport} report
 * @param {{ documents: DocumentReport[], statements: Statement[] } & FactListener} context
 */
const factRow = (name, fact, report, { documents, statements, onPlace, onState, onTakeBack }) => {
  const id = `edit-${name}`;
  const isKnown = fact.value !== null;
  const cell = h(
    'td',
    {},
    h(
      'span',
      { class: isKnown ? 'value' : 'value under-inline' },
      isKnown ? sayValue(name, fact.value) : (fact.why ?? FACTS.unknown),
    ),
    isEditable(name) &&
      editButton(
        {
          id,
          name,
          value: fact.value,
          text: isKnown ? FACTS.edit : FACTS.add,
          label: (isKnown ? FACTS.editOf : FACTS.addOf)(sayFactOf(name)),
        },
        () => cell,
        onState,
      ),
    fact.stated && statedMark(id, name, statementsOf(name, report, statements), onTakeBack),
    fact.documentValue !== null &&
      h('span', { class: 'under' }, FACTS.documentSays(sayValue(name, fact.documentValue))),
    fact.note && h('span', { class: 'under' }, fact.note),
    !isEditable(name) && isKnown && h('span', { class: 'under' }, FACTS.identity),
  );
  return h(
    'tr',
    { class: isKnown ? '' : 'blank', 'data-fact': name, tabindex: '-1' },
    h('th', { scope: 'row' }, sayFactOf(name)),
    cell,
    h(
      'td',
      {},
      fact.places.slice(0, 2).map((at) => placeButton(at, documents, onPlace, true)),
    ),
  );
};

/** The facts of each group, in the group's order; those of no group come with the last. */
const factGroupsOf = (names) => {
  const isOf = (name) => (pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
  const rank = (facts, name) => facts.findIndex(isOf(name));
  const isNamed = (name) => FACT_GROUPS.some(({ facts }) => facts.some(isOf(name)));
  return FACT_GROUPS.map(({ title, facts }, at) => ({
    title,
    names: names
      .filter((name) => facts.some(isOf(name)) || (at === FACT_GROUPS.length - 1 && !isNamed(name)))
      .toSorted((a, b) => rank(facts, a) - rank(facts, b)),
  })).filter((group) => group.names.length > 0);
};

const factsGrid = (groups, facts, report, context) =>
  h(
    'table',
    { class: 'facts' },
    h(
      'thead',
      { class: 'hidden' },
      h(
        'tr',
        {},
        FACTS.headings.map((heading) => h('th', { scope: 'col' }, heading)),
      ),
    ),
    groups.map(({ title, names }) =>
      h(
        'tbody',
        {},
        h('tr', { class: 'fact-group' }, h('th', { scope: 'rowgroup', colspan: '3' }, title)),
        names.map((name) => factRow(name, facts[name], report, context)),
      ),
    ),
  );

/**
 * Every fact in groups, each to be corrected in its row; what is blank and asked for by nothing is folded away.
 * @param {OpportunityReport} report
 */
export const factsPanel = (report, context) => {
  const facts = { ...report.facts };
  const spend = factOfMonth('spend', report);
  facts[spend] ??= UNKNOWN_FACT;
  const asked = new Set(
    report.checks
      .filter((check) => !SETTLED.has(check.outcome))
      .flatMap((check) => check.facts.map((name) => factOfMonth(name, report))),
  );
  const isLoose = (name) => facts[name].unknown === 'blank' || facts[name].unknown === 'not_in_format';
  const names = Object.keys(facts);
  const known = names.filter((name) => facts[name].value !== null).length;
  const stated = names.filter((name) => facts[name].stated).length;
  const folded = names.filter((name) => isLoose(name) && !asked.has(name));
  const shown = names.filter((name) => !folded.includes(name));
  return h(
    'details',
    { keep: 'facts', class: 'panel', id: 'facts' },
    h('summary', {}, FACTS.title, ' ', h('span', { class: 'under' }, FACTS.counted(known, stated))),
    h('p', { class: 'note' }, FACTS.note),
    factsGrid(factGroupsOf(shown), facts, report, context),
    folded.length > 0 &&
      h(
        'details',
        { keep: 'facts-unasked', class: 'unasked' },
        h('summary', {}, FACTS.unasked(folded.length)),
        factsGrid(factGroupsOf(folded), facts, report, context),
      ),
  );
};

/**
 * What the user stated of this opportunity, in one line each, to be taken back at once.
 * @param {OpportunityReport} report
 * @param {{ statements: Statement[] } & FactListener} context
 */
export const statedStrip = (report, { statements, onTakeBack }) => {
  const said = statements.filter(({ key }) => key === null || key === report.key);
  return (
    said.length > 0 &&
    h(
      'div',
      { class: 'stated-strip', role: 'group', 'aria-label': FACTS.statedTitle },
      h('strong', {}, FACTS.statedTitle),
      said.map((each) => {
        const name = factOfMonth(each.fact, report);
        return h(
          'span',
          { class: 'stated-chip' },
          `${sayFactOf(name)}: `,
          h('strong', {}, sayValue(name, each.value)),
          each.key === null && h('span', { class: 'mark' }, FACTS.forAll),
          h(
            'button',
            {
              type: 'button',
              class: 'small',
              'aria-label': FACTS.resetOf(sayFactOf(name)),
              click: () => onTakeBack([each]),
            },
            FACTS.reset,
          ),
        );
      }),
      said.length > 1 &&
        h('button', { type: 'button', class: 'small', click: () => onTakeBack(said) }, FACTS.resetAll),
    )
  );
};
