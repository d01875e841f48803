import { z } from 'zod';
import { Problem } from '../../../ml/check/problem.ts';
import { openEngine } from '../../services/devices/openEngine.ts';
import { strategyNames } from '../../../ml/training/strategies/strategies.ts';
import { isThere, readRun, runPaths, type Budget, type RunDraft, type RunRecord } from '../../training/run.ts';
import { fineTuningDefaults, parseSettings } from '../../training/settings.ts';
import { draftRun, trainDataset } from '../../training/trainDataset.ts';
import { usableMiB } from '../../training/usableMemory.ts';
import { defineCommand, onCommandLine, type CommandContext } from '../command.ts';
import { device, engine, out, path, seed, threads, wholeNumber } from '../options.ts';
import { groupBy, memory, preset, set, splits } from '../trainingOptions.ts';

const ask = z.object({
  dataset: onCommandLine(path(), { usage: '<dataset>', summary: 'a data set folder' }),
  out,
  method: onCommandLine(z.enum(['direct', 'diffusion']).default('diffusion'), {
    usage: '--method <method>',
    summary: 'direct or diffusion',
  }),
  strategy: onCommandLine(z.enum(strategyNames).default('recycling'), {
    usage: '--strategy <strategy>',
    summary: `how a diffusion network is trained: ${strategyNames.join(', ')}`,
  }),
  init: onCommandLine(z.string().min(1).optional(), {
    usage: '--init <model>',
    summary: 'go on from a model, by name or folder, instead of from random weights (fine-tuning)',
  }),
  minutes: onCommandLine(z.coerce.number().positive().optional(), {
    usage: '--minutes <minutes>',
    summary: 'how long to train (default: 60)',
  }),
  steps: onCommandLine(wholeNumber(1).optional(), {
    usage: '--steps <steps>',
    summary: 'how many steps to train instead',
  }),
  resume: onCommandLine(z.boolean().default(false), {
    usage: '--resume',
    summary: 'go on with the training in the folder of --out',
  }),
  preset,
  set,
  memory,
  splits,
  groupBy,
  seed,
  threads,
  device,
  engine,
});

type Ask = z.output<typeof ask>;

export const train = defineCommand({
  name: 'train',
  summary: 'train a model on a data set',
  ask,
  run: async (asked, context) => {
    const { reporter, resumeBy } = context;
    const runtime = await openEngine(asked.device, asked.threads);
    const run = asked.resume ? await resumed(asked) : await draft(asked, context);
    if (run.init && run.init.unknown.length > 0)
      reporter.warn(`${run.init.name} does not know ${run.init.unknown.join(', ')}: weights of those start anew.`);
    const onResumable = (): void => {
      resumeBy(`Go on with \`${resumption(asked)}\`.`);
    };
    if (asked.resume) onResumable();
    if (run.threads !== asked.threads)
      reporter.warn(
        `Started with --threads ${run.threads}: with ${asked.threads}, the last bits of its weights will differ.`,
      );
    const { result, model } = await trainDataset({
      dataset: asked.dataset,
      folder: asked.out,
      groupBy: asked.groupBy,
      splitFile: asked.splits,
      run,
      engine: runtime,
      signal: context.signal,
      report: reporter.progress,
      onResumable,
    });
    const { best, steps, seconds } = result;
    const text = `${model.folder}: mean Dice ${best.dice.toFixed(4)} on the validation cases at step ${best.step} of ${steps}`;
    const event = { model: model.folder, steps, seconds, bestStep: best.step, validationDice: best.dice };
    reporter.result({ ...event, device: runtime.device.used, engine: runtime.name, threads: runtime.threads }, text);
  },
});

/** What goes on with this training to the same bits: they depend on the number of threads too. */
function resumption({ dataset, out: folder, threads: count, device: on }: Ask): string {
  const words = ['sfumato', 'train', dataset, '--out', folder, '--threads', String(count), '--device', on, '--resume'];
  return words.map((word) => (/^[\w./:\\-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}

async function resumed({ out: folder, minutes, steps, set, init }: Ask): Promise<RunRecord> {
  if (minutes !== undefined || steps !== undefined || set.length > 0 || init !== undefined)
    throw new Problem(
      'usage',
      'a training goes on as it was started',
      '--resume',
      'Leave out --minutes, --steps, --set and --init, or start a new one in another folder.',
    );
  if (await isThere(runPaths(folder).record)) return readRun(folder);
  throw new Problem('data', 'there is no training to go on with', folder, 'Check --out, or leave out --resume.');
}

const draft = (asked: Ask, { reporter, signal }: CommandContext): Promise<RunDraft> =>
  draftRun({
    dataset: asked.dataset,
    folder: asked.out,
    preset: asked.preset,
    memoryMiB: usableMiB(asked.memory),
    splitFile: asked.splits,
    groupBy: asked.groupBy,
    method: asked.method,
    strategy: asked.strategy,
    seed: asked.seed,
    settings: parseSettings(asked.set, asked.init === undefined ? {} : fineTuningDefaults),
    init: asked.init,
    threads: asked.threads,
    budget: budgetOf(asked),
    signal,
    report: reporter.progress,
  });

function budgetOf({ minutes, steps }: Ask): Budget {
  if (minutes !== undefined && steps !== undefined)
    throw new Problem('usage', 'minutes and steps are both given', '--minutes --steps', 'Give one of them.');
  return steps === undefined ? { minutes: minutes ?? 60 } : { steps };
}
