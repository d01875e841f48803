import type { Vector3 } from '../../ml/volume/grid.ts';
import { type IndexPoint, worldToIndex, type WorldPoint } from '../../ml/volume/space.ts';
import { visitCapsule } from './capsule.ts';
import { type LabelDiff, noChange } from './diff.ts';
import type { EditRules, Labels } from './labels.ts';
import { Recorder } from './recorder.ts';

export interface Brush {
  /** In the grid's unit (mm): the brush is round on voxels of any shape. */
  readonly radius: number;
  /** A ball, or a disc one voxel thick in the plane across an LPS unit vector. */
  readonly tip: 'ball' | { readonly across: Vector3 };
  /** What voxels become; 0 erases. */
  readonly label: number;
}

/**
 * A stroke from the pointer's first event to its last. Between events it runs straight, and however fine the brush is, every
 * voxel on the way is painted.
 */
export class Stroke {
  readonly #labels: Labels;
  readonly #brush: Brush;
  readonly #recorder: Recorder;
  #last: IndexPoint | undefined;

  constructor(labels: Labels, brush: Brush, rules: EditRules) {
    this.#labels = labels;
    this.#brush = brush;
    // Erasing never overwrites background: that rule is for painting.
    const isErasing = brush.label === 0 && rules.overwrite === 'background';
    this.#recorder = new Recorder(labels, isErasing ? { ...rules, overwrite: 'all' } : rules);
  }

  /**
   * Goes on to a place.
   *
   * @returns What that changed. All of a stroke's diffs joined are one step of the history.
   */
  moveTo(world: WorldPoint): LabelDiff {
    const { radius, tip, label } = this.#brush;
    const to = worldToIndex(this.#labels.grid, world);
    const from = this.#last ?? to;
    this.#last = to;
    if (!this.#recorder.mayGain(label)) return noChange;
    const across = tip === 'ball' ? undefined : tip.across;
    visitCapsule(this.#labels.grid, { from, to, radius, across }, (voxel) => {
      this.#recorder.write(voxel, label);
    });
    return this.#recorder.take();
  }
}
