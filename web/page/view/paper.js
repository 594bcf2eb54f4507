// The report as one file to read: the page's own views, drawn apart, with nothing to press. One opportunity is all
// unfolded; of many, what needs no attention stays folded, as a browser opens it without scripts.

import { LANG, PAPER, VERDICTS, sayDay, sayNumber } from '../words.js';
import { badge, drawApart, h, wordFor } from './dom.js';
import { describeDocument } from './input.js';
import { drawOpportunity } from './opportunity.js';

/** So many opportunities are listed: a browser shows them at once, and a reader can still look through them. */
export const PAPER_ROWS = 2_000;
/** So many are told in full, a page each. */
export const PAPER_DETAILS = 200;

/** @import { Metric, OpportunityReport, Page, Row, Summary } from '../report.js' */
/** @import { Context } from './opportunity.js' */

/** What is only there to be used. */
const TOOLS = [
  '.buttons, .complete, [data-keep="complete"], .why, .try, fieldset, input, select, textarea',
  // What is said of a panel is how to use it; a month of the planner is a button, and is named.
  '.panel > .note, :not(th) > button.link',
].join();
const WITHOUT_MEANING =
  /^(id|for|name|tabindex|aria-(labelledby|describedby|controls|pressed|expanded)|data-.*)$/;

/** Makes what a view drew into something that is only read. */
const settled = (drawn, isUnfolded) => {
  drawn.querySelectorAll(TOOLS).forEach((element) => element.remove());
  drawn.querySelectorAll('button').forEach((button) => {
    button.replaceWith(h('span', { class: button.className }, [...button.childNodes]));
  });
  if (isUnfolded) {
    drawn.querySelectorAll('details').forEach((details) => details.setAttribute('open', ''));
  }
  for (const element of [drawn, ...drawn.querySelectorAll('*')]) {
    // A picture's parts name each other.
    if (element.closest('svg') === null) {
      [...element.attributes]
        .filter(({ name }) => WITHOUT_MEANING.test(name))
        .forEach(({ name }) => element.removeAttribute(name));
    }
  }
  return drawn;
};

/** As text that becomes the same elements again when it is read as HTML: whatever is text in it stays text. */
const asText = (element) => new XMLSerializer().serializeToString(element);

const paperTable = (headings, rows) =>
  h(
    'table',
    {},
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        headings.map((heading) => h('th', { scope: 'col' }, heading)),
      ),
    ),
    h('tbody', {}, rows),
  );

/**
 * @param {Summary} summary
 * @param {{ asOf: string, isOwnPolicy: boolean, stated: number, isAlone: boolean }} context
 */
export const paperHead = (summary, { asOf, isOwnPolicy, stated, isAlone }) => {
  const pair = (term, ...description) => [h('dt', {}, term), h('dd', {}, ...description)];
  return h(
    'header',
    {},
    h('h1', {}, isAlone ? PAPER.headingOne : PAPER.heading),
    h(
      'dl',
      { class: 'pairs' },
      pair(PAPER.judged, h('strong', {}, sayDay(asOf))),
      pair(PAPER.edition, PAPER.editionText(summary.ruleset, isOwnPolicy)),
      pair(
        PAPER.read,
        h(
          'ul',
          {},
          summary.documents.map((document) =>
            h('li', {}, h('strong', {}, document.name), ` ${describeDocument(document)}`),
          ),
        ),
      ),
      stated > 0 && pair(PAPER.stated, PAPER.statedText(stated)),
    ),
  );
};

/** @param {Metric} metric */
const metricRow = ({ name, numerator, denominator }) =>
  h(
    'tr',
    {},
    h('th', { scope: 'row' }, name),
    h('td', { class: 'number' }, PAPER.share(numerator, denominator)),
  );

/** @param {Summary} summary */
const paperOverview = ({ portfolio }) =>
  h(
    'section',
    {},
    h('h2', {}, PAPER.overview),
    paperTable(
      [PAPER.verdict, PAPER.count, ''],
      Object.keys(VERDICTS)
        .filter((verdict) => portfolio.verdicts[verdict] > 0)
        .map((verdict) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, badge(VERDICTS[verdict])),
            h('td', { class: 'number' }, sayNumber(portfolio.verdicts[verdict])),
            h('td', {}, VERDICTS[verdict].says),
          ),
        ),
    ),
    h('h3', {}, PAPER.metrics),
    h('table', {}, h('tbody', {}, portfolio.metrics.map(metricRow))),
  );

/** @param {Row} row */
const paperRow = (row) =>
  h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row' },
      row.customer ?? row.title ?? row.key,
      h('span', { class: 'under' }, [row.customer && row.title, row.key].filter(Boolean).join(' · ')),
    ),
    h('td', {}, badge(wordFor(VERDICTS, row.verdict), 'quiet')),
    h('td', {}, row.next?.text ?? PAPER.nothing),
    h('td', { class: 'day' }, row.next?.due ? sayDay(row.next.due) : '–'),
    h('td', { class: 'day' }, row.closeDate ? sayDay(row.closeDate) : '–'),
  );

/** @param {Page} page */
const paperList = ({ rows, total }) =>
  h(
    'section',
    {},
    h('h2', {}, PAPER.list),
    h('p', { class: 'note' }, PAPER.listed(rows.length, total)),
    paperTable(PAPER.headings, rows.map(paperRow)),
  );

/**
 * One opportunity in full, as text of the file.
 * @param {OpportunityReport} report
 * @param {Context} context
 * @param {boolean} isAlone whether the file is about nothing else
 */
export const paperDetail = (report, context, isAlone) => {
  const [drawn] = drawApart(['opportunity'], () => drawOpportunity(report, { ...context, isAlone: true }));
  drawn.className = 'paper-detail';
  return asText(settled(drawn, isAlone));
};

/** The page's own texts only: whatever was given goes by `asText`. */
const enclosed = (name, text) => `<${name}>${text}</${name}>\n`;

/**
 * The whole file.
 * @param {Summary} summary
 * @param {Page | null} page the list; null for the report of one opportunity
 * @param {string[]} details made by `paperDetail`
 * @param {{ asOf: string, isOwnPolicy: boolean, stated: number }} context
 * @returns {string[]} texts that make it one after the other
 */
export const paper = (summary, page, details, context) => {
  const isAlone = page === null;
  const policy = document.querySelector('meta[http-equiv]').getAttribute('content');
  // The style is the page's own, byte for byte, and so is its hash.
  const [styles] = /style-src [^;]*/.exec(policy);
  const isAll = !isAlone && page.total === page.rows.length && details.length < PAPER_DETAILS;
  const rules = `default-src 'none'; ${styles}; form-action 'none'; base-uri 'none'`;
  return [
    `<!doctype html>\n<html lang="${LANG}">\n<head>\n<meta charset="utf-8">\n`,
    `<meta content="${rules}" http-equiv="Content-Security-Policy">\n`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
    enclosed('title', PAPER.title(sayDay(context.asOf))),
    enclosed('style', document.querySelector('style').textContent),
    '</head>\n<body class="paper">\n<main>\n',
    asText(paperHead(summary, { ...context, isAlone })),
    ...(isAlone ? [] : [asText(paperOverview(summary)), asText(paperList(page))]),
    ...(isAlone || details.length === 0
      ? []
      : [
          asText(h('h2', { class: 'paper-title' }, PAPER.details)),
          asText(h('p', { class: 'note' }, PAPER.detailed(details.length, isAll))),
        ]),
    ...details,
    asText(h('p', { class: 'note' }, PAPER.foot)),
    '\n</main>\n</body>\n</html>\n',
  ];
};
