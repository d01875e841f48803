import { invariant } from '../../../ml/check/invariant.ts';
import { Problem } from '../../../ml/check/problem.ts';
import type { Volume, VoxelArray } from '../../../ml/volume/volume.ts';
import type { VolumeFacts } from '../../contract/volumes.ts';
import { openImages } from '../../imaging/image.ts';
import type { Image, ImageDescription, ImageSource, ReadOptions } from '../../imaging/reader.ts';
import type { ReportProgress } from '../../jobs/progress.ts';
import { factsOfPart, factsOfWhole } from './volumeFacts.ts';

interface Whole {
  readonly image: Image;
  readonly resampled: boolean;
}

/** What is there of a volume that is being read. */
interface Part {
  readonly header: ImageDescription;
  readonly volume: Volume;
  /** Numbers of those that are there, frame * depth + slice; the first stands for the rest. */
  readonly slices: Set<number>;
}

/** Voxels on their way into memory: whoever wants some of them waits for those alone. */
export class VolumeReading {
  readonly #whole: Promise<Whole>;
  readonly #stop = new AbortController();
  readonly #watching = new Set<ReportProgress>();
  readonly #waiting = new Map<() => void, () => boolean>();
  #part: Part | undefined;
  #image: Whole | undefined;

  constructor(path: string) {
    this.#whole = this.#read(path);
    // Whoever waits is told; nobody may be waiting.
    this.#whole.catch(() => undefined);
  }

  /** Tells of progress from now on. */
  watch(report: ReportProgress): void {
    this.#watching.add(report);
  }

  stop(): void {
    this.#stop.abort(new Problem('cancelled', 'the volume was closed', 'volume', 'Open it again.'));
  }

  /** @throws Problem Why it could not be read. */
  async untilWhole(): Promise<void> {
    await this.#whole;
  }

  /** Once a slice is there. */
  async facts(id: string): Promise<VolumeFacts> {
    await this.#until(() => this.#part !== undefined && this.#part.slices.size > 0);
    if (this.#image !== undefined) return factsOfWhole(id, this.#image.image, this.#image.resampled);
    const { header, volume, slices } = this.#part!;
    const [first] = slices;
    return factsOfPart(id, volume, header, planesOf(volume, first!, first! + 1));
  }

  /**
   * Slices [from, to) of a channel once they are there; not copied.
   *
   * @throws Problem 'usage' where the volume has none such.
   */
  async slices(channel: number, from: number, to: number): Promise<VoxelArray> {
    await this.#until(() => this.#part !== undefined);
    const { volume, components } = this.#latest();
    const depth = volume.grid.shape[2];
    if (channel >= volume.channels || to > depth || from >= to)
      throw new Problem('usage', 'there are no such slices', `${channel} ${from}-${to}`, 'Ask for others.');
    const frame = Math.floor(channel / components);
    const isThere = (slice: number): boolean => this.#part?.slices.has(frame * depth + slice) === true;
    await this.#until(() => Array.from({ length: to - from }, (_, n) => from + n).every(isThere));
    // Wider than before, where the voxels needed it in the meantime.
    return planesOf(this.#latest().volume, channel * depth + from, channel * depth + to);
  }

  #latest(): { readonly volume: Volume; readonly components: number } {
    if (this.#image !== undefined) return this.#image.image;
    invariant(this.#part !== undefined, 'a volume that is waited for has begun');
    return { volume: this.#part.volume, components: this.#part.header.components };
  }

  /** Waits until `isThere`, or all is; fails as the reading fails. */
  async #until(isThere: () => boolean): Promise<void> {
    if (this.#image !== undefined || isThere()) return;
    let look: () => void = () => undefined;
    const there = new Promise<void>((resolve) => {
      look = resolve;
    });
    this.#waiting.set(look, isThere);
    await Promise.race([there, this.#whole]).finally(() => this.#waiting.delete(look));
  }

  async #read(path: string): Promise<Whole> {
    const { signal } = this.#stop;
    const report: ReportProgress = (progress) => {
      for (const tell of this.#watching) tell(progress);
    };
    const [source, ...others] = await openImages(path, { signal, report });
    invariant(source !== undefined && others.length === 0, 'the path names one volume');
    const resampled = await isIrregular(source);
    const irregular = resampled ? 'resample' : 'refuse';
    const image = await source.read({ signal, report, irregular, arrival: this.#arrivalOf(source.description) });
    this.#image = { image, resampled };
    return this.#image;
  }

  #arrivalOf(header: ImageDescription): NonNullable<ReadOptions['arrival']> {
    return {
      begin: (volume) => {
        this.#part = { header, volume, slices: this.#part?.slices ?? new Set() };
      },
      slice: (slice, frame) => {
        const { slices, volume } = this.#part!;
        slices.add(frame * volume.grid.shape[2] + slice);
        for (const [look, isThere] of this.#waiting) if (isThere()) look();
      },
    };
  }
}

/** Slices [from, to) of all channels one after another, not copied. */
function planesOf({ grid, data }: Volume, from: number, to: number): VoxelArray {
  const plane = grid.shape[0] * grid.shape[1];
  return data.subarray(from * plane, to * plane);
}

/** A reader refuses uneven slices before it reads any, so an aborted read tells. */
async function isIrregular(source: ImageSource): Promise<boolean> {
  const stopped = AbortSignal.abort(new Problem('cancelled', 'only asked', source.description.path, ''));
  try {
    await source.read({ signal: stopped, irregular: 'refuse' });
    return false;
  } catch (error) {
    return error instanceof Problem && error.kind === 'data';
  }
}
