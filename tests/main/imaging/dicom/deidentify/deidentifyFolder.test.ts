import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDicomObject } from '../../../../../main/imaging/dicom/object.ts';
import { tags } from '../../../../../main/imaging/dicom/tags.ts';
import { dicomFile, type DicomElements } from '../../../../support/dicomFile.ts';
import { temporaryFolder } from '../../../../support/temporaryFolder.ts';
import { parseLines, sfumato } from '../../../cli/launch.ts';
import { ctSlice, type MadeSeries, writeSeries } from '../series/madeSeries.ts';
import { readDicom } from '../series/openDicom.ts';

const series: MadeSeries = {
  columns: 4,
  rows: 3,
  pixelSize: [1, 1],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  slices: [0, 1, 2].map((k) => ({ position: [0, 0, k], pixels: Int16Array.from({ length: 12 }, (_, v) => v - 5 * k) })),
};

const slice = (elements: DicomElements) => dicomFile({ ...ctSlice(series, series.slices[0]!, 1), ...elements });

async function deidentifyFiles(files: Readonly<Record<string, Buffer>>) {
  const folder = temporaryFolder();
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  return deidentifyPath(folder);
}

async function deidentifyPath(folder: string) {
  const out = join(temporaryFolder(), 'out');
  const ended = await sfumato(['convert', folder, out, '--deidentify', '--json']);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  const lines = parseLines(ended.stdout);
  const paths = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.dcm'));
  const result = lines.at(-1) as { patients: number; series: number; files: number; warnings: string[] };
  return { result, out, paths: paths.map((name) => join(out, name)) };
}

describe('convert --deidentify', () => {
  it('keeps a series one series, with its voxels at their places', async () => {
    const folder = temporaryFolder();
    writeSeries(folder, series);
    const { out, result, paths } = await deidentifyPath(folder);
    expect(result).toMatchObject({ patients: 1, series: 1, files: 3, warnings: [] });
    const [before, after] = [await readDicom(folder), await readDicom(out)];
    expect(after.volume).toEqual(before.volume);
    for (const path of paths) expect(path + readFileSync(path, 'latin1')).not.toMatch(/Doe|Jane|1\.2\.3\.4/);
  });

  it('cleans sequences within sequences, and removes private elements, curves, overlays and the lengths of groups', async () => {
    const inner = { '00080018 UI': '1.9.9', '00100010 PN': 'Doe^Jane', '00290010 LO': 'SECRET', '00080100 SH': 'T-1' };
    const { paths } = await deidentifyFiles({
      'a.dcm': slice({
        '00080000 UL': 99,
        '00089215 SQ': [{ ...inner, '00082112 SQ': [{ '00081155 UI': '1.9.9' }] }],
        '00091001 LO': 'SECRET',
        '50003000 OW': Uint8Array.of(1, 2),
        '60003000 OW': Uint8Array.of(1, 2),
        '60000010 US': 3,
      }),
    });
    const { dataset } = await readDicomObject(paths[0]!, { pixels: true });
    const [item] = dataset.items('00089215');
    expect(item?.text('00080100')).toBe('T-1');
    expect(item?.text(tags.PatientName)).toBeUndefined();
    expect(item?.items('00082112')[0]?.text('00081155')).toMatch(/^2\.25\./);
    expect(item?.items('00082112')[0]?.text('00081155')).toBe(item?.text(tags.SOPInstanceUID));
    for (const tag of ['00080000', '00091001', '50003000', '60003000', '60000010'])
      expect(dataset.has(tag)).toBe(false);
    expect(readFileSync(paths[0]!, 'latin1')).not.toContain('SECRET');
  });

  it('warns of names in the picture and in what the profile keeps, and says what it leaves out', async () => {
    const { result } = await deidentifyFiles({
      'us.dcm': slice({ '00080060 CS': 'US', '00080018 UI': '1.5.1' }),
      'clean.dcm': slice({ '00080060 CS': 'US', '00080018 UI': '1.5.2', '00280301 CS': 'NO' }),
      'clean2.dcm': slice({ '00080018 UI': '1.5.5', '00280301 CS': 'NO' }),
      'said.dcm': slice({ '00080018 UI': '1.5.3', '00280301 CS': 'YES' }),
      'typed.dcm': slice({ '00080018 UI': '1.5.4', '00080070 LO': 'Scanner of Jane' }),
      'report.dcm': dicomFile({ '00080016 UI': '1.2.840.10008.5.1.4.1.1.88.11', '00100010 PN': 'Doe^Jane' }),
      'notes.txt': Buffer.from('Doe'),
    });
    expect(result.files).toBe(5);
    expect(result.warnings).toEqual([
      '1 file left out: no DICOM',
      '1 file left out: neither pixels nor contours, as in a report',
      expect.stringContaining('2 files may show a name in the picture itself'),
      expect.stringContaining('(0008,0070)'),
    ]);
  });

  it('puts each patient into a folder of its own, under a name that says nothing', async () => {
    const { result, paths, out } = await deidentifyFiles({
      'a.dcm': slice({ '00100020 LO': 'A1' }),
      'b.dcm': slice({ '00100020 LO': 'B2', '00080018 UI': '1.5.2', '0020000e UI': '1.2.9' }),
    });
    expect(result).toMatchObject({ patients: 2, series: 2, files: 2 });
    for (const path of paths)
      expect(path.slice(out.length)).toMatch(/^[/\\]p[0-9a-f]{12}[/\\][0-9a-f]{8}[/\\]00001\.dcm$/);
    const first = await readDicomObject(paths[0]!, { pixels: false });
    expect(paths[0]).toContain(first.dataset.text(tags.PatientID));
  });

  it('refuses a folder that exists, one without pictures, and does not copy what it cannot read', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'cut.dcm'), slice({}).subarray(0, 500));
    const out = join(temporaryFolder(), 'out');
    const empty = await sfumato(['convert', folder, out, '--deidentify']);
    expect(empty.code).toBe(3);
    expect(empty.stderr).toMatch(/no DICOM image is here/);
    mkdirSync(out);
    const existing = await sfumato(['convert', folder, out, '--deidentify']);
    expect(existing.code).toBe(3);
    expect(existing.stderr).toMatch(/exists already/);
  });
});
