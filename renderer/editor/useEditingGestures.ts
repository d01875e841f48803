import type { Grid } from '../../ml/volume/grid.ts';
import { byCorners } from '../../ml/volume/connectedParts.ts';
import { column, dot } from '../../ml/volume/matrix.ts';
import type { LabelDiff } from '../editing/diff.ts';
import { floodFill } from '../editing/flood.ts';
import { keepLargestIsland } from '../editing/islands.ts';
import { voxelAt, type Labels } from '../editing/labels.ts';
import { stepOf } from '../editing/step.ts';
import { useEditing } from '../session/editing.ts';
import type { CanvasPoint } from '../slices/viewport.ts';
import { useBrushStore } from '../stores/brush.ts';
import { texts } from '../texts/english.ts';
import type { Pane } from '../viewer/usePane.ts';
import type { Gesture, Gestures } from '../viewer/usePaneGestures.ts';
import { useEditRules } from './useEditRules.ts';
import { useStroke } from './useStroke.ts';

/** The index axis of a volume that runs most nearly through a view's slices. */
function axisAcross(view: Grid, volume: Grid): 0 | 1 | 2 {
  const through = column(view.direction, 2);
  const along = (axis: 0 | 1 | 2) => Math.abs(dot(column(volume.direction, axis), through));
  return ([1, 2] as const).reduce<0 | 1 | 2>((best, axis) => (along(axis) > along(best) ? axis : best), 0);
}

/** Brush, eraser, fill and islands in a pane. */
export function useEditingGestures(pane: Pane): Gestures {
  const editing = useEditing();
  const brush = useBrushStore();
  const rules = useEditRules();

  /** An operation that one click does. */
  function click(name: string, operate: (labels: Labels, at: CanvasPoint) => LabelDiff | undefined): Gesture {
    return {
      start: (at) => {
        const labels = editing.makeRoom(brush.structure)?.labels;
        const diff = labels && operate(labels, at);
        if (diff) editing.commit(stepOf(name, [diff]));
      },
    };
  }

  return {
    brush: useStroke(pane, texts.viewer.tools.brush, () => brush.structure),
    eraser: useStroke(pane, texts.viewer.tools.eraser, () => 0),
    fill: click(texts.viewer.tools.fill, (labels, at) => {
      const seed = voxelAt(labels.grid, pane.toWorld(at));
      const extent = brush.tip === 'ball' ? 'volume' : { sliceAcross: axisAcross(pane.view.value, labels.grid) };
      return seed && floodFill(labels, { seed, label: brush.structure, extent }, rules.value);
    }),
    island: click(texts.viewer.tools.island, (labels) =>
      keepLargestIsland(labels, brush.structure, byCorners, rules.value),
    ),
  };
}
