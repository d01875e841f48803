import { column } from '../../ml/volume/matrix.ts';
import { Stroke } from '../editing/brush.ts';
import type { LabelDiff } from '../editing/diff.ts';
import { stepOf } from '../editing/step.ts';
import { useEditing } from '../session/editing.ts';
import type { CanvasPoint } from '../slices/viewport.ts';
import { useBrushStore } from '../stores/brush.ts';
import { useSettingsStore } from '../stores/settings.ts';
import type { Pane } from '../viewer/usePane.ts';
import type { Gesture } from '../viewer/usePaneGestures.ts';
import { useEditRules } from './useEditRules.ts';

/** A stroke of the brush. It shows as it is drawn and is one step of the history. @param label What it paints. */
export function useStroke(pane: Pane, name: string, label: () => number): Gesture {
  const editing = useEditing();
  const brush = useBrushStore();
  const settings = useSettingsStore();
  const rules = useEditRules();
  let stroke: Stroke | undefined;
  let diffs: LabelDiff[] = [];

  function go(at: CanvasPoint): void {
    if (!stroke) return;
    diffs.push(stroke.moveTo(pane.toWorld(at)));
    editing.edited.value?.mask.touch();
  }

  return {
    start: (at) => {
      const edited = editing.makeRoom(label());
      if (!edited) return;
      const tip = brush.tip === 'ball' ? ('ball' as const) : { across: column(pane.view.value.direction, 2) };
      const radius = settings.current.brushMillimetres / 2;
      stroke = new Stroke(edited.labels, { radius, tip, label: label() }, rules.value);
      diffs = [];
      go(at);
    },
    move: go,
    end: () => {
      if (stroke) editing.commit(stepOf(name, diffs));
      stroke = undefined;
    },
  };
}
