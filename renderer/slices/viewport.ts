import type { Grid } from '../../ml/volume/grid.ts';
import { indexPoint, indexToWorld, type WorldPoint, worldToIndex } from '../../ml/volume/space.ts';

/** Right and down from the top left corner of the canvas, in its pixels; a pixel's centre is at one half. */
export type CanvasPoint = readonly [x: number, y: number];

/** What of a view (a grid, see view.ts) is on the canvas. Counted in the grid's unit, so that pixels are square in mm. */
export interface Viewport {
  /** Size of the canvas in its pixels. */
  readonly width: number;
  readonly height: number;
  /** What lies in the middle of the canvas: `unit`s to the right of and below the centre of the view's pixel (0, 0). */
  readonly centre: readonly [right: number, down: number];
  /** Canvas pixels per `unit`, > 0. */
  readonly scale: number;
}

export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The whole picture, as large as the canvas allows. */
export function fitViewport({ shape, spacing }: Grid, width: number, height: number): Viewport {
  return {
    width,
    height,
    centre: [((shape[0] - 1) / 2) * spacing[0], ((shape[1] - 1) / 2) * spacing[1]],
    scale: Math.min(width / (shape[0] * spacing[0]), height / (shape[1] * spacing[1])),
  };
}

/** Moves the picture with the pointer. @param by Canvas pixels. */
export function pan(viewport: Viewport, [x, y]: CanvasPoint): Viewport {
  const { centre, scale } = viewport;
  return { ...viewport, centre: [centre[0] - x / scale, centre[1] - y / scale] };
}

/** Magnifies by a factor; what lies under `fixed` stays there. */
export function zoom(viewport: Viewport, factor: number, fixed: CanvasPoint): Viewport {
  const scale = viewport.scale * factor;
  const [right, down] = placeAt(viewport, fixed);
  const { width, height } = viewport;
  return {
    ...viewport,
    scale,
    centre: [right - (fixed[0] - width / 2) / scale, down - (fixed[1] - height / 2) / scale],
  };
}

export function canvasToWorld(viewport: Viewport, view: Grid, slice: number, point: CanvasPoint): WorldPoint {
  const [right, down] = placeAt(viewport, point);
  return indexToWorld(view, indexPoint(right / view.spacing[0], down / view.spacing[1], slice));
}

/** Where a place is seen from the front, whichever slice it lies in. */
export function worldToCanvas({ width, height, centre, scale }: Viewport, view: Grid, world: WorldPoint): CanvasPoint {
  const [i, j] = worldToIndex(view, world);
  const [right, down] = [i * view.spacing[0] - centre[0], j * view.spacing[1] - centre[1]];
  return [right * scale + width / 2, down * scale + height / 2];
}

/** Where a slice painted one pixel a voxel is drawn on the canvas. */
export function pictureRectangle({ width, height, centre, scale }: Viewport, { shape, spacing }: Grid): Rectangle {
  return {
    left: (-spacing[0] / 2 - centre[0]) * scale + width / 2,
    top: (-spacing[1] / 2 - centre[1]) * scale + height / 2,
    width: shape[0] * spacing[0] * scale,
    height: shape[1] * spacing[1] * scale,
  };
}

/** In the unit of `centre`. */
function placeAt({ width, height, centre, scale }: Viewport, [x, y]: CanvasPoint): readonly [number, number] {
  return [centre[0] + (x - width / 2) / scale, centre[1] + (y - height / 2) / scale];
}
