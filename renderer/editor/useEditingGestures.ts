import { watch } from 'vue';
import type { Grid } from '../../ml/volume/grid.ts';
import { column, dot } from '../../ml/volume/matrix.ts';
import { floodFill } from '../editing/flood.ts';
import { voxelAt } from '../editing/labels.ts';
import { stepOf } from '../editing/step.ts';
import { useEditing } from '../session/editing.ts';
import type { CanvasPoint } from '../slices/viewport.ts';
import { useBrushStore } from '../stores/brush.ts';
import { useProblemStore } from '../stores/problems.ts';
import { useToolStore } from '../stores/tool.ts';
import { texts } from '../texts/english.ts';
import type { Pane } from '../viewer/usePane.ts';
import type { Gestures } from '../viewer/usePaneGestures.ts';
import { useEditRules } from './useEditRules.ts';
import { useStroke } from './useStroke.ts';
import { warmBrush } from './warmBrush.ts';

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
  const problems = useProblemStore();
  const rules = useEditRules();
  const tool = useToolStore();
  watch(
    () => tool.isBrush,
    (isBrush) => {
      if (isBrush) requestIdleCallback(warmBrush);
    },
  );

  function fill(at: CanvasPoint): void {
    const labels = editing.makeRoom(brush.structure)?.labels;
    const seed = labels && voxelAt(labels.grid, pane.toWorld(at));
    if (!seed) return;
    const name = texts.viewer.tools.fill;
    const flood = { seed, label: brush.structure };
    if (brush.tip === 'disc' && pane.isTurned.value) {
      problems.report(texts.viewer.fillTurned);
      return;
    }
    if (brush.tip === 'ball') {
      editing.operate(name, { kind: 'flood', ...flood, extent: 'volume' }, rules.value);
      return;
    }
    const extent = { sliceAcross: axisAcross(pane.view.value, labels.grid) };
    editing.commit(stepOf(name, [floodFill(labels, { ...flood, extent }, rules.value)]));
  }

  return {
    brush: useStroke(pane, texts.viewer.tools.brush, () => brush.structure),
    eraser: useStroke(pane, texts.viewer.tools.eraser, () => 0),
    fill: { start: fill },
    island: {
      start: () => {
        editing.operate(texts.viewer.tools.island, { kind: 'largest island', label: brush.structure }, rules.value);
      },
    },
  };
}
