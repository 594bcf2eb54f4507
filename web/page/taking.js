// What a visitor takes along, from the question to the checker to the file.

import { PROGRESS, TAKE } from './words.js';
import { announce, byId, copy, download } from './view/dom.js';
import { CORRECTIONS_SHOWN, drawCorrections } from './view/corrections.js';
import { PAPER_DETAILS, PAPER_ROWS, paper, paperDetail, paperHead } from './view/paper.js';

/** @import { Engine } from './engine.js' */
/** @import { Summary } from './report.js' */
/** @import { Context } from './view/opportunity.js' */
/**
 * @typedef {object} Look what the page shows, as it is when it is asked
 * @property {Summary} summary
 * @property {Context} context
 * @property {boolean} isOwnPolicy
 */

const TYPES = {
  html: 'text/html',
  ics: 'text/calendar',
  csv: 'text/csv',
  importCsv: 'text/csv',
  json: 'application/json',
  verdicts: 'application/json',
};

/** So many opportunities are asked for at once. */
const VERDICTS_AT_ONCE = 2_000;

/**
 * @param {Engine} engine
 * @param {() => Look} look
 * @param {(work: (...args: any[]) => Promise<void>) => (...args: any[]) => Promise<void>} act says what goes wrong
 */
export const startTaking = (engine, look, act) => {
  const saying = (kind) => (percent) => PROGRESS.file(TAKE.names[kind], percent);

  const report = async (key) => {
    const { summary, context, isOwnPolicy } = look();
    const isAlone = key !== null || summary.portfolio.opportunities === 1;
    return engine.work(saying('html'), async (tell) => {
      const page = await engine.ask(
        'rows',
        JSON.stringify({ limit: isAlone ? 1 : PAPER_ROWS, sort: 'urgent' }),
      );
      const keys = isAlone
        ? [key ?? page.rows[0].key]
        : page.rows.filter((row) => row.next).map((row) => row.key);
      const details = [];
      for (const each of keys.slice(0, PAPER_DETAILS)) {
        const found = await engine.ask('opportunity', each);
        details.push(paperDetail(found, context, isAlone));
        tell(details.length / Math.min(keys.length, PAPER_DETAILS));
      }
      const { asOf, statements } = context;
      return paper(summary, isAlone ? null : page, details, { asOf, isOwnPolicy, stated: statements.length });
    });
  };

  /** Of the report, what a later one is compared with: of large portfolios the whole is too large to be read again. */
  const verdicts = () => {
    const { ruleset, asOf, portfolio } = look().summary;
    return engine.work(saying('verdicts'), async (tell) => {
      const texts = [`{"ruleset":${JSON.stringify(ruleset)},"asOf":"${asOf}","opportunities":[`];
      for (let from = 0; from < portfolio.opportunities; from += VERDICTS_AT_ONCE) {
        const query = { from, limit: VERDICTS_AT_ONCE, sort: 'given' };
        const { rows } = await engine.ask('rows', JSON.stringify(query));
        const lines = rows.map(({ key, verdict }) => JSON.stringify({ key, verdict }));
        texts.push((from === 0 ? '\n' : ',\n') + lines.join(',\n'));
        tell(Math.min(1, (from + VERDICTS_AT_ONCE) / portfolio.opportunities));
      }
      return [...texts, '\n]}\n'];
    });
  };

  /** @type {Record<string, (key: string | null) => Promise<(string | Blob)[]>>} */
  const files = {
    html: report,
    ics: async (key) =>
      key === null ? engine.parts('ics', saying('ics')) : [await engine.ask('icsOf', key)],
    csv: () => engine.parts('csv', saying('csv')),
    importCsv: () => engine.parts('importCsv', saying('importCsv')),
    json: () => engine.report(saying('json')),
    verdicts,
  };

  const take = act(async (kind, key) => {
    const texts = await files[kind](key);
    const what = key === null ? TAKE.names[kind] : `${TAKE.safe(key)} ${TAKE.names[kind]}`;
    const name = TAKE.fileName(look().context.asOf, what);
    download(name, TYPES[kind], texts);
    announce(TAKE.downloaded(name));
  });

  const showCorrections = act(async (from) => {
    const found = await engine.ask('corrections', from, CORRECTIONS_SHOWN);
    drawCorrections(found, {
      onPage: showCorrections,
      onDownload: () => take('importCsv', null),
      onClose: () => byId('corrections').close(),
    });
    if (!byId('corrections').open) {
      byId('corrections').showModal();
    }
  });

  /** What a printed page says of itself, which the screen shows elsewhere. */
  addEventListener('beforeprint', () => {
    const { summary, context, isOwnPolicy } = look();
    const { asOf, statements, isAlone } = context;
    byId('printed').replaceChildren(
      paperHead(summary, { asOf, isOwnPolicy, stated: statements.length, isAlone }),
    );
  });

  return {
    onCopy: act(async (kind, key) => {
      await copy(await engine.ask(kind, key ?? undefined));
      announce(TAKE.copied[kind]);
    }),
    onDownload: (kind, key) => (kind === 'importCsv' ? showCorrections(0) : take(kind, key)),
    onPrint: () => print(),
  };
};
