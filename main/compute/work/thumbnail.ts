import { encode } from 'fast-png';
import { sliceAxis } from '../../../ml/uncertainty/sliceRanking.ts';
import { voxelCount } from '../../../ml/volume/grid.ts';
import { openImages } from '../../imaging/image.ts';
import { brightness, greyWindow } from '../../report/montageTile.ts';
import { linear, resizePlane } from '../../report/resizePlane.ts';
import { slicePlane, viewAcross } from '../../report/slicePlane.ts';
import type { Worker } from '../workContext.ts';

const LONGEST_SIDE = 160;

/** The middle slice of the volume with the most slices, with square pixels in millimetres. */
export const studyThumbnail: Worker<'study:thumbnail'> = async ({ path }, { signal }) => {
  const sources = await openImages(path, { signal });
  const [largest] = sources.toSorted((a, b) => (b.description.shape[2] ?? 1) - (a.description.shape[2] ?? 1));
  const { volume, components } = await largest!.read({ signal, irregular: 'resample' });
  const { grid, data } = volume;
  const view = viewAcross(grid, sliceAxis(grid));
  const window = components === 1 ? greyWindow(volume) : { low: 0, high: 255 };
  const planes = Array.from({ length: components === 1 ? 1 : 3 }, (_, component) => {
    const channel = data.subarray(component * voxelCount(grid), (component + 1) * voxelCount(grid));
    const middle = grid.shape[view.sliceAxis] >> 1;
    return slicePlane(channel, grid, view, middle, (value) => brightness(value, window));
  });
  const [first] = planes;
  const millimetres = [
    first!.width * grid.spacing[view.horizontal.axis],
    first!.height * grid.spacing[view.vertical.axis],
  ];
  const scale = LONGEST_SIDE / Math.max(...millimetres);
  const [width, height] = millimetres.map((length) => Math.max(1, Math.round(length * scale)));
  const pixels = new Uint8Array(width! * height! * planes.length);
  planes.forEach((plane, c) => {
    resizePlane(plane, width!, height!, linear).data.forEach((value, at) => {
      pixels[at * planes.length + c] = Math.round(255 * value);
    });
  });
  const png = encode({ width: width!, height: height!, data: pixels, channels: planes.length === 1 ? 1 : 3, depth: 8 });
  return { bytes: png.slice().buffer };
};
