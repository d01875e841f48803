import type { Box, BoxVoxels, CaseSource } from '../../../ml/data/caseSource.ts';
import { sampleLocations } from '../../../ml/data/sampleLocations.ts';
import type { Vector3 } from '../../../ml/volume/grid.ts';

export interface ArrayCase {
  /** [k, j, i]. */
  readonly shape: Vector3;
  readonly image: Float32Array;
  readonly label: Uint8Array;
}

/** Cases of one channel in memory, read voxel by voxel: slow and obvious. */
export function arrayCases(cases: readonly ArrayCase[], classCount = 256): CaseSource {
  const at = (index: number) => cases[index]!;
  const locations = cases.map(({ label }) => sampleLocations(label, classCount));
  return {
    channels: 1,
    shape: (index) => at(index).shape,
    locations: (index) => locations[index]!,
    read: (index, box) => readBox(at(index), box),
  };
}

export function readBox({ shape, image, label }: ArrayCase, { start, size }: Box): BoxVoxels {
  const length = size[0] * size[1] * size[2];
  const read = { image: new Float32Array(length), label: new Uint8Array(length) };
  for (let n = 0; n < length; n++) {
    const place = [
      start[0] + Math.floor(n / (size[1] * size[2])),
      start[1] + (Math.floor(n / size[2]) % size[1]),
      start[2] + (n % size[2]),
    ] as const;
    if (place.some((index, axis) => index < 0 || index >= shape[axis]!)) continue;
    const voxel = (place[0] * shape[1] + place[1]) * shape[2] + place[2];
    read.image[n] = image[voxel]!;
    read.label[n] = label[voxel]!;
  }
  return read;
}

/** A case whose image is its label: a ball of class 1 in one of class 2, off the centre. */
export function ballCase(shape: Vector3): ArrayCase {
  const image = new Float32Array(shape[0] * shape[1] * shape[2]);
  const radius = Math.min(...shape) / 3;
  for (let n = 0; n < image.length; n++) {
    const k = Math.floor(n / (shape[1] * shape[2])) - 0.4 * shape[0];
    const j = (Math.floor(n / shape[2]) % shape[1]) - 0.5 * shape[1];
    const i = (n % shape[2]) - 0.6 * shape[2];
    const distance = Math.hypot(k, j, i);
    image[n] = distance < radius / 2 ? 1 : distance < radius ? 2 : 0;
  }
  return { shape, image, label: Uint8Array.from(image) };
}

/** The bytes of images and labels as text: what compares fast and exactly. */
export function bytesOf({ image, label }: BoxVoxels): string {
  return [image, label]
    .map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength).toString('latin1'))
    .join('|');
}
