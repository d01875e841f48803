import type { Vector3 } from '../../../../ml/volume/grid.ts';
import type { TiffDirectory } from './directory.ts';
import { tiffTags } from './directory.ts';

/** What ImageJ writes into the description of the first page: how pages follow each other, and the size of a voxel. */
export interface ImageJStack {
  readonly channels: number;
  readonly slices: number;
  readonly frames: number;
  /** mm. */
  readonly spacing: Vector3 | undefined;
}

const millimetres: Readonly<Record<string, number>> = {
  mm: 1,
  millimeter: 1,
  cm: 10,
  um: 0.001,
  µm: 0.001,
  '\\u00B5m': 0.001,
  micron: 0.001,
  microns: 0.001,
  nm: 1e-6,
  m: 1000,
  inch: 25.4,
};

/**
 * @returns `undefined` where the description is not ImageJ's. Resolution tags of any other program say how large a print is to
 * be, and nothing about what the picture shows.
 */
export function readImageJ(first: TiffDirectory): ImageJStack | undefined {
  const text = first.text(tiffTags.description);
  if (!text.startsWith('ImageJ=')) return undefined;
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1]?.trim();
  const whole = (name: string) => Math.max(1, Math.trunc(Number(value(name) ?? 1)) || 1);
  const unit = millimetres[value('unit') ?? ''];
  const side = (tag: number) => (unit ?? NaN) / first.number(tag, NaN);
  const depth = Math.abs(Number(value('spacing') ?? NaN)) * (unit ?? NaN);
  const [x, y] = [side(tiffTags.xResolution), side(tiffTags.yResolution)];
  const stack = { channels: whole('channels'), slices: whole('slices'), frames: whole('frames') };
  const isKnown = [x, y].every((length) => length > 0 && Number.isFinite(length));
  const isDeep = stack.slices > 1;
  if (!isKnown || (isDeep && !(depth > 0 && Number.isFinite(depth)))) return { ...stack, spacing: undefined };
  return { ...stack, spacing: [x, y, isDeep ? depth : 1] };
}
