import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { Vector3 } from '../../ml/volume/grid.ts';
import type { ViewName } from '../slices/view.ts';
import type { measuringTools } from './tool.ts';

export interface MeasurementLine {
  readonly id: number;
  readonly kind: (typeof measuringTools)[number];
  readonly volume: string;
  readonly plane: ViewName;
  /** LPS mm. */
  readonly points: readonly Vector3[];
}

/** What was measured on the volumes of this window, and what is being measured. */
export const useMeasurementStore = defineStore('measurements', () => {
  const list = ref<MeasurementLine[]>([]);
  const drawn = ref<MeasurementLine | null>(null);
  let last = 0;

  function begin(kind: MeasurementLine['kind'], volume: string, plane: ViewName, point: Vector3): void {
    last += 1;
    drawn.value = { id: last, kind, volume, plane, points: [point, point] };
  }

  /** Puts the drawn one's points; `done` keeps it. */
  function draw(points: readonly Vector3[], state: 'going on' | 'done'): void {
    if (!drawn.value) return;
    drawn.value = { ...drawn.value, points };
    if (state === 'going on') return;
    list.value.push(drawn.value);
    drawn.value = null;
  }

  function remove(id: number): void {
    list.value = list.value.filter((other) => other.id !== id);
  }

  return { list, drawn, begin, draw, remove };
});
