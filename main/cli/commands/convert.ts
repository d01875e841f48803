import { z } from 'zod';
import { readImage } from '../../imaging/image.ts';
import { writeImage, writerOf } from '../../imaging/write.ts';
import { defineCommand, onCommandLine } from '../command.ts';
import { force, path } from '../options.ts';

export const convert = defineCommand({
  name: 'convert',
  summary: 'write an image in another format: the same voxels at the same places',
  ask: z.object({
    input: onCommandLine(path(), { usage: '<in>', summary: 'an image, or PATH#N for the Nth of several' }),
    output: onCommandLine(path(), {
      usage: '<out>',
      summary: 'a file whose extension says the format, or a name without one for a folder of PNG slices',
    }),
    resample: onCommandLine(z.boolean().default(false), {
      usage: '--resample',
      summary: 'make a regular volume of slices that are tilted, missing or unevenly spaced',
    }),
    smoothing: onCommandLine(z.enum(['none', 'some']).default('some'), {
      usage: '--smoothing <smoothing>',
      summary: 'of the surfaces of a mesh: none or some',
    }),
    force,
  }),
  run: async (ask, { reporter, signal }) => {
    writerOf(ask.output);
    const irregular = ask.resample ? 'resample' : 'refuse';
    const image = await readImage(ask.input, { signal, report: reporter.progress, irregular });
    signal.throwIfAborted();
    const existing = ask.force ? 'replace' : 'refuse';
    const lost = await writeImage(ask.output, image, { existing, smoothing: ask.smoothing, signal });
    const warnings = [...image.warnings, ...lost];
    for (const warning of warnings) reporter.warn(warning);
    reporter.result({ path: ask.output, warnings }, ask.output);
  },
});
