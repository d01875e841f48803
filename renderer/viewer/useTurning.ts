import { computed, type Ref } from 'vue';
import type { Grid } from '../../ml/volume/grid.ts';
import { turnOthers } from '../slices/planes.ts';
import type { ViewName } from '../slices/view.ts';
import { useViewStore } from '../stores/view.ts';
import type { Pane } from './usePane.ts';

/** Turns the planes that cut a pane's about the crosshair. */
export function useTurning(pane: Pane, plane: Ref<ViewName>, grid: Ref<Grid>) {
  const viewing = useViewStore();
  /** An angle means nothing where voxels have no size, and a single slice no other planes. */
  const isPossible = computed(() => grid.value.unit === 'mm' && Math.min(...grid.value.shape) > 1);

  /** @param radians Clockwise on the screen. */
  function turn(radians: number): void {
    if (!isPossible.value) return;
    viewing.crosshair = pane.crosshair.value;
    viewing.planes = turnOthers(pane.planes.value, plane.value, radians);
  }

  return { isPossible, turn };
}
