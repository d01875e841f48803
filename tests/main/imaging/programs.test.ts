import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../../main/imaging/image.ts';
import type { Image } from '../../../main/imaging/reader.ts';
import { writeImage } from '../../../main/imaging/write.ts';
import { axisDirections } from '../../ml/volume/grids.ts';
import { runPython } from '../../support/python.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { imageOn, images, straight } from './sampleImage.ts';
import type { Theirs } from './theirs.ts';
import { compare, theirReaders, weightedSum } from './theirs.ts';

const script = `${theirReaders}
print(json.dumps([dict(itk=attempt(itk, p), pynrrd=attempt(pynrrd, p) if p.endswith('nrrd') else None) for p in json.load(sys.stdin)]))
`;

/** Images of any kind, and all 48 axis orders and flips. */
const written: readonly Image[] = [
  ...fc.sample(images, { numRuns: 40, seed: 7 }),
  ...axisDirections.map((direction) => imageOn({ ...straight, direction })),
];

describe('what we write', () => {
  it('SimpleITK and pynrrd read with the same voxels at the same places', async () => {
    const folder = temporaryFolder();
    const files: { path: string; image: Image }[] = [];
    for (const [n, image] of written.entries())
      for (const extension of ['.nrrd', '.mha', '.mhd']) {
        const path = join(folder, `${n}${extension}`);
        await writeImage(path, image, { existing: 'refuse' });
        files.push({ path, image });
      }
    const theirs = await runPython<{ itk: Theirs; pynrrd: Theirs | null }[]>(script, [], {
      input: JSON.stringify(files.map(({ path }) => path)),
    });
    files.forEach(({ path, image }, n) => {
      const { itk, pynrrd } = theirs[n]!;
      expect(compare(image, itk, weightedSum(image)), `${path} SimpleITK`).toBe('the same');
      if (pynrrd) expect(compare(image, pynrrd, weightedSum(image)), `${path} pynrrd`).toBe('the same');
    });
  });
});

const theirWriter = `${theirReaders}
import os, itertools
folder = sys.argv[1]; rng = np.random.default_rng(1); files = []
def rotated():
    q, r = np.linalg.qr(rng.normal(size=(3, 3))); return q * np.sign(np.diag(r))
types = [np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.float32, np.float64, np.int64, np.uint64]
axes = [np.eye(3)[list(p)] * np.array(s)[:, None] for p in itertools.permutations(range(3)) for s in itertools.product([1, -1], repeat=3)]
directions = axes + [rotated() for _ in range(24)]
for n, direction in enumerate(directions):
    v = rng.uniform(0, 120, (3, 4, 5)).astype(types[n % len(types)])
    colours = n % 7 == 3
    if colours: v = rng.integers(0, 255, (3, 4, 5, 3)).astype(np.uint8)
    im = sitk.GetImageFromArray(v, isVector=colours)
    im.SetDirection(direction.ravel().tolist()); im.SetSpacing(rng.uniform(0.3, 5, 3).tolist()); im.SetOrigin(rng.uniform(-200, 200, 3).tolist())
    for extension in ['nrrd', 'nhdr', 'mha', 'mhd']:
        path = os.path.join(folder, f'itk{n}.{extension}')
        sitk.WriteImage(im, path, n % 2 == 0); files.append((path, 'itk'))
    space = ['left-posterior-superior', 'RAS', 'left-anterior-superior'][n % 3].replace('RAS', 'right-anterior-superior')
    header = {'space': space, 'space directions': direction * rng.uniform(0.3, 5, 3)[:, None], 'space origin': rng.uniform(-200, 200, 3),
      'encoding': ['raw', 'gzip', 'ascii'][n % 3], 'endian': ['little', 'big'][n // 3 % 2], 'kinds': ['domain'] * 3}
    w = np.transpose(v[..., 0] if colours else v)
    if header['endian'] == 'big': w = w.astype(w.dtype.newbyteorder('>'))
    path = os.path.join(folder, f'pynrrd{n}.' + ['nrrd', 'nhdr'][n // 2 % 2])
    try: nrrd.write(path, w, header, index_order='F')
    except Exception as error: raise Exception(str(header)) from error
    files.append((path, 'pynrrd'))
print(json.dumps([dict(path=p, **dict(itk=attempt(itk, p), pynrrd=attempt(pynrrd, p))[by]) for p, by in files]))
`;

describe('what SimpleITK and pynrrd write', () => {
  it('has for us the voxels and the places that they read themselves, in all orders of axes, types and encodings', async () => {
    const theirs = await runPython<(Theirs & { path: string })[]>(theirWriter, [temporaryFolder()]);
    expect(theirs.length).toBe(72 * 5);
    for (const one of theirs) {
      const image = await readImage(one.path);
      expect(compare(image, one, weightedSum(image)), one.path).toBe('the same');
    }
  });
});
