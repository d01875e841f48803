import type { VoxelArray } from '../../../../ml/volume/volume.ts';
import { createProgress } from '../../../jobs/progress.ts';
import type { Display, Overlay } from '../../display.ts';
import type { OpenOptions } from '../../reader.ts';
import { decodeFrames } from '../decodeFrames.ts';
import { readDicomObject, type DicomObject } from '../object.ts';
import type { DecodedFrame } from '../pixels/decodeFrame.ts';
import type { Entry } from '../scan/entry.ts';
import { copyFrame, componentsOf } from './copyFrame.ts';
import { readDisplay } from './display.ts';
import type { Frame } from './frame.ts';
import type { Instance } from './instance.ts';
import { readOverlays } from './overlays.ts';
import { withFactor } from './quantity.ts';
import { realValues } from './realValues.ts';
import { allocateVoxels, storedType } from './storedType.ts';
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
 * Reads and decodes the frames of a stack, each object once.
 *
 * @param factor What scaled values are multiplied with.
 * @throws Problem `data` where an object is damaged or changed since its header was read, `memory` where the volume does not fit.
 */
export async function assemble(stack: Stack<Entry>, factor: number, options: OpenOptions): Promise<Assembled> {
  const slots = stack.frames.flatMap((slices, time) => slices.map((frame, slice) => ({ frame, time, slice })));
  const { instance } = slots[0]!.frame;
  const components = componentsOf(instance.stored);
  const plane = instance.stored.columns * instance.stored.rows;
  const type = storedType(slots.map(({ frame }) => frame.instance.stored));
  const stored = allocateVoxels(type, plane * components * slots.length, instance.path);
  const planeOf = ({ time, slice }: Slot, component: number): number =>
    (time * components + component) * stack.grid.shape[2] + slice;
  const shown = await decodeSlots(slots, factor, options, (decoded, slot) => {
    const targets = Array.from({ length: components }, (_, c) =>
      stored.subarray(planeOf(slot, c) * plane, (planeOf(slot, c) + 1) * plane),
    );
    copyFrame(decoded, slot.frame, targets);
  });
  const scalings = Array.from({ length: components * slots.length }, () => slots[0]!.frame.scaling);
  for (const slot of slots)
    for (let c = 0; c < components; c++) scalings[planeOf(slot, c)] = withFactor(slot.frame.scaling, factor);
  return { data: realValues(stored, scalings), ...shown };
}

/** Decodes the frames in their order, each object being read once, and hands them to `copy`. */
async function decodeSlots(
  slots: readonly Slot[],
  factor: number,
  { signal, report }: OpenOptions,
  copy: (decoded: DecodedFrame, slot: Slot) => void,
): Promise<Omit<Assembled, 'data'>> {
  const objects = new OpenObjects(slots, signal);
  const overlays: Overlay[] = [];
  const displays: Omit<Display, 'overlays'>[] = [];
  const warnings = new Set<string>();
  const progress = report && createProgress('Reading slices', slots.length, report);
  const requests = slots.map(({ frame }) => ({ open: () => objects.open(frame.instance), frame: frame.index }));
  let done = 0;
  for await (const decoded of decodeFrames(requests, { signal })) {
    const { frame, slice, time } = slots[done]!;
    copy(decoded, slots[done]!);
    const object = await objects.open(frame.instance);
    for (const warning of object.warnings) warnings.add(warning);
    overlays.push(...readOverlays(object.dataset, frame.index).map((overlay) => ({ ...overlay, slice, time })));
    if (done === 0) displays.push(displayOf(object, frame, factor));
    objects.close(frame.instance);
    done++;
    progress?.(done);
  }
  return { display: { ...displays[0]!, overlays }, warnings: [...warnings] };
}

/** Objects in memory for as long as frames of them are wanted. */
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
      .then((source) => readDicomObject(source, { pixels: true, signal: this.#signal }));
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
