// What the same export costs under node with common tools: papaparse for the cells, ajv for a schema of each row.
// It is less than pod-check does: no dates, no accounts, no join, no verdict.
//   node peers.mjs EXPORT.csv
import { readFileSync } from "node:fs";
import Ajv from "ajv";
import Papa from "papaparse";

const schema = {
  type: "object",
  required: ["Opportunity Id", "Stage", "Status", "Target Close Date(MM/DD/YYYY)"],
  properties: {
    "Opportunity Id": { type: "string", pattern: "^O[0-9]{1,19}$" },
    Stage: {
      enum: [
        "Prospect", "Qualified", "Technical Validation", "Business Validation", "Committed", "Launched",
        "Closed Lost",
      ],
    },
    Status: { enum: ["Draft", "Submitted", "In review", "Approved", "Rejected", "Action Required"] },
    "Target Close Date(MM/DD/YYYY)": { type: "string", pattern: "^[0-9]{2}/[0-9]{2}/[0-9]{4}$" },
    "AWS Account ID": { type: "string", pattern: "^[0-9]{12}$" },
    "Opportunity Ownership": { const: "Partner Referral" },
    "Opportunity Type": { const: "Net New Business" },
    "Customer Company Name": { type: "string", minLength: 1, maxLength: 120 },
    "Project Description/Business Need": { type: "string", minLength: 20, maxLength: 2000 },
  },
};

const text = readFileSync(process.argv[2], "utf8");
const validate = new Ajv({ allErrors: true }).compile(schema);
const runs = [];
for (let run = 0; run < 5; run++) {
  const start = process.hrtime.bigint();
  const { data } = Papa.parse(text, { header: true, skipEmptyLines: true });
  const parsed = process.hrtime.bigint();
  let wrong = 0;
  for (const row of data) if (!validate(row)) wrong++;
  const done = process.hrtime.bigint();
  runs.push({ rows: data.length, wrong, parse: Number(parsed - start) / 1e9, all: Number(done - start) / 1e9 });
}
const best = runs.reduce((a, b) => (a.all < b.all ? a : b));
const rate = (seconds) => Math.round(best.rows / seconds).toLocaleString("en-US");
console.log(`rows                 ${best.rows.toLocaleString("en-US")} (${best.wrong} fail the schema)`);
console.log(`papaparse            ${best.parse.toFixed(2)} s, ${rate(best.parse)} rows/s`);
console.log(`papaparse and ajv    ${best.all.toFixed(2)} s, ${rate(best.all)} rows/s, best of ${runs.length}`);
console.log(`peak memory          ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB, input included`);
