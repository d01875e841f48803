import { z } from 'zod';
import { readImage } from '../../imaging/image.ts';
import { writeNifti } from '../../imaging/nifti/write.ts';
import { defineCommand, onCommandLine } from '../command.ts';
import { force, path } from '../options.ts';

export const convert = defineCommand({
  name: 'convert',
  summary: 'write an image in another format: the same voxels at the same places',
  ask: z.object({
    input: onCommandLine(path(), { usage: '<in>', summary: 'an image' }),
    output: onCommandLine(path(), { usage: '<out>', summary: 'a file named .nii or .nii.gz' }),
    force,
  }),
  run: async (ask, { reporter, signal }) => {
    const { volume, geometry, warnings } = await readImage(ask.input);
    signal.throwIfAborted();
    for (const warning of warnings) reporter.warn(warning);
    await writeNifti(ask.output, volume, { geometry, existing: ask.force ? 'replace' : 'refuse' });
    reporter.result({ path: ask.output, warnings }, ask.output);
  },
});
