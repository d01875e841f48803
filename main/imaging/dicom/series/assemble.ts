import type { VoxelArray } from '../../../../ml/volume/volume.ts';
import { createProgress } from '../../../jobs/progress.ts';
import type { Display, Overlay } from '../../display.ts';
import type { OpenOptions, ReadOptions } from '../../reader.ts';
import { decodeFrames } from '../decodeFrames.ts';
import { readDicomObject, type DicomObject } from '../object.ts';
import type { DecodedFrame } from '../pixels/decodeFrame.ts';
import type { Entry } from '../scan/entry.ts';
import { componentsOf, planesOf } from './planesOf.ts';
import { readDisplay } from './display.ts';
import type { Frame } from './frame.ts';
import type { Instance } from './instance.ts';
import { readOverlays } from './overlays.ts';
import { withFactor } from './quantity.ts';
import { RealPlanes } from './realPlanes.ts';
import type { Stack } from './stack.ts';

export interface Assembled {
  /** Real values, channel = time * components + component, slices as in the stack. */
  readonly data: VoxelArray;
  readonly display: Display;
  /** What the objects' readers found wrong with them. */
  readonly warnings: readonly string[];
}

interface Slot {
  readonly frame: Frame<Entry>;
  readonly time: number;
  readonly slice: number;
}

/**
 * Reads and decodes the frames of a stack.
 *
 * @param factor What scaled values are multiplied with.
 * @throws Problem `data` where an object is damaged or changed since its header was read, `memory` where the volume does not fit.
 */
export async function assemble(
  { frames, grid }: Stack<Entry>,
  factor: number,
  { arrival, ...options }: AssembleOptions,
): Promise<Assembled> {
  const slots = frames.flatMap((slices, time) => slices.map((frame, slice) => ({ frame, time, slice })));
  const { stored, path } = slots[0]!.frame.instance;
  const components = componentsOf(stored);
  const scalings = new Map(slots.map((slot) => [slot, withFactor(slot.frame.scaling, factor)]));
  const channels = components * frames.length;
  const real = new RealPlanes({
    size: stored.columns * stored.rows,
    count: channels * grid.shape[2],
    stored: slots.map(({ frame }) => frame.instance.stored),
    scalings: [...scalings.values()],
    path,
  });
  let told: VoxelArray | undefined;
  const shown = await decodeSlots(arrival ? fromTheMiddle(slots) : slots, factor, options, (decoded, slot) => {
    for (const [component, plane] of planesOf(decoded, slot.frame).entries()) {
      const at = (slot.time * components + component) * grid.shape[2] + slot.slice;
      real.put(at, plane, slot.frame.instance.stored, scalings.get(slot)!);
    }
    if (told !== real.data) arrival?.begin({ grid, channels, data: real.data });
    told = real.data;
    arrival?.slice(slot.slice, slot.time);
  });
  return { data: real.data, ...shown };
}

type AssembleOptions = OpenOptions & Pick<ReadOptions, 'arrival'>;

/** The slices that a person sees first come first, time after time. */
function fromTheMiddle(slots: readonly Slot[]): readonly Slot[] {
  const middle = Math.max(...slots.map(({ slice }) => slice)) / 2;
  return slots.toSorted((a, b) => a.time - b.time || Math.abs(a.slice - middle) - Math.abs(b.slice - middle));
}

/** Decodes the frames in their order, each header being read once, and hands them to `take`. */
async function decodeSlots(
  slots: readonly Slot[],
  factor: number,
  { signal, report }: OpenOptions,
  take: (decoded: DecodedFrame, slot: Slot) => void,
): Promise<Omit<Assembled, 'data'>> {
  const objects = new OpenObjects(slots, signal);
  const overlays: Overlay[] = [];
  const warnings = new Set<string>();
  let display: Omit<Display, 'overlays'> | undefined;
  const progress = report && createProgress('Reading slices', slots.length, report);
  const requests = slots.map(({ frame }) => ({ open: () => objects.open(frame.instance), frame: frame.index }));
  let done = 0;
  for await (const decoded of decodeFrames(requests, { signal })) {
    const slot = slots[done]!;
    const { frame, slice, time } = slot;
    take(decoded, slot);
    const object = await objects.open(frame.instance);
    for (const warning of object.warnings) warnings.add(warning);
    overlays.push(...readOverlays(object.dataset, frame.index).map((overlay) => ({ ...overlay, slice, time })));
    if (slice === 0 && time === 0) display = displayOf(object, frame, factor);
    objects.close(frame.instance);
    done++;
    progress?.(done);
  }
  overlays.sort((a, b) => a.time - b.time || a.slice - b.slice);
  return { display: { ...display!, overlays }, warnings: [...warnings] };
}

/** Headers in memory for as long as frames of their objects are wanted. */
class OpenObjects {
  readonly #objects = new Map<Instance<Entry>, Promise<DicomObject>>();
  readonly #wanted = new Map<Instance<Entry>, number>();
  readonly #signal: AbortSignal;

  constructor(slots: readonly Slot[], signal: AbortSignal) {
    this.#signal = signal;
    for (const { frame } of slots) this.#wanted.set(frame.instance, (this.#wanted.get(frame.instance) ?? 0) + 1);
  }

  open(instance: Instance<Entry>): Promise<DicomObject> {
    const known = this.#objects.get(instance);
    if (known !== undefined) return known;
    const opened = instance.source
      .open()
      .then((source) => readDicomObject(source, { pixels: false, signal: this.#signal }));
    this.#objects.set(instance, opened);
    return opened;
  }

  /** One frame of it has been taken. */
  close(instance: Instance<Entry>): void {
    const left = (this.#wanted.get(instance) ?? 1) - 1;
    this.#wanted.set(instance, left);
    if (left === 0) this.#objects.delete(instance);
  }
}

function displayOf(
  { dataset }: DicomObject,
  { instance, index, scaling }: Frame<Entry>,
  factor: number,
): Omit<Display, 'overlays'> {
  const which = { index, count: instance.frames, signed: instance.stored.signed };
  return readDisplay(dataset, which, withFactor(scaling, factor), factor);
}
