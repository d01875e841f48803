import { z } from 'zod';
import { bytes, volumeId } from './ids.ts';

const n = z.number();
const vector = z.tuple([n, n, n]);
const matrix = z.tuple([n, n, n, n, n, n, n, n, n]);

/** `Grid` of ml/volume: LPS millimetres, or voxels where the file knows no size. */
const gridSchema = z.strictObject({
  shape: z.tuple([z.int().min(1), z.int().min(1), z.int().min(1)]),
  spacing: vector,
  unit: z.enum(['mm', 'voxel']),
  origin: vector,
  /** Row-major; columns are the LPS unit vectors of i, j, k. */
  direction: matrix,
});

export const dataType = z.enum(['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'float64']);

const greyWindow = z.strictObject({ centre: z.number(), width: z.number(), name: z.string() });

/** What is known of a volume that is open. */
export const volumeFacts = z.strictObject({
  volume: volumeId,
  grid: gridSchema,
  /**
   * Whether all of it was read. Before that, `range` is that of the slices that are there and the file's own windows, its kind of compression and
   * some warnings may be unknown: open it again after the event `volume:whole`.
   */
  whole: z.boolean(),
  /** Of the voxels as they are sent; they are real values (HU, SUV, ...), with nothing left to scale. */
  dataType,
  /** Frames times components, channel = frame * components + component. */
  channels: z.int().min(1),
  /** Numbers a voxel: 3 for RGB. */
  components: z.int().min(1),
  unit: z.string().nullable(),
  modality: z.string().nullable(),
  description: z.string(),
  /** Least and largest value of the first channel, and the middle 98 % of it, for a first window. */
  range: z.strictObject({ least: z.number(), largest: z.number(), low: z.number(), high: z.number() }),
  windows: z.array(greyWindow),
  /** Larger values are darker (MONOCHROME1). */
  inverted: z.boolean(),
  padding: z.strictObject({ from: z.number(), to: z.number() }).nullable(),
  /** Structures, where the volume is a segmentation. */
  structures: z.array(z.strictObject({ value: z.int(), name: z.string(), colour: z.string().nullable() })),
  lossy: z.boolean(),
  /** The slices were tilted, missing or unevenly spaced and were brought to a regular grid. */
  resampled: z.boolean(),
  /** Everything the person should know: geometry, compression, resampling, unknown spacing. */
  warnings: z.array(z.string()),
});

export type VolumeFacts = z.infer<typeof volumeFacts>;

export const volumeCalls = {
  /**
   * Begins to read a volume, or takes it from memory; answered as soon as its geometry and a first slice are known. Its voxels are then asked for
   * slice by slice, in any order.
   */
  'volumes:open': { ask: z.strictObject({ volume: volumeId }), answer: volumeFacts },
  /**
   * Voxels `[slices, j, i]` of one channel, slices `[from, to)` along k, little-endian. Answered as soon as they are decoded, those in the middle
   * first. `dataType` is another than that of the facts where a later slice needed a wider type: then open the volume again and ask anew.
   */
  'volumes:slices': {
    ask: z.strictObject({ volume: volumeId, channel: z.int().min(0), from: z.int().min(0), to: z.int().min(1) }),
    answer: z.strictObject({ dataType, bytes }),
  },
  /** Forgets the voxels. */
  'volumes:close': { ask: z.strictObject({ volume: volumeId }), answer: z.null() },
};
