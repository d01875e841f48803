import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { encode } from 'fast-png';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../ml/check/problem.ts';
import { readImage } from '../../../main/imaging/image.ts';
import type { Image } from '../../../main/imaging/reader.ts';
import { writeImage } from '../../../main/imaging/write.ts';
import { runPython } from '../../support/python.ts';
import { zipFile } from '../../support/zipFile.ts';
import { testFile } from './dicom/seg/files.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { peakGrowth } from './peakMemory.ts';
import { imageOn, straight } from './sampleImage.ts';

/** Small good files of every kind, made by us and by others. */
async function seeds(folder: string): Promise<readonly string[]> {
  const names = ['a.nii', 'a.nii.gz', 'a.nrrd', 'a.mha', 'b.mhd'];
  for (const name of names) await writeImage(join(folder, name), imageOn(straight, 'int16', 3), { existing: 'refuse' });
  await writeFile(
    join(folder, 'a.png'),
    encode({ width: 9, height: 7, channels: 3, data: new Uint8Array(189).map((_, n) => n) }),
  );
  const made = await runPython<string[]>(
    `
import sys, os, json, numpy as np, tifffile, nibabel as nib, nrrd
from PIL import Image
folder = sys.argv[1]; rng = np.random.default_rng(1); v = rng.integers(0, 256, (24, 40, 3)).astype(np.uint8); g = v[..., 0]; names = []
def path(name): names.append(name); return os.path.join(folder, name)
for compression in [None, 'tiff_lzw', 'packbits', 'tiff_adobe_deflate']: Image.fromarray(v).save(path(f'{compression}.tif'), compression=compression)
tifffile.imwrite(path('stack.tif'), np.stack([g, g]).astype(np.int16), imagej=True, metadata=dict(unit='mm', spacing=2))
tifffile.imwrite(path('tiles.tif'), g.astype(np.float32), tile=(16, 16), compression='zlib')
Image.fromarray(g % 13).save(path('grey.png')); p = Image.fromarray(g % 13, 'P'); p.putpalette(list(range(39))); p.save(path('palette.png'), bits=4)
Image.fromarray(v).save(path('rgb.jpg')); Image.fromarray(g).save(path('grey.jpg'), progressive=True)
nib.AnalyzeImage(g[..., None].astype(np.int16), None).to_filename(path('analyze.hdr'))
nib.Nifti2Image(g[..., None], np.eye(4)).to_filename(path('two.nii'))
nrrd.write(path('text.nrrd'), g, dict(encoding='ascii', kinds=['domain', 'domain']))
nrrd.write(path('raw.nrrd'), v.astype(np.int16), dict(encoding='raw', endian='big', spacings=[1, 2, 3]))
print(json.dumps(names))`,
    [folder],
  );
  const dicom = ['IMG0001.dcm', 'multiframe.dcm', 'label.seg', 'sparse-labelmap-noppv.dcm', 'rtstruct.dcm'];
  for (const name of dicom) await copyFile(testFile(name), join(folder, name));
  const slices = ['IMG0002.dcm', 'IMG0003.dcm'];
  await writeFile(
    join(folder, 'series.zip'),
    zipFile(await Promise.all(slices.map(async (name) => ({ name, data: await readFile(testFile(name)) })))),
  );
  return [...names, ...made, ...dicom, 'series.zip'].map((name) => join(folder, name));
}

/** Headers are what readers believe, so most changes go there. */
const changes = fc.record({
  edits: fc.array(
    fc.tuple(
      fc.oneof(fc.nat(400), fc.nat(60), fc.nat(4000)),
      fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 48, 57, 127, 255)),
    ),
    {
      maxLength: 4,
    },
  ),
  cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 3 }),
  moved: fc.option(fc.tuple(fc.nat(400), fc.nat(400), fc.nat(40)), { freq: 2 }),
});

function changed(
  good: Buffer,
  { edits, cut, moved }: typeof changes extends fc.Arbitrary<infer Change> ? Change : never,
): Buffer {
  const bytes = Buffer.from(good);
  for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
  if (moved)
    bytes.set(
      good.subarray(moved[0], moved[0] + moved[2]).subarray(0, Math.max(0, good.length - moved[1])),
      Math.min(moved[1], good.length),
    );
  return cut === null ? bytes : bytes.subarray(0, Math.ceil(cut * bytes.length));
}

const casesOfEach = 560;

/** What a small file may take whatever it claims: the heap between two collections of garbage, and the memory of codecs, bytes. */
const unclaimed = 64 * 2 ** 20;

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/**
 * @param claimed Bytes of the unchanged file's voxels, for one that is refused.
 * @returns What was read, or why nothing was.
 */
async function readWithinClaim(path: string, claimed: number): Promise<Image | Error> {
  const { result, grown } = await peakGrowth(() => readImage(path).catch(asError));
  const needed = result instanceof Error ? claimed : result.volume.data.byteLength;
  if (grown !== undefined) expect(grown, path).toBeLessThan(4 * needed + unclaimed);
  return result;
}

const seconds = (since: number) => (performance.now() - since) / 1000;

describe('whatever happens to a file', () => {
  it('it is read or refused with a Problem, within two seconds and with no more memory than it may claim', async () => {
    const folder = temporaryFolder();
    const files = await seeds(folder);
    const counts = { cases: 0, read: 0 };
    for (const [n, seed] of files.entries()) {
      const good = await readFile(seed);
      const path = join(folder, `fuzzed${n}${/\.nii\.gz$/.exec(seed)?.[0] ?? extname(seed)}`);
      if (seed.endsWith('.hdr'))
        await writeFile(path.replace('.hdr', '.img'), await readFile(seed.replace('.hdr', '.img')));
      const claimed = await readImage(seed).then(
        ({ volume }) => volume.data.byteLength,
        () => good.length,
      );
      await fc.assert(
        fc.asyncProperty(changes, async (change) => {
          await writeFile(path, changed(good, change));
          const start = performance.now();
          const result = await readWithinClaim(path, claimed);
          counts.cases++;
          if (!(result instanceof Error)) counts.read++;
          expect(seconds(start), path).toBeLessThan(2);
          if (result instanceof Error && !(result instanceof Problem)) throw result;
        }),
        { numRuns: casesOfEach },
      );
    }
    process.stdout.write(`${counts.cases} changed files, ${counts.read} of them readable\n`);
    expect(counts.cases).toBeGreaterThanOrEqual(14_000);
  });
});
