// Judges payloads by Slack's own TypeScript types: each becomes a literal of the type that it is said to be.
//
// Told a list of {name, surface, payload}; prints {name: why} of those that do not type-check.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const packages = process.env.NODE_PATH;
// Beside the packages, where the compiler finds them.
const folder = fs.mkdtempSync(path.join(path.dirname(packages), 'judged-'));
const types = { message: 'KnownBlock[]', modal: 'ModalView', home: 'HomeView' };

const judged = JSON.parse(fs.readFileSync(0, 'utf8'));
judged.forEach(({ surface, payload }, number) => {
  const type = types[surface];
  const literal = JSON.stringify(surface === 'message' ? payload.blocks : payload);
  const lines = [`import type { ${type.replace('[]', '')} } from '@slack/types';`, `export default ${literal} satisfies ${type};`];
  fs.writeFileSync(path.join(folder, `p${number}.ts`), `${lines.join('\n')}\n`);
});
const options = { noEmit: true, strict: true, module: 'nodenext', types: [], skipLibCheck: false };
fs.writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.ts'] }));

const compiler = path.join(packages, '.bin', 'tsc');
const ran = spawnSync(compiler, ['--project', folder, '--pretty', 'false'], { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
fs.rmSync(folder, { recursive: true });
if (ran.error) throw ran.error;

const refused = {};
const elsewhere = [];
for (const line of ran.stdout.split('\n')) {
  const place = /^p(\d+)\.ts\(/.exec(line);
  if (place) {
    refused[judged[place[1]].name] ??= line.slice(0, 2_000);
  } else if (/^\S/.test(line)) {
    elsewhere.push(line);
  }
}
// What is wrong with the compiler itself is no verdict.
if (elsewhere.length > 0 || (ran.status !== 0) !== (Object.keys(refused).length > 0)) {
  throw new Error(`the compiler says: ${elsewhere.join('\n')}${ran.stderr}`);
}
process.stdout.write(JSON.stringify(refused));
