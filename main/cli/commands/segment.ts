import { z } from 'zod';
import { findLibrary, openModelNamed } from '../../services/models/library.ts';
import { methods, resolveSettings } from '../../services/segmentation/settings.ts';
import { defineCommand, onCommandLine } from '../command.ts';
import { model, path } from '../options.ts';
import { casesOf, priorOf, runSegmentation, samplingOptions } from '../segmentation.ts';

export const segment = defineCommand({
  name: 'segment',
  summary: 'segment images, with where the segmentation is unsure',
  ask: z.object({
    images: onCommandLine(z.array(path()).default([]), { usage: '[image...]', summary: 'images to segment' }),
    model,
    method: onCommandLine(z.enum(methods).optional(), {
      usage: '--method <method>',
      summary: `${methods.join(', ')} (default: what the model recommends)`,
    }),
    prior: onCommandLine(path().optional(), {
      usage: '--prior <model|file>',
      summary: "a model or a mask that pd-ddpm starts from, in place of the model's own segmentor",
    }),
    ...samplingOptions,
  }),
  run: async (asked, context) => {
    const opened = await openModelNamed(asked.model, findLibrary());
    const settings = resolveSettings(opened, asked, asked.prior === undefined ? 'own' : 'given');
    const cases = await casesOf(asked.images, asked.channel, opened);
    const prior = asked.prior === undefined ? undefined : await priorOf(asked.prior, cases);
    await runSegmentation(asked, { cases, model: opened, settings, prior }, context);
  },
});
