import { join } from 'node:path';
import { z } from 'zod';
import type { Grid } from '../../../ml/volume/grid.ts';
import type { Volume } from '../../../ml/volume/volume.ts';
import { colourRamp } from '../../../renderer/slices/colour.ts';
import { fillLabelTable } from '../../../renderer/slices/labelColours.ts';
import { type Layer, paintBuffers, paintSlice } from '../../../renderer/slices/paint.ts';
import { emptyTable, fillTable, type TabledArray } from '../../../renderer/slices/shading.ts';
import { alignedView, sliceGrid } from '../../../renderer/slices/view.ts';
import { installOracles, oraclePython } from '../../support/oracles.ts';
import type { Comparison, Contest } from '../support/comparison.ts';
import { LineProcess } from '../support/lineProcess.ts';

const timed = z.object({ milliseconds: z.number().positive() });
const slices = 40;

const grid: Grid = {
  shape: [512, 512, slices],
  spacing: [0.7, 0.7, 1],
  unit: 'mm',
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

/** The volumes of slice_paint.py: noise of CT's range, and four structures that cover a third of it. */
function volumes(): { image: Volume<Int16Array>; labels: Volume<Uint8Array> } {
  const size = 512 * 512 * slices;
  const image = Int16Array.from({ length: size }, (_, n) => ((n * 7919) % 3000) - 1000);
  const isInside = (index: number) => index >= 100 && index < 400;
  const labels = Uint8Array.from({ length: size }, (_, n) => {
    const [i, j] = [n % 512, Math.floor(n / 512) % 512];
    return isInside(i) && isInside(j) ? 1 + ((i >> 5) & 3) : 0;
  });
  return { image: { grid, channels: 1, data: image }, labels: { grid, channels: 1, data: labels } };
}

function layers(): Layer[] {
  const { image, labels } = volumes();
  const grey = emptyTable(image.data);
  fillTable(grey, image.data, { low: -160, high: 240, ramp: colourRamp('grey') });
  const colours = emptyTable(labels.data);
  fillLabelTable(
    colours,
    [1, 2, 3, 4].map((label) => ({ label, colour: [255, 60 * label, 0], opacity: 0.5 })),
  );
  const layer = (volume: Volume<TabledArray>, table: typeof grey): Layer => ({
    kind: 'table',
    volume,
    channel: 0,
    table,
  });
  return [layer(image, grey), layer(labels, colours)];
}

async function prepare(): Promise<Contest> {
  await installOracles('plain', (line) => process.stderr.write(`${line}\n`));
  const script = join(import.meta.dirname, '../support/slice_paint.py');
  const simpleItk = new LineProcess(oraclePython('plain'), [script, String(slices)]);
  const view = alignedView(grid, 'axial');
  const buffers = paintBuffers(512, 512);
  const painted = layers();
  return {
    ours: () => {
      const start = performance.now();
      for (let slice = 0; slice < slices; slice++) paintSlice(sliceGrid(view, slice), painted, buffers);
      return Promise.resolve((performance.now() - start) / slices);
    },
    theirs: async () => timed.parse(await simpleItk.request({})).milliseconds,
    dispose: () => simpleItk.dispose(),
  };
}

/** Time from another slice to its pixels: window and level, four structures at half opacity, 512 x 512, one core. */
export const comparison: Comparison = {
  name: 'slice-paint',
  unit: 'ms',
  against: 'SimpleITK, IntensityWindowing and LabelOverlay, one thread',
  warmups: 2,
  prepare,
};
