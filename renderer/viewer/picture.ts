import { invariant } from '../../ml/check/invariant.ts';
import type { Grid } from '../../ml/volume/grid.ts';
import { paintBuffers, paintSlice, type Layer } from '../slices/paint.ts';

/** A slice of layers as pixels, one a voxel, ready to be drawn at any size. */
export interface Picture {
  readonly canvas: OffscreenCanvas;
  readonly paint: (slice: Grid, layers: readonly Layer[]) => void;
}

/** Keeps its memory between paintings of one size. */
export function createPicture(): Picture {
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d');
  invariant(context, 'every browser draws in two dimensions');
  let buffers = paintBuffers(1, 1);
  let image = new ImageData(buffers.image, 1, 1);
  return {
    canvas,
    paint: (slice, layers) => {
      const [width, height] = slice.shape;
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
        buffers = paintBuffers(width, height);
        image = new ImageData(buffers.image, width, height);
      }
      paintSlice(slice, layers, buffers);
      context.putImageData(image, 0, 0);
    },
  };
}
