import { computed, shallowRef } from 'vue';
import type { Grid } from '../../ml/volume/grid.ts';
import { track } from '../components/track.ts';
import { useShownSegmentation } from '../session/shownSegmentation.ts';
import { traceOutlines, type Outline } from '../slices/outline.ts';
import { rowBuffer, samplePlane } from '../slices/sample.ts';
import { pictureRectangle, type Viewport } from '../slices/viewport.ts';
import { useOverlayStore } from '../stores/overlay.ts';
import { useSettingsStore } from '../stores/settings.ts';
import type { LabelSource } from './useOverlayLayers.ts';

interface Stroke {
  readonly pieces: Outline;
  readonly colour: string;
  readonly width: number;
  readonly opacity: number;
}

/** One sample among others is thin, so that where many agree is bold. */
const strokes = { alone: { width: 1.5, opacity: 1 }, among: { width: 1, opacity: 0.55 } } as const;

/** The outlines of structures in a slice, traced when the slice or the labels change and drawn at any zoom. */
export function useOutlines(labels: () => LabelSource) {
  const overlay = useOverlayStore();
  const settings = useSettingsStore();
  const shown = useShownSegmentation();
  const traced = shallowRef<readonly Stroke[]>([]);

  const sources = computed<readonly (LabelSource & { width: number; opacity: number })[]>(() => {
    if (!overlay.visible) return [];
    const loaded = shown.samples.value;
    const all = overlay.allOutlines && loaded ? loaded.volume.channels : 0;
    const each = Array.from({ length: all }, (_, channel) => ({ loaded, channel, ...strokes.among }));
    return settings.current.overlayStyle === 'fill' ? each : [...each, { ...labels(), ...strokes.alone }];
  });
  const visible = computed(() => shown.structures.value.filter(({ value }) => !overlay.hidden.includes(value)));

  function depend(): void {
    for (const { loaded } of sources.value) track(loaded?.revision.value);
    track(visible.value);
  }

  function trace(slice: Grid): void {
    traced.value = sources.value.flatMap(({ width, opacity, ...source }) => {
      const outlines = outlinesOf(slice, source);
      return visible.value.map(({ value, colour }) => ({
        pieces: outlines.get(value) ?? [],
        colour,
        width,
        opacity,
      }));
    });
  }

  return {
    depend,
    trace,
    isEmpty: (): boolean => traced.value.every(({ pieces }) => pieces.length === 0),
    draw: (context: CanvasRenderingContext2D, viewport: Viewport, slice: Grid) => {
      for (const stroke of traced.value) drawStroke(context, stroke, viewport, slice);
    },
  };
}

function drawStroke(
  context: CanvasRenderingContext2D,
  { pieces, colour, width: lineWidth, opacity }: Stroke,
  viewport: Viewport,
  slice: Grid,
): void {
  if (pieces.length === 0) return;
  const { left, top, width, height } = pictureRectangle(viewport, slice);
  const [right, down] = [width / slice.shape[0], height / slice.shape[1]];
  context.beginPath();
  for (let n = 0; n < pieces.length; n += 4) {
    context.moveTo(left + pieces[n]! * right, top + pieces[n + 1]! * down);
    context.lineTo(left + pieces[n + 2]! * right, top + pieces[n + 3]! * down);
  }
  context.strokeStyle = colour;
  context.lineWidth = lineWidth;
  context.globalAlpha = opacity;
  context.stroke();
  context.globalAlpha = 1;
}

function outlinesOf(slice: Grid, { loaded, channel }: LabelSource): ReadonlyMap<number, Outline> {
  if (!loaded) return new Map();
  const [width, height] = slice.shape;
  const plane = new Uint16Array(width * height);
  samplePlane(loaded.volume, channel, slice, 'nearest', rowBuffer(width), plane, 0);
  return traceOutlines(plane, width, height);
}
