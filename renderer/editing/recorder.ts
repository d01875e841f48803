import type { LabelDiff } from './diff.ts';
import type { EditRules, Labels } from './labels.ts';

/** Writes labels where the rules allow it and remembers what it changed. The only way in which an operation writes. */
export class Recorder {
  readonly #data: Uint8Array | Uint16Array;
  readonly #rules: EditRules;
  /** 1 for each label whose voxels may take another. */
  readonly #mayLose: Uint8Array;
  #runs = new Uint32Array(256);
  #length = 0;

  constructor({ data }: Labels, rules: EditRules) {
    this.#data = data;
    this.#rules = rules;
    this.#mayLose = losers(2 ** (8 * data.BYTES_PER_ELEMENT), rules);
  }

  /** Whether voxels may be given a label at all. */
  mayGain(label: number): boolean {
    return !this.#rules.locked.has(label);
  }

  /** Whether a voxel may take another label than its own. */
  mayChange(voxel: number): boolean {
    const { range } = this.#rules;
    if (this.#mayLose[this.#data[voxel]!] === 0) return false;
    return range === undefined || (range.values[voxel]! >= range.low && range.values[voxel]! <= range.high);
  }

  /** Gives a voxel a label that `mayGain`, where the voxel `mayChange`. */
  write(voxel: number, label: number): void {
    const before = this.#data[voxel]!;
    if (before === label || !this.mayChange(voxel)) return;
    this.#data[voxel] = label;
    if (this.#endsAt(voxel, before, label)) this.#runs[this.#length - 3]!++;
    else this.#add(voxel, before, label);
  }

  /** What was changed since the recorder was made or last asked. */
  take(): LabelDiff {
    const runs = this.#runs.slice(0, this.#length);
    this.#length = 0;
    return { runs };
  }

  /** Whether the last run ends just before a voxel and changes the same. */
  #endsAt(voxel: number, before: number, after: number): boolean {
    const last = this.#length - 4;
    if (last < 0) return false;
    const end = this.#runs[last]! + this.#runs[last + 1]!;
    return end === voxel && this.#runs[last + 2] === before && this.#runs[last + 3] === after;
  }

  #add(voxel: number, before: number, after: number): void {
    if (this.#length === this.#runs.length) {
      const longer = new Uint32Array(2 * this.#runs.length);
      longer.set(this.#runs);
      this.#runs = longer;
    }
    this.#runs[this.#length++] = voxel;
    this.#runs[this.#length++] = 1;
    this.#runs[this.#length++] = before;
    this.#runs[this.#length++] = after;
  }
}

function losers(labels: number, { overwrite, locked }: EditRules): Uint8Array {
  const may = new Uint8Array(labels);
  if (overwrite === 'all') may.fill(1);
  else for (const label of overwrite === 'background' ? [0] : overwrite) may[label] = 1;
  for (const label of locked) may[label] = 0;
  return may;
}
