// What a lab's exports look like: real scans with labels in the three ways that labels come.

import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDicomObject } from '../../../../main/imaging/dicom/object.ts';
import { writeStructureSet } from '../../../../main/imaging/dicom/rtstruct/writeStructureSet.ts';
import { readImage } from '../../../../main/imaging/image.ts';
import { writeNifti } from '../../../../main/imaging/nifti/write.ts';
import type { Grid } from '../../../../ml/volume/grid.ts';
import { voxelCount } from '../../../../ml/volume/grid.ts';
import { resample } from '../../../../ml/volume/resample.ts';
import { sharedData } from '../../../support/data.ts';
import { zipFile } from '../../../support/zipFile.ts';
import { segment } from '../../imaging/dicom/seg/made.ts';
import { hippocampus } from '../folders.ts';

const dicom = join(import.meta.dirname, '../../../data/dicom-seg');

/** A CT of 3 slices and its segmentation "Liver", as they are. */
export const ctFiles = ['IMG0001.dcm', 'IMG0002.dcm', 'IMG0003.dcm', 'label.seg'].map((name) => join(dicom, name));

/** A CT and its SEG in a zip archive. */
function zippedCt(path: string): void {
  writeFileSync(
    path,
    zipFile(ctFiles.map((file, n) => ({ name: `DICOM/S1/I${n}`, data: new Uint8Array(readFileSync(file)) }))),
  );
}

/** Hippocampi in `images` and `labels`, by names that tell the person. */
export function filePairs(folder: string, numbers: readonly string[]): void {
  for (const [from, to] of [
    ['imagesTr', 'images'],
    ['labelsTr', 'labels'],
  ] as const) {
    // prettier-ignore
    mkdirSync(join(folder, to), { recursive: true });
    for (const number of numbers)
      cpSync(join(hippocampus, from, `hippocampus_${number}.nii.gz`), join(folder, to, `Mueller${number}.nii.gz`));
  }
  writeFileSync(join(folder, 'dataset.json'), JSON.stringify({ labels: { '1': 'Anterior', '2': 'Posterior' } }));
}

/** A mask of what is brighter than the mean, in a box of the image; the same for every reader of its file. */
export async function brightMask(series: string) {
  const { volume } = await readImage(series);
  let sum = 0;
  for (const value of volume.data) sum += value;
  const mean = sum / volume.data.length;
  const [ni, nj, nk] = volume.grid.shape;
  const data = Uint8Array.from({ length: voxelCount(volume.grid) }, (_, v) => {
    const [i, j, k] = [v % ni, Math.floor(v / ni) % nj, Math.floor(v / (ni * nj))];
    return Number(volume.data[v]! > mean && i > ni / 4 && j < nj / 2 && k > nk / 3);
  });
  return { grid: volume.grid, channels: 1, data };
}

/** A NIfTI label as converters write them: rows upside down, the third axis first. */
async function niftiLabelOf(series: string, path: string): Promise<void> {
  const mask = await brightMask(series);
  const { shape, spacing, origin, direction: d } = mask.grid;
  const last = shape[1] - 1;
  const turned: Grid = {
    shape: [shape[2], shape[0], shape[1]],
    spacing: [spacing[2], spacing[0], spacing[1]],
    unit: 'mm',
    origin: [0, 1, 2].map((row) => origin[row]! + last * spacing[1] * d[3 * row + 1]!) as [number, number, number],
    direction: [0, 1, 2].flatMap((row) => [
      d[3 * row + 2]!,
      d[3 * row]!,
      -d[3 * row + 1]!,
    ]) as unknown as Grid['direction'],
  };
  await writeNifti(path, resample(mask, turned, 'nearest'));
}

/** An RTSTRUCT of the same mask. */
async function structureSetOf(series: string, path: string, name: string): Promise<void> {
  const files = readdirSync(series).filter((file) => file.endsWith('.dcm'));
  const sources = await Promise.all(
    files.map(async (file) => {
      const { dataset } = await readDicomObject(join(series, file), { pixels: false });
      return { path: join(series, file), dataset };
    }),
  );
  const volume = await brightMask(series);
  const request = { volume, segments: [segment(1, 0, name)], sources, description: '', drawing: { by: 'person' } };
  await writeStructureSet(path, { ...request, drawing: { by: 'person' } });
}

/** Everything there is, in folders named after people. */
export async function makeExports(folder: string): Promise<void> {
  mkdirSync(join(folder, 'Mueller^Anna'), { recursive: true });
  zippedCt(join(folder, 'Mueller^Anna', 'export.zip'));
  filePairs(join(folder, 'research'), ['006', '007', '008']);
  const shared = sharedData();
  if (shared === undefined) return;
  const take = (from: string, to: string) => {
    cpSync(join(shared, 'dicom', from), join(folder, to), { recursive: true });
  };
  take('ct-ge-3slice-with-seg', 'pacs1');
  take('pet-cps-qin-headneck-0024', 'pacs2');
  take('mr-hippocrop-pgbm-003', 'Dumbledore/series');
  await niftiLabelOf(join(folder, 'Dumbledore/series'), join(folder, 'Dumbledore/series', 'drawn.seg.nii.gz'));
  take('mr-siemens-pgbm-003-t1post', 'pacs3');
  await structureSetOf(join(folder, 'pacs3'), join(folder, 'pacs3', 'rs.dcm'), 'bright');
}
