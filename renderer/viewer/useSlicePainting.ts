import { type Ref } from 'vue';
import { track } from '../components/track.ts';
import { useMoving } from '../components/useMoving.ts';
import { usePainting } from '../components/usePainting.ts';
import { pictureRectangle } from '../slices/viewport.ts';
import type { LoadedVolume } from '../volumes/loadedVolume.ts';
import { createPicture } from './picture.ts';
import { useImageLayer } from './useImageLayer.ts';
import { useOutlines } from './useOutlines.ts';
import { useOverlayLayers } from './useOverlayLayers.ts';
import type { Pane } from './usePane.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Painted {
  readonly canvas: Readonly<Ref<HTMLCanvasElement | null>>;
  readonly pane: Pane;
  readonly loaded: Ref<LoadedVolume>;
  /** Of the canvas, in CSS pixels. */
  readonly size: Readonly<Ref<Size>>;
  /** Whether segmentation and overlays are drawn. */
  readonly isOverlaid: Ref<boolean>;
}

/** A hand that goes through the slices has stopped. */
const restMilliseconds = 150;

/**
 * Keeps the canvas of a pane as the stores say. Image and overlay are pictures of their own, so that turning an overlay on costs no painting
 * of the image, and moving a slice about costs no painting at all.
 */
export function useSlicePainting({ canvas, pane, loaded, size, isOverlaid }: Painted) {
  const isMoving = useMoving(() => pane.slice.value, restMilliseconds);
  const image = useImageLayer(loaded, isMoving);
  const overlay = useOverlaySteps(pane, isOverlaid);
  const picture = createPicture();
  const paintImage = {
    depend: () => {
      track(pane.target.value, image.layer.value, loaded.value.revision.value);
    },
    paint: () => {
      picture.paint(pane.target.value, [image.layer.value]);
    },
  };
  const move = {
    depend: () => {
      track(pane.viewport.value, size.value);
    },
    paint: () => undefined,
  };

  usePainting([paintImage, ...overlay.steps, move], () => {
    const context = canvas.value?.getContext('2d', { alpha: false });
    if (!context) return;
    clear(context, size.value);
    const { left, top, width, height } = pictureRectangle(pane.viewport.value, pane.target.value);
    context.imageSmoothingEnabled = true;
    context.drawImage(picture.canvas, left, top, width, height);
    if (isOverlaid.value) overlay.draw(context);
  });
  return image;
}

/** What lies over the image: pictures of voxels, and outlines. */
function useOverlaySteps(pane: Pane, isOverlaid: Ref<boolean>) {
  const overlay = useOverlayLayers();
  const outlines = useOutlines(() => overlay.labels.value);
  const picture = createPicture();
  const paintVoxels = {
    depend: () => {
      track(pane.target.value, overlay.layers.value, isOverlaid.value);
      overlay.depend();
    },
    paint: () => {
      picture.paint(pane.target.value, isOverlaid.value ? overlay.layers.value : []);
    },
  };
  const traceOutlines = {
    depend: () => {
      track(pane.target.value);
      outlines.depend();
    },
    paint: () => {
      if (isOverlaid.value) outlines.trace(pane.target.value);
    },
  };
  return {
    steps: [paintVoxels, traceOutlines],
    draw: (context: CanvasRenderingContext2D) => {
      const { left, top, width, height } = pictureRectangle(pane.viewport.value, pane.target.value);
      // Labels keep the edges of their voxels.
      context.imageSmoothingEnabled = false;
      context.drawImage(picture.canvas, left, top, width, height);
      outlines.draw(context, pane.viewport.value, pane.target.value);
    },
  };
}

/** Black, in the screen's own pixels. Setting the size of a canvas costs time: only when it changed. */
function clear(context: CanvasRenderingContext2D, { width, height }: Size): void {
  const ratio = window.devicePixelRatio;
  const { canvas } = context;
  const [right, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== right) canvas.width = right;
  if (canvas.height !== down) canvas.height = down;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = '#000';
  context.fillRect(0, 0, width, height);
}
