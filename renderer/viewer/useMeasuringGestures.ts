import type { Vector3 } from '../../ml/volume/grid.ts';
import type { ViewName } from '../slices/view.ts';
import type { CanvasPoint } from '../slices/viewport.ts';
import { useMeasurementStore } from '../stores/measurements.ts';
import type { measuringTools } from '../stores/tool.ts';
import type { Gesture, Gestures } from './usePaneGestures.ts';
import type { Pane } from './usePane.ts';

/** A length is dragged; an angle takes three clicks, its vertex second; an area is clicked round and ends with a double click. */
export function useMeasuringGestures(pane: Pane, where: () => { readonly volume: string; readonly plane: ViewName }) {
  const measurements = useMeasurementStore();
  const world = (at: CanvasPoint): Vector3 => pane.toWorld(at);
  const withLast = (point: Vector3) => [...(measurements.drawn?.points.slice(0, -1) ?? []), point];

  const begin = (kind: (typeof measuringTools)[number], at: CanvasPoint): void => {
    const { volume, plane } = where();
    measurements.begin(kind, volume, plane, world(at));
  };

  const length: Gesture = {
    start: (at) => {
      begin('length', at);
    },
    move: (at) => {
      measurements.draw(withLast(world(at)), 'going on');
    },
    end: (at) => {
      measurements.draw(withLast(world(at)), 'done');
    },
  };

  return { length, ...useClickedMeasurements({ pane, where, world, withLast, begin }) } satisfies Gestures;
}

interface Drawing {
  readonly pane: Pane;
  readonly where: () => { readonly volume: string; readonly plane: ViewName };
  readonly world: (at: CanvasPoint) => Vector3;
  readonly withLast: (point: Vector3) => readonly Vector3[];
  readonly begin: (kind: (typeof measuringTools)[number], at: CanvasPoint) => void;
}

/** A click adds a point; the last one follows the pointer. */
function useClickedMeasurements({ pane, where, world, withLast, begin }: Drawing) {
  const measurements = useMeasurementStore();
  /** Whether what is being drawn lies in what this pane shows now: no measurement runs across slices. */
  const isHere = (kind: 'angle' | 'area'): boolean => {
    const { volume, plane } = where();
    const { drawn } = measurements;
    return (
      drawn?.kind === kind && drawn.volume === volume && drawn.plane === plane && pane.holds(drawn.points.slice(0, -1))
    );
  };
  const clicked = (kind: 'angle' | 'area', most: number): Gesture => ({
    start: (at) => {
      const points = withLast(world(at));
      if (!isHere(kind)) begin(kind, at);
      else if (points.length >= most) measurements.draw(points, 'done');
      else measurements.draw([...points, world(at)], 'going on');
    },
    hover: (at) => {
      if (isHere(kind)) measurements.draw(withLast(world(at)), 'going on');
    },
    doubleClick: () => {
      const points = measurements.drawn?.points ?? [];
      // The two clicks of the double one put the last point three times.
      if (kind === 'area' && points.length > 4) measurements.draw(points.slice(0, -2), 'done');
    },
  });

  return { angle: clicked('angle', 3), area: clicked('area', Infinity) };
}
