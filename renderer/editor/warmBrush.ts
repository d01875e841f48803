import type { Grid } from '../../ml/volume/grid.ts';
import { worldPoint } from '../../ml/volume/space.ts';
import { Stroke } from '../editing/brush.ts';
import { traceOutlines } from '../slices/outline.ts';

const grid: Grid = {
  shape: [64, 64, 8],
  spacing: [1, 1, 1],
  unit: 'mm',
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

let isWarm = false;

/** Paints where nobody sees it, once: the first run of code that no compiler has seen takes longer than a frame. */
export function warmBrush(): void {
  if (isWarm) return;
  isWarm = true;
  const labels = { grid, channels: 1, data: new Uint8Array(64 * 64 * 8) };
  for (const tip of ['ball', { across: [0, 0, 1] }] as const) {
    const stroke = new Stroke(labels, { radius: 8, tip, label: 1 }, { locked: new Set(), overwrite: 'all' });
    for (let x = 8; x < 56; x++) stroke.moveTo(worldPoint(x, x, 4));
    for (let slice = 0; slice < 8; slice++)
      traceOutlines(Uint16Array.from(labels.data.subarray(slice * 4096, (slice + 1) * 4096)), 64, 64);
  }
}
