import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Matrix3, Vector3 } from '../../../../../ml/volume/grid.ts';
import { column } from '../../../../../ml/volume/matrix.ts';
import { dicomFile, type DicomElements } from '../../../../support/dicomFile.ts';

/** One made slice: where it lies and what it shows. */
export interface MadeSlice {
  readonly position: Vector3;
  readonly pixels: Int16Array | Uint16Array;
  /** Beside or instead of what `ctSlice` writes. */
  readonly elements?: DicomElements | undefined;
}

export interface MadeSeries {
  readonly columns: number;
  readonly rows: number;
  /** mm along x and y. */
  readonly pixelSize: readonly [number, number];
  readonly direction: Matrix3;
  readonly slices: readonly MadeSlice[];
}

/** Enough digits that a DS of 16 characters keeps positions to a nanometre. */
const decimal = (value: number): string => String(Number(value.toFixed(9))).slice(0, 16);

const bytes = (pixels: Int16Array | Uint16Array): Uint8Array =>
  new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);

/** A CT slice of signed 16-bit values without rescaling. */
export function ctSlice(
  { columns, rows, pixelSize, direction }: MadeSeries,
  slice: MadeSlice,
  number: number,
): DicomElements {
  return {
    '00080008 CS': ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    '00080016 UI': '1.2.840.10008.5.1.4.1.1.2',
    '00080018 UI': `1.2.3.4.${number}`,
    '00080060 CS': 'CT',
    '0008103e LO': 'Made series',
    '00100010 PN': 'Doe^Jane',
    '0020000d UI': '1.2.3',
    '0020000e UI': '1.2.3.4',
    '00200011 IS': 7,
    '00200013 IS': number,
    '00200032 DS': slice.position.map(decimal),
    '00200037 DS': [...column(direction, 0), ...column(direction, 1)].map(decimal),
    '00280002 US': 1,
    '00280004 CS': 'MONOCHROME2',
    '00280010 US': rows,
    '00280011 US': columns,
    '00280030 DS': [pixelSize[1], pixelSize[0]].map(decimal),
    '00280100 US': 16,
    '00280101 US': 16,
    '00280102 US': 15,
    '00280103 US': slice.pixels instanceof Int16Array ? 1 : 0,
    '7fe00010 OW': bytes(slice.pixels),
    ...slice.elements,
  };
}

/** @param names Of the files, one a slice. Default: numbers that say nothing of the slices' order. */
export function writeSeries(
  folder: string,
  series: MadeSeries,
  names = series.slices.map((_, n) => `${(n * 7919) % 1009}.dcm`),
): void {
  series.slices.forEach((slice, n) => {
    writeFileSync(join(folder, names[n]!), dicomFile(ctSlice(series, slice, n + 1)));
  });
}
