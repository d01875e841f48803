import { Problem } from '../../../../ml/check/problem.ts';
import type { Grid } from '../../../../ml/volume/grid.ts';
import type { Volume } from '../../../../ml/volume/volume.ts';

type Labels = Uint8Array | Uint16Array;

/** The voxels of one structure, slice by slice: not 0 where it is. Slices without any are absent. */
export type SliceMasks = ReadonlyMap<number, Uint8Array>;

/** What one typed array holds on every machine we run on. */
export const mostVoxels = 2 ** 31;

/** Labels of structures that may overlap, in as few layers as putting each into the first that is free for it needs. */
export class LabelLayers {
  readonly #grid: Grid;
  readonly #create: (length: number) => Labels;
  readonly #layers: Labels[] = [];
  readonly #where: string;

  /**
   * @param largest The largest label that will be added.
   * @param where The file, for the error.
   */
  constructor(grid: Grid, largest: number, where: string) {
    this.#grid = grid;
    this.#where = where;
    this.#create = (length) => (largest < 2 ** 8 ? new Uint8Array(length) : new Uint16Array(length));
  }

  /**
   * @returns The layer that the structure is in.
   * @throws Problem `memory` where the layers together would be too large for one array.
   */
  add(value: number, masks: SliceMasks): number {
    const found = this.#layers.findIndex((labels) => this.#isFree(labels, masks));
    const layer = found < 0 ? this.#layers.length : found;
    if ((layer + 1) * this.#voxels() > mostVoxels) {
      const what = `structures overlap so much that they fill ${layer + 1} layers of ${this.#grid.shape.join(' x ')} voxels`;
      throw new Problem('memory', what, this.#where, 'Export fewer structures.');
    }
    const labels = this.#layers[layer] ?? this.#create(this.#voxels());
    this.#layers[layer] = labels;
    for (const [slice, mask] of masks) {
      const start = slice * this.#area();
      for (let n = 0; n < mask.length; n++) if (mask[n] !== 0) labels[start + n] = value;
    }
    return layer;
  }

  /** All layers, one a channel; one empty layer where nothing was added. */
  volume(): Volume<Labels> {
    const [first] = this.#layers;
    const channels = Math.max(1, this.#layers.length);
    if (channels === 1) return { grid: this.#grid, channels, data: first ?? this.#create(this.#voxels()) };
    const data = this.#create(channels * this.#voxels());
    for (const [layer, labels] of this.#layers.entries()) data.set(labels, layer * this.#voxels());
    return { grid: this.#grid, channels, data };
  }

  #isFree(labels: Labels, masks: SliceMasks): boolean {
    for (const [slice, mask] of masks) {
      const start = slice * this.#area();
      for (let n = 0; n < mask.length; n++) if (mask[n] !== 0 && labels[start + n] !== 0) return false;
    }
    return true;
  }

  #area = () => this.#grid.shape[0] * this.#grid.shape[1];
  #voxels = () => this.#area() * this.#grid.shape[2];
}
