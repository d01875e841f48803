import { invariant } from '../../ml/check/invariant.ts';
import type { Grid } from '../../ml/volume/grid.ts';
import { packColour } from '../slices/colour.ts';
import { paintBuffers, paintSlice, type Layer } from '../slices/paint.ts';
import type { Rectangle } from '../slices/viewport.ts';

/**
 * A slice of layers as a canvas of one pixel a voxel. Where it lies is a style that the browser's compositor follows: magnifying and moving a
 * slice paints nothing, and a new slice costs no more pixels than it has voxels, however large the pane.
 */
export interface Picture {
  readonly paint: (slice: Grid, layers: readonly Layer[]) => void;
  /** @param rectangle In the pane, CSS pixels. */
  readonly place: (rectangle: Rectangle) => void;
  /** Draws it, where it lies, on a canvas as large as the pane. */
  readonly drawOn: (context: CanvasRenderingContext2D) => void;
}

/** Keeps its memory between paintings of one size. @param alpha Whether something may be seen through it. */
export function createPicture(canvas: HTMLCanvasElement, alpha: boolean): Picture {
  const context = canvas.getContext('2d', { alpha });
  invariant(context, 'every browser draws in two dimensions');
  // A browser that was told of no clear pixels shows anything in their place.
  const ground = alpha ? 0 : packColour([0, 0, 0], 1);
  let buffers = paintBuffers(1, 1, ground);
  let image = new ImageData(buffers.image, 1, 1);
  let placed: Rectangle = { left: 0, top: 0, width: 1, height: 1 };
  return {
    paint: (slice, layers) => {
      canvas.hidden = layers.length === 0;
      if (canvas.hidden) return;
      const [width, height] = slice.shape;
      if (image.width !== width || image.height !== height || canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
        buffers = paintBuffers(width, height, ground);
        image = new ImageData(buffers.image, width, height);
      }
      paintSlice(slice, layers, buffers);
      context.putImageData(image, 0, 0);
    },
    place: (rectangle) => {
      placed = rectangle;
      const { left, top, width, height } = rectangle;
      const transform = `translate(${left}px, ${top}px) scale(${width / canvas.width}, ${height / canvas.height})`;
      if (canvas.style.transform !== transform) canvas.style.transform = transform;
    },
    drawOn: (target) => {
      if (canvas.hidden) return;
      const { left, top, width, height } = placed;
      // Labels keep the edges of their voxels.
      target.imageSmoothingEnabled = !alpha;
      target.drawImage(canvas, left, top, width, height);
    },
  };
}
