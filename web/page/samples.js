// Invented documents. Their dates move with the as-of date, so that an example is never out of date.

/** @type {{ id: string, files: string[] }[]} */
export const SAMPLES = [
  { id: 'portfolio', files: ['ace-export.csv', 'end-user-reporting.csv', 'monthly-spend.csv'] },
  { id: 'deal', files: ['one-deal.txt'] },
  { id: 'api', files: ['get-opportunity.json'] },
];

/** What an invented document's name begins with. */
export const SAMPLE_PREFIX = 'Example ';

const iso = (date) => date.toISOString().slice(0, 10);

/** Fills `{+25}`, `{us -3}`, `{m+1}` and `{us m+1.15}` in: days or months from the as-of date, ISO or month first. */
const dated = (text, asOf) =>
  text.replace(/\{(us )?(?:m([+-]\d+)(?:\.(\d\d))?|([+-]\d+))\}/g, (_, us, months, day, days) => {
    const date = new Date(`${asOf}T00:00:00Z`);
    if (days !== undefined) {
      date.setUTCDate(date.getUTCDate() + Number(days));
    } else {
      date.setUTCMonth(date.getUTCMonth() + Number(months), Number(day ?? '1'));
    }
    const written = iso(date);
    if (us) {
      return `${written.slice(5, 7)}/${written.slice(8)}/${written.slice(0, 4)}`;
    }
    return days === undefined && day === undefined ? written.slice(0, 7) : written;
  });

/** The documents of a sample, as if they were opened on `asOf`. */
export const sampleFiles = (sample, asOf) =>
  sample.files.map((name) => ({ name: `${SAMPLE_PREFIX}${name}`, text: dated(SAMPLE_TEXTS[name], asOf) }));
