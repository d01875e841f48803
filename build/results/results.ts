// Trains and measures everything behind docs/RESULTS.md.
//
//   npm run results -- DATA RUNS            trains and evaluates what is missing, in the order of the matrix, then writes the document
//   npm run results -- DATA RUNS --write    writes the document of what is there
//
// DATA is the folder with the data sets and splits.json, RUNS a folder for trainings and evaluations. It may be stopped at any time and goes
// on where it was.
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeFileAtomically } from '../../main/files/atomic.ts';
import { claims } from './claims/claims.ts';
import { Laboratory } from './laboratory.ts';
import { nameOf, subjects, trainings } from './matrix.ts';

const document = join(resolve(import.meta.dirname, '..', '..'), 'docs', 'RESULTS.md');

async function write(laboratory: Laboratory): Promise<void> {
  const sections: string[] = [];
  for (const { letter, says, measure } of claims)
    sections.push(`## (${letter})\n\n${says}\n\n${await measure(laboratory)}`);
  const done: string[] = [];
  for (const training of trainings) if (await laboratory.train(training)) done.push(nameOf(training));
  const budgets = subjects.map(
    ({ title, steps, seeds, settings }) =>
      `- ${title}: ${steps} steps, ${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'}; ${settings.map((setting) => `\`${setting}\``).join(', ')}.`,
  );
  const text = `# Results

What the papers behind the methods claim, measured with this code on real data. Every figure is of the test people of splits.json, whom no
training and no choice has seen: mean over cases and 95 % bootstrap interval over people, then the mean of each seed. A claim counts as shown where
the interval of the paired difference excludes 0. The trainings are short, alike for all, and were fixed before the first figure.

Made by \`npm run results -- DATA RUNS\`; ${done.length} of ${trainings.length} trainings are done. Last on ${cpus()[0]?.model ?? 'an unknown processor'}.

${budgets.join('\n')}

${sections.join('\n\n')}
`;
  await writeFileAtomically(document, text, { existing: 'replace' });
  process.stdout.write(`${document}\n`);
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { write: { type: 'boolean' } } });
const [data, runs] = positionals;
if (data === undefined || runs === undefined) {
  process.stderr.write('usage: npm run results -- DATA RUNS [--write]\n');
  process.exit(2);
}
const mayWork = values.write !== true;
const laboratory = new Laboratory({ data, runs, mayWork });
if (mayWork) for (const training of trainings) await laboratory.train(training);
await write(laboratory);
