import { computed, type Ref } from 'vue';
import { invariant } from '../../ml/check/invariant.ts';
import { track } from '../components/track.ts';
import { useMoving } from '../components/useMoving.ts';
import { usePainting } from '../components/usePainting.ts';
import { pictureRectangle } from '../slices/viewport.ts';
import type { LoadedVolume } from '../volumes/loadedVolume.ts';
import { createPicture, type Picture } from './picture.ts';
import { useImageLayer } from './useImageLayer.ts';
import { useOutlines } from './useOutlines.ts';
import { useOverlayLayers, type OverlayLayers } from './useOverlayLayers.ts';
import type { Pane } from './usePane.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The canvases of a pane, lowest first. They are there from the first frame on. */
export interface PaneCanvases {
  readonly image: Readonly<Ref<HTMLCanvasElement | null>>;
  readonly overlay: Readonly<Ref<HTMLCanvasElement | null>>;
  readonly outlines: Readonly<Ref<HTMLCanvasElement | null>>;
}

interface Painted {
  readonly canvases: PaneCanvases;
  readonly pane: Pane;
  readonly loaded: Ref<LoadedVolume>;
  /** Of the pane, in CSS pixels. */
  readonly size: Readonly<Ref<Size>>;
  /** Whether segmentation and overlays are drawn. */
  readonly isOverlaid: Ref<boolean>;
}

/** A hand that goes through the slices has stopped. */
const restMilliseconds = 150;

/**
 * Keeps the canvases of a pane as the stores say. Image, overlay and outlines are pictures of their own, so that turning an overlay on costs
 * no painting of the image, and moving a slice about costs no painting at all.
 */
export function useSlicePainting({ canvases, pane, loaded, size, isOverlaid }: Painted) {
  const isMoving = useMoving(() => pane.slice.value, restMilliseconds);
  const image = useImageLayer(loaded, isMoving, pane.isTurned);
  const picture = usePicture(canvases.image, false);
  const paintImage = {
    depend: () => {
      track(pane.target.value, image.layer.value, loaded.value.revision.value);
    },
    paint: () => {
      picture.value.paint(pane.target.value, [image.layer.value]);
    },
  };
  const layers = useOverlayLayers();
  const overlay = useOverlayStep(canvases.overlay, layers, { pane, isOverlaid });
  const outlines = useOutlineStep(canvases.outlines, layers, { pane, size, isOverlaid });
  const move = {
    depend: () => {
      track(pane.viewport.value, size.value);
    },
    paint: () => undefined,
  };

  usePainting([paintImage, overlay.step, outlines.step, move], () => {
    const rectangle = pictureRectangle(pane.viewport.value, pane.target.value);
    picture.value.place(rectangle);
    overlay.picture.value.place(rectangle);
    outlines.draw();
  });

  /** What the pane shows, in the screen's own pixels. */
  function flatten(): CanvasRenderingContext2D {
    const context = document.createElement('canvas').getContext('2d', { alpha: false });
    invariant(context, 'every browser draws in two dimensions');
    fit(context, size.value);
    for (const each of [picture, overlay.picture]) each.value.drawOn(context);
    outlines.drawOn(context);
    return context;
  }
  return { ...image, flatten };
}

function usePicture(canvas: PaneCanvases['image'], alpha: boolean): Readonly<Ref<Picture>> {
  return computed(() => {
    invariant(canvas.value, 'a pane has its canvases before its first frame');
    return createPicture(canvas.value, alpha);
  });
}

/** Pictures of voxels over the image. */
function useOverlayStep(
  canvas: PaneCanvases['overlay'],
  { layers, depend }: OverlayLayers,
  { pane, isOverlaid }: Pick<Painted, 'pane' | 'isOverlaid'>,
) {
  const picture = usePicture(canvas, true);
  const step = {
    depend: () => {
      track(pane.target.value, layers.value, isOverlaid.value);
      depend();
    },
    paint: () => {
      picture.value.paint(pane.target.value, isOverlaid.value ? layers.value : []);
    },
  };
  return { step, picture };
}

/** Outlines are lines of the screen's pixels, equally thin at any magnification. */
function useOutlineStep(
  canvas: PaneCanvases['outlines'],
  { labels }: OverlayLayers,
  { pane, size, isOverlaid }: Pick<Painted, 'pane' | 'size' | 'isOverlaid'>,
) {
  const outlines = useOutlines(() => labels.value);
  const step = {
    depend: () => {
      track(pane.target.value, isOverlaid.value);
      outlines.depend();
    },
    paint: () => {
      if (isOverlaid.value) outlines.trace(pane.target.value);
    },
  };
  const drawOn = (context: CanvasRenderingContext2D): void => {
    if (isOverlaid.value) outlines.draw(context, pane.viewport.value, pane.target.value);
  };
  const draw = (): void => {
    if (!canvas.value) return;
    canvas.value.hidden = !isOverlaid.value || outlines.isEmpty();
    const context = canvas.value.hidden ? null : canvas.value.getContext('2d');
    if (!context) return;
    fit(context, size.value);
    context.clearRect(0, 0, size.value.width, size.value.height);
    drawOn(context);
  };
  return { step, draw, drawOn };
}

/** The screen's own pixels. Setting the size of a canvas costs time: only when it changed. */
function fit(context: CanvasRenderingContext2D, { width, height }: Size): void {
  const ratio = window.devicePixelRatio;
  const { canvas } = context;
  const [right, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== right) canvas.width = right;
  if (canvas.height !== down) canvas.height = down;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
}
