import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../../../main/imaging/image.ts';
import { runPython } from '../../../support/python.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { parseLines, sfumato } from '../../cli/launch.ts';
import { writeTinyModel } from '../../services/segmentation/tinyModel.ts';
import { writeSeries, type MadeSeries } from './series/madeSeries.ts';
import { readDicom } from './series/openDicom.ts';

/** Oblique: columns run (0, 1, 0), rows (0.6, 0, -0.8). */
const series: MadeSeries = {
  columns: 20,
  rows: 18,
  pixelSize: [1.5, 1.25],
  direction: [0, 0.6, -0.8, 1, 0, 0, 0, -0.8, -0.6],
  slices: Array.from({ length: 16 }, (_, k) => ({
    position: [3 - 0.8 * 2 * k, -7, 11 - 0.6 * 2 * k],
    pixels: Int16Array.from({ length: 360 }, (__, v) => ((v * 37 + k * 101) % 997) - 200),
  })),
};

const simpleItk = `
import json, sys
import SimpleITK as sitk
image = sitk.ReadImage(sys.argv[1])
print(json.dumps([image.GetSize(), image.GetSpacing(), image.GetOrigin(), image.GetDirection(), [int(v) for v in sitk.GetArrayFromImage(image).ravel()]]))
`;

async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const ended = await sfumato([...args, '--json']);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return parseLines(ended.stdout).at(-1)!;
}

describe('a DICOM folder on the command line', () => {
  it('is described by info', async () => {
    const folder = temporaryFolder();
    writeSeries(folder, series);
    expect(await run(['info', folder])).toMatchObject({
      volumes: [
        {
          format: 'dicom',
          modality: 'CT',
          description: 'Made series',
          shape: [20, 18, 16],
          dataType: 'int16',
          frames: 16,
          files: 16,
          warnings: [],
        },
      ],
    });
  });

  it('is converted to a NIfTI that SimpleITK puts at the same place', async () => {
    const folder = temporaryFolder();
    const out = join(temporaryFolder(), 'out.nii.gz');
    writeSeries(folder, series);
    await run(['convert', folder, out]);
    const { grid, data } = (await readDicom(folder)).volume;
    const [size, spacing, origin, direction, values] = await runPython<number[][]>(simpleItk, [out]);
    expect(size).toEqual(grid.shape);
    grid.spacing.forEach((value, n) => {
      expect(spacing![n]).toBeCloseTo(value, 5);
    });
    grid.origin.forEach((value, n) => {
      expect(origin![n]).toBeCloseTo(value, 5);
    });
    grid.direction.forEach((value, n) => {
      expect(direction![n]).toBeCloseTo(value, 6);
    });
    expect(values).toEqual([...data]);
  });

  it('is segmented into a folder named by the series, on the grid of the series', async () => {
    const folder = temporaryFolder();
    const out = temporaryFolder();
    writeSeries(folder, series);
    const model = await writeTinyModel(join(temporaryFolder(), 'model'));
    await run([
      'segment',
      folder,
      '--model',
      model.folder,
      '--out',
      out,
      '--method',
      'direct',
      '--device',
      'cpu',
      '--threads',
      '2',
    ]);
    expect(readdirSync(out)).toEqual(['Made_series_7']);
    const { grid } = (await readDicom(folder)).volume;
    const mask = (await readImage(join(out, 'Made_series_7/mask.nii.gz'))).volume.grid;
    expect(mask.shape).toEqual(grid.shape);
    [...grid.spacing, ...grid.origin, ...grid.direction].forEach((value, n) => {
      expect([...mask.spacing, ...mask.origin, ...mask.direction][n]).toBeCloseTo(value, 5);
    });
    const report = JSON.parse(readFileSync(join(out, 'Made_series_7/report.json'), 'utf8')) as {
      input: { files: number };
    };
    expect(report.input.files).toBe(16);
    expect(JSON.stringify(report)).not.toMatch(/Doe|Jane/);
  });

  it('with a slice missing ends with exit code 3 and says what to do', async () => {
    const folder = temporaryFolder();
    writeSeries(folder, { ...series, slices: series.slices.filter((_, k) => k !== 5) });
    const ended = await sfumato(['convert', folder, join(temporaryFolder(), 'out.nii.gz')]);
    expect(ended.code).toBe(3);
    expect(ended.stderr).toMatch(/1 slice is missing of those 2 mm apart.*--resample/);
  });
});
