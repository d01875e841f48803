import { z } from 'zod';
import { readImage } from '../../imaging/image.ts';
import { createProgress } from '../../jobs/progress.ts';
import { measureStructures } from '../../services/statistics/structureStatistics.ts';
import { checkStatisticsName, writeStatistics } from '../../services/statistics/writeStatistics.ts';
import { defineCommand, onCommandLine } from '../command.ts';
import { force, path } from '../options.ts';

export const statistics = defineCommand({
  name: 'statistics',
  summary: 'measure each structure of a mask: volume, place, surface, parts, values of an image in it',
  ask: z.object({
    mask: onCommandLine(path(), { usage: '<mask>', summary: 'a label volume' }),
    image: onCommandLine(path().optional(), {
      usage: '--image <image>',
      summary: 'whose values to measure; on the same grid',
    }),
    out: onCommandLine(path(), { usage: '--out <file>', summary: 'a .csv or .json file' }),
    force,
  }),
  run: async (ask, { reporter, signal }) => {
    checkStatisticsName(ask.out);
    const mask = await readImage(ask.mask, { signal, report: reporter.progress });
    const image =
      ask.image === undefined ? undefined : await readImage(ask.image, { signal, report: reporter.progress });
    for (const warning of [...mask.warnings, ...(image?.warnings ?? [])]) reporter.warn(warning);
    let report: ((done: number) => void) | undefined;
    const structures = measureStructures(mask, {
      image,
      signal,
      report: (done, total) => {
        report ??= createProgress('measuring', total, reporter.progress);
        report(done);
      },
    });
    await writeStatistics(ask.out, structures, { mask, image }, ask.force ? 'replace' : 'refuse');
    reporter.result({ path: ask.out, structures }, ask.out);
  },
});
