import { z } from 'zod';
import { resolveMembers } from '../../services/segmentation/members.ts';
import { methods } from '../../services/segmentation/settings.ts';
import { defineCommand, onCommandLine } from '../command.ts';
import { modelsOfOne, path } from '../options.ts';
import { casesOf, openModels, priorOf, runSegmentation, samplingOptions } from '../segmentation.ts';

export const segment = defineCommand({
  name: 'segment',
  summary: 'segment images, with where the segmentation is unsure',
  ask: z.object({
    images: onCommandLine(z.array(path()).default([]), { usage: '[image...]', summary: 'images to segment' }),
    model: modelsOfOne,
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
    const members = resolveMembers(await openModels(asked.model), asked, asked.prior === undefined ? 'own' : 'given');
    const cases = await casesOf(asked.images, asked.channel, members[0].model);
    const prior = asked.prior === undefined ? undefined : await priorOf(asked.prior, cases);
    await runSegmentation(asked, { cases, members, prior }, context);
  },
});
