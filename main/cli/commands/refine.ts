import { z } from 'zod';
import { findLibrary, openModelNamed } from '../../services/models/library.ts';
import { resolveSettings } from '../../services/segmentation/settings.ts';
import { defineCommand, onCommandLine } from '../command.ts';
import { model, path } from '../options.ts';
import { casesOf, runSegmentation, samplingOptions } from '../segmentation.ts';

export const refine = defineCommand({
  name: 'refine',
  summary: 'refine a mask or probability map of any origin',
  ask: z.object({
    image: onCommandLine(path().optional(), { usage: '[image]', summary: 'the image' }),
    mask: onCommandLine(path(), {
      usage: '--mask <file>',
      summary: 'label values of the model, or probabilities of its classes, on the grid of the image',
    }),
    model,
    ...samplingOptions,
  }),
  run: async (asked, context) => {
    const opened = await openModelNamed(asked.model, findLibrary());
    const settings = resolveSettings(opened, { ...asked, method: 'pd-ddpm' }, 'given');
    const cases = await casesOf(asked.image === undefined ? [] : [asked.image], asked.channel, opened);
    await runSegmentation(
      asked,
      { cases, members: [{ model: opened, settings }], prior: { file: asked.mask } },
      context,
    );
  },
});
