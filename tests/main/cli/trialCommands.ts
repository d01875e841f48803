// Commands that do what a command may run into, for tests that watch a real process.

import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { defineCommand, onCommandLine } from '../../../main/cli/command.ts';
import { runProgram } from '../../../main/cli/program.ts';
import { giveWay } from '../../../main/jobs/cancellation.ts';
import { createProgress } from '../../../main/jobs/progress.ts';
import { markUnfinished } from '../../../main/jobs/unfinished.ts';
import { Problem } from '../../../ml/check/problem.ts';

const file = onCommandLine(z.string().default(''), { usage: '--file <file>', summary: 'what is being written' });

/** Computes for ever, with its progress on stdout (`--json`) and its process in the label; stops when it is told to. */
const polite = defineCommand({
  name: 'polite',
  summary: 'stops when told',
  ask: z.object({ file }),
  run: async (ask, { reporter, signal, resumeBy }) => {
    const progress = createProgress(String(process.pid), 1e9, reporter.progress);
    if (ask.file) {
      markUnfinished(ask.file);
      writeFileSync(ask.file, 'half');
    }
    resumeBy('Go on with --resume.');
    try {
      for (let done = 1; done <= 1e9; done++) {
        progress(done);
        await giveWay(signal);
      }
    } finally {
      reporter.warn('tidied up');
    }
  },
});

/** Never looks up again, like a long native call. */
const deaf = defineCommand({
  name: 'deaf',
  summary: 'does not hear',
  ask: z.object({ file }),
  run: async (ask, { reporter, resumeBy }) => {
    markUnfinished(ask.file);
    writeFileSync(ask.file, 'half');
    resumeBy('Go on with --resume.');
    reporter.progress({ label: 'deaf', done: 1, total: 1, secondsLeft: null });
    await setTimeout(1);
    for (;;) Math.sqrt(2);
  },
});

const throws = (name: string, thrown: () => unknown) =>
  defineCommand({
    name,
    summary: `throws ${name}`,
    ask: z.object({ file }),
    run: () => Promise.reject(thrown() as Error),
  });

const late = defineCommand({
  name: 'late',
  summary: 'throws where nobody waits',
  ask: z.object({}),
  run: async () => {
    void setTimeout(10).then(() => {
      throw new TypeError('thrown late');
    });
    await setTimeout(10_000);
  },
});

const dies = defineCommand({
  name: 'dies',
  summary: 'is ended by the system',
  ask: z.object({ signal: onCommandLine(z.string(), { usage: '<signal>', summary: 'how' }) }),
  run: async ({ signal }) => {
    process.kill(process.pid, signal);
    await setTimeout(10_000);
  },
});

await runProgram(process.argv.slice(2), [
  polite,
  deaf,
  late,
  dies,
  throws('usage', () => new Problem('usage', 'what', 'where', 'Remedy.')),
  throws('data', () => new Problem('data', 'what\nof two lines', 'a\u001b[31mb', 'Remedy.')),
  throws('memory', () => new Problem('memory', 'what', 'where', 'Remedy.')),
  throws('model', () => new Problem('model', 'what', 'where', 'Remedy.')),
  throws('allocation', () => new RangeError('Array buffer allocation failed')),
  throws('full', () => Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC', path: '/disk/file' })),
  throws('bug', () => new TypeError(`x is undefined in ${process.argv.at(-1) ?? ''}`)),
]);
