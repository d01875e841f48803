// The options that mean the same in every command that has them (cli.md, "Everywhere").

import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { fusionNames } from '../../ml/inference/fusion/fusions.ts';
import { onCommandLine } from './command.ts';

/** A whole number as it is typed; `1e3`, `0x10` and ` 7` are typing errors. */
export const wholeNumber = (least: number, most = Number.MAX_SAFE_INTEGER) =>
  z.string().regex(/^\d+$/, 'expected a whole number').transform(Number).pipe(z.number().min(least).max(most));

/** A file or folder; whether it is there is for the reader to say. */
export const path = () => z.string().min(1, 'expected a path');

export const seed = onCommandLine(wholeNumber(0).default(0), {
  usage: '--seed <number>',
  summary: 'where random numbers start: same seed, same result',
});

export const threads = onCommandLine(
  wholeNumber(1, 1024).default(() => availableParallelism()),
  { usage: '--threads <number>', summary: 'processor cores to use' },
);

export const device = onCommandLine(z.enum(['auto', 'cpu', 'webgpu', 'cuda', 'directml', 'coreml']).default('auto'), {
  usage: '--device <device>',
  summary: 'auto, cpu, webgpu, cuda, directml or coreml',
});

export const engine = onCommandLine(z.enum(['onnxruntime']).default('onnxruntime'), {
  usage: '--engine <engine>',
  summary: 'onnxruntime',
});

export const force = onCommandLine(z.boolean().default(false), {
  usage: '--force',
  summary: 'overwrite what exists',
});

export const augment = onCommandLine(z.boolean().optional(), {
  usage: '--augment',
  summary:
    'show the image to every further sample turned, moved and scaled a little; the direct method draws samples so',
});

export const fusion = onCommandLine(z.enum(fusionNames).optional(), {
  usage: '--fusion <way>',
  summary: `how samples become one mask: ${fusionNames.join(', ')} (default: mean)`,
});

export const temperature = onCommandLine(z.coerce.number().min(0.01).max(100).optional(), {
  usage: '--temperature <number>',
  summary:
    'soften (above 1) or sharpen probabilities; default: what `evaluate --calibrate` stored with the model, else 1',
});

export const out = onCommandLine(path(), { usage: '--out <folder>', summary: 'where the results go' });

export const model = onCommandLine(z.string().min(1), {
  usage: '--model <model>',
  summary: 'a name of `sfumato models list`, or a model folder',
});

/** Several models of the same structures are run as one: the folds of a cross-validation. */
export const modelsOfOne = onCommandLine(z.array(z.string().min(1)).min(1), {
  usage: '--model <model>',
  summary: 'a name of `sfumato models list`, or a model folder; several times: their samples are taken together',
  takes: 'list',
});

/** Sequences of one case that lie in files of their own: `--channel T1=FILE --channel FLAIR=FILE`. */
export const channel = onCommandLine(
  z
    .array(
      z
        .string()
        .regex(/^[^=]+=.+$/, 'expected NAME=FILE')
        .transform((text) => ({ name: text.slice(0, text.indexOf('=')), file: text.slice(text.indexOf('=') + 1) })),
    )
    .refine((channels) => new Set(channels.map(({ name }) => name)).size === channels.length, 'a name is given twice')
    .default([]),
  { usage: '--channel <name=file>', summary: 'one sequence of the case; once for each', takes: 'list' },
);
