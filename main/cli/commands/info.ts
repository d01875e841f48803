import { z } from 'zod';
import { describeImages } from '../../imaging/image.ts';
import type { ImageDescription } from '../../imaging/reader.ts';
import { defineCommand, onCommandLine } from '../command.ts';
import { path } from '../options.ts';
import { formatTable } from '../table.ts';

const round = (value: number): string => String(Number(value.toPrecision(6)));

function describe(image: ImageDescription): string {
  const { shape, dataType, components, spacing, origin, direction, orientation, modality, unit } = image;
  const type = components === 1 ? dataType : `${dataType}, ${components} numbers a voxel`;
  const facts = formatTable(
    [
      ['format', image.format],
      ['shape', shape.join(' x ')],
      ['type', type],
      ['spacing', spacing ? `${spacing.map(round).join(' x ')} mm` : 'unknown'],
      ['orientation', orientation],
      ['origin', `${origin.map(round).join(', ')} (LPS mm)`],
      ['direction', direction.map(round).join(' ')],
      ['modality', modality ?? ''],
      ['kind', image.kind ?? ''],
      ['unit', unit ?? ''],
      ['description', image.description],
      ...image.warnings.map((warning) => ['warning', warning]),
    ].filter(([, value]) => value !== ''),
  );
  return `${image.path}\n${facts.replace(/^/gm, '  ')}`;
}

export const info = defineCommand({
  name: 'info',
  summary: 'say what images are: geometry, type, modality, warnings',
  ask: z.object({
    files: onCommandLine(z.array(path()), { usage: '<file...>', summary: 'images' }),
  }),
  run: async ({ files }, { reporter, signal }) => {
    const volumes: ImageDescription[] = [];
    for (const file of files) {
      signal.throwIfAborted();
      volumes.push(...(await describeImages(file, { signal, report: reporter.progress })));
    }
    reporter.result({ volumes }, volumes.map(describe).join('\n\n'));
  },
});
