import { join } from 'node:path';
import { stream } from '../../../../ml/random/stream.ts';
import type { Grid } from '../../../../ml/volume/grid.ts';
import { writeNifti } from '../../../../main/imaging/nifti/write.ts';
import { mkdirSync, writeFileSync } from 'node:fs';

export const grid: Grid = {
  shape: [16, 14, 10],
  spacing: [2, 2, 3],
  unit: 'mm',
  origin: [-16, -14, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

export interface Phantom {
  readonly image: Float32Array;
  readonly label: Float32Array;
  readonly imageGrid: Grid;
  readonly labelGrid: Grid;
}

/** A body with a bright liver on the right, in front and below, and a spleen on the left; each person a little different. */
export function phantom(person: number): Phantom {
  const random = stream(7, 'phantom', person);
  const [ni, nj] = grid.shape;
  const [image, label] = [new Float32Array(2240), new Float32Array(2240)];
  const shift = random.uniform();
  for (let v = 0; v < image.length; v++) {
    const [i, j, k] = [v % ni, Math.floor(v / ni) % nj, Math.floor(v / (ni * nj))];
    const isLiver = (i - 4 - shift) ** 2 + (j - 5) ** 2 + (2 * (k - 3)) ** 2 < 12;
    const isSpleen = (i - 12 + shift) ** 2 + (j - 9) ** 2 + (2 * (k - 5)) ** 2 < 5;
    // One voxel more, elsewhere for each person: no two labels are the same.
    const isOwn = v === person;
    label[v] = isLiver || isOwn ? 1 : isSpleen ? 2 : 0;
    image[v] = (isLiver ? 120 : isSpleen ? 60 : 0) + 5 * random.normal();
  }
  return { image, label, imageGrid: grid, labelGrid: grid };
}

/** Left and right exchanged, as a wrong header or a wrong export does it. */
export function mirrored(data: Float32Array): Float32Array {
  const [ni] = grid.shape;
  return data.map((_, v) => data[v - (v % ni) + ni - 1 - (v % ni)]!);
}

export const caseId = (person: number, scan = 1) => `p${person}_scan${scan}`;

export async function writePhantom(folder: string, id: string, { image, label, imageGrid, labelGrid }: Phantom) {
  await writeNifti(join(folder, 'imagesTr', `${id}_0000.nii.gz`), { grid: imageGrid, channels: 1, data: image });
  await writeNifti(join(folder, 'labelsTr', `${id}.nii.gz`), { grid: labelGrid, channels: 1, data: label });
}

/** Seven sound cases of seven people. */
export async function writePhantoms(folder: string): Promise<void> {
  for (const name of ['imagesTr', 'labelsTr']) mkdirSync(join(folder, name), { recursive: true });
  const labels = { background: 0, liver: 1, spleen: 2 };
  writeFileSync(
    join(folder, 'dataset.json'),
    JSON.stringify({ name: 'phantoms', channel_names: { '0': 'CT' }, labels }),
  );
  for (let person = 1; person <= 7; person++) await writePhantom(folder, caseId(person), phantom(person));
}
