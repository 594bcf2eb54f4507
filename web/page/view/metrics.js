// The guide's metrics: what each counts of what, and the opportunities behind the numbers.

import { MEASURES } from '../words.js';
import { byId, draw, h } from './dom.js';

/** @import { Metric } from '../report.js' */

const ratePercent = (rate) => `${(Number(rate) * 100).toFixed(1)} %`;

const metricDrill = (name, counted, count, label, onList) =>
  count > 0
    ? h(
        'button',
        { type: 'button', class: 'link', focus: `${name}-${counted}`, 'aria-label': label, click: onList },
        count.toLocaleString('en'),
      )
    : '0';

/** @param {Metric} metric */
const metricLine = ({ id, name, definition, numerator, denominator, rate }, onList) => {
  const number = (counted, count, label) =>
    h(
      'td',
      { class: 'number', 'data-label': MEASURES.headings[counted === 'yes' ? 2 : 3] },
      metricDrill(id, counted, count, label(name, count), () => onList(id, counted)),
    );
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, name, h('span', { class: 'under' }, definition)),
    h(
      'td',
      { class: 'number', 'data-label': MEASURES.headings[1] },
      rate === null
        ? h('span', { class: 'under' }, MEASURES.none)
        : [
            h('strong', {}, ratePercent(rate)),
            h('span', { class: 'under' }, MEASURES.of(numerator, denominator)),
            h('progress', { class: 'share', max: denominator, value: numerator, 'aria-hidden': 'true' }),
          ],
    ),
    number('yes', numerator, MEASURES.listYes),
    number('no', denominator - numerator, MEASURES.listNo),
  );
};

/**
 * Draws the metrics.
 * @param {Metric[]} metrics
 * @param {(metric: string, counted: string) => void} onList
 */
export const drawMetrics = (metrics, onList) =>
  draw(
    byId('view-metrics'),
    h('p', { class: 'note' }, MEASURES.lead),
    h(
      'table',
      { class: 'metrics' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          MEASURES.headings.map((heading) => h('th', { scope: 'col' }, heading)),
        ),
      ),
      h(
        'tbody',
        {},
        metrics.map((metric) => metricLine(metric, onList)),
      ),
    ),
  );
