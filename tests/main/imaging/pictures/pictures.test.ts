import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../../ml/check/problem.ts';
import { describeImages, readImage } from '../../../../main/imaging/image.ts';
import { runPython } from '../../../support/python.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

/** A file that Pillow or tifffile wrote, and its values: components, then slices, rows, columns. */
interface Made {
  readonly path: string;
  readonly components: number;
  readonly shape: readonly number[];
  readonly type: string;
  readonly values: readonly number[];
}

const script = `
import sys, json, os, numpy as np, tifffile
from PIL import Image
folder = sys.argv[1]; rng = np.random.default_rng(3); made = []
def add(path, v):
    v = np.asarray(v)
    # Slices, rows, columns, components.
    w = np.moveaxis(v, -1, 0)
    made.append(dict(path=path, components=w.shape[0], shape=[w.shape[3], w.shape[2], w.shape[1]], type=v.dtype.name, values=w.ravel().astype(float).tolist()))
def pil(name, image, v, **options):
    path = os.path.join(folder, name); image.save(path, **options); add(path, v[None] if v.ndim == 3 else v[None, ..., None])
grey = rng.integers(0, 256, (37, 51)).astype(np.uint8); rgb = rng.integers(0, 256, (37, 51, 3)).astype(np.uint8)
rgba = rng.integers(0, 255, (37, 51, 4)).astype(np.uint8); deep = rng.integers(0, 65536, (37, 51)).astype(np.uint16)
runs = np.repeat(np.arange(37, dtype=np.uint8)[:, None] // 5, 51, 1); bits = grey > 100
palette = Image.fromarray(grey % 13, 'P'); palette.putpalette(rng.integers(0, 256, 39).tolist())
colours = np.array(palette.convert('RGB'))
for extension in ['png', 'tif']:
    pil('grey.' + extension, Image.fromarray(grey), grey)
    pil('rgb.' + extension, Image.fromarray(rgb), rgb)
    pil('rgba.' + extension, Image.fromarray(rgba), rgba)
    pil('deep.' + extension, Image.fromarray(deep), deep)
    pil('bits.' + extension, Image.fromarray(bits), bits.astype(np.uint8))
    pil('palette.' + extension, palette, colours)
pil('dpi.png', Image.fromarray(grey), grey, dpi=(72, 72))
pil('greyalpha.png', Image.fromarray(rgba[..., :2], 'LA'), rgba[..., :2])
pil('palette4.png', palette, colours, bits=4)
for n, v in enumerate([grey, rgb, deep, runs]):
    for compression in ['tiff_lzw', 'packbits', 'tiff_adobe_deflate']:
        pil(f'{compression}{n}.tif', Image.fromarray(v), v, compression=compression)
        if compression != 'packbits': pil(f'{compression}{n}p.tif', Image.fromarray(v), v, compression=compression, tiffinfo={317: 2})
large = (np.cumsum(rng.integers(0, 3, (300, 400)), 1) % 256).astype(np.uint8)
pil('lzwlarge.tif', Image.fromarray(large), large, compression='tiff_lzw')
noise = rng.integers(0, 256, (300, 400)).astype(np.uint8)
pil('lzwnoise.tif', Image.fromarray(noise), noise, compression='tiff_lzw')
def tif(name, v, components=False, **options):
    path = os.path.join(folder, name); tifffile.imwrite(path, v, **options)
    v = v if components else v[..., None]
    add(path, v if v.ndim == 4 else v[None])
for dtype in ['int8', 'int16', 'uint16', 'int32', 'uint32', 'float32', 'float64']:
    v = (rng.normal(size=(4, 30, 41)) * 100).astype(dtype) if not dtype.startswith('u') else rng.integers(0, 60000, (4, 30, 41)).astype(dtype)
    tif(f'stack-{dtype}.tif', v, photometric='minisblack')
    tif(f'big-{dtype}.tif', v, photometric='minisblack', byteorder='>')
    tif(f'tile-{dtype}.tif', v, photometric='minisblack', tile=(16, 16))
    tif(f'zlib-{dtype}.tif', v, photometric='minisblack', compression='zlib')
planar = rng.integers(0, 256, (3, 30, 41)).astype(np.uint8)
path = os.path.join(folder, 'planar.tif'); tifffile.imwrite(path, planar, photometric='rgb', planarconfig='separate'); add(path, np.moveaxis(planar, 0, -1)[None])
tif('tiledrgb.tif', rgb, True, photometric='rgb', tile=(16, 32))
tif('white.tif', grey, photometric='miniswhite')
made[-1]['values'] = (255 - np.array(made[-1]['values'])).tolist()
print(json.dumps(made))
`;

describe('pictures', () => {
  it('have the values that Pillow and tifffile wrote, of every type and compression', async () => {
    const made = await runPython<Made[]>(script, [temporaryFolder()]);
    expect(made.length).toBeGreaterThan(60);
    for (const { path, components, shape, type, values } of made) {
      const image = await readImage(path);
      const [description] = await describeImages(path);
      expect([image.components, image.volume.grid.shape, description?.dataType], path).toEqual([
        components,
        shape,
        type,
      ]);
      expect(description?.components, path).toBe(components);
      expect([...image.volume.data], path).toEqual(values);
      expect(image.volume.grid.unit, path).toBe('voxel');
      expect(image.lossy, path).toBe(false);
    }
  });

  it('of JPEG are within two levels of what Pillow decodes, and lossy', async () => {
    const folder = temporaryFolder();
    const jpegs = await runPython<{ path: string; components: number; values: number[] }[]>(
      `
import sys, json, os, numpy as np
from PIL import Image
made = []; y, x = np.mgrid[:40, :57]
for name, v, options in [('grey', 2 * x + y, {}), ('rgb', np.stack([4 * x, 6 * y, x + y], -1), {}), ('progressive', np.stack([4 * x, 6 * y, x + y], -1), dict(progressive=True, subsampling=0))]:
    path = os.path.join(sys.argv[1], name + '.jpg'); Image.fromarray(v.astype(np.uint8)).save(path, quality=90, **options)
    w = np.asarray(Image.open(path)); w = np.moveaxis(w if w.ndim == 3 else w[..., None], -1, 0)
    made.append(dict(path=path, components=w.shape[0], values=w.ravel().tolist()))
print(json.dumps(made))`,
      [folder],
    );
    for (const { path, components, values } of jpegs) {
      const image = await readImage(path);
      expect([image.components, image.lossy, image.volume.grid.shape], path).toEqual([components, true, [57, 40, 1]]);
      const worst = values.reduce((most, value, n) => Math.max(most, Math.abs(value - image.volume.data[n]!)), 0);
      expect(worst, path).toBeLessThanOrEqual(2);
    }
  });

  it('of ImageJ know the size of a voxel, channels and frames; print resolutions are not taken for sizes', async () => {
    const folder = temporaryFolder();
    const values = await runPython<number[]>(
      `
import sys, json, os, numpy as np, tifffile
v = np.arange(2 * 3 * 4 * 5 * 6).reshape(2, 3, 4, 5, 6).astype(np.uint16)
tifffile.imwrite(os.path.join(sys.argv[1], 'imagej.tif'), v, imagej=True, resolution=(4, 2), metadata=dict(axes='TZCYX', spacing=2.5, unit='micron'))
tifffile.imwrite(os.path.join(sys.argv[1], 'print.tif'), v[0, 0], photometric='minisblack', resolution=(300, 300), resolutionunit='INCH')
# Ours: frames, channels, then voxels.
print(json.dumps(np.transpose(v, (0, 2, 1, 3, 4)).ravel().tolist()))`,
      [folder],
    );
    const { volume, components } = await readImage(join(folder, 'imagej.tif'));
    expect([components, volume.channels, volume.grid.shape, volume.grid.unit]).toEqual([4, 8, [6, 5, 3], 'mm']);
    [0.00025, 0.0005, 0.0025].forEach((side, axis) => {
      expect(volume.grid.spacing[axis]).toBeCloseTo(side, 9);
    });
    expect([...volume.data]).toEqual(values);
    expect((await describeImages(join(folder, 'print.tif')))[0]?.spacing).toBeNull();
  });

  it('leave out an alpha that says nothing, and keep one that does', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.png');
    const data = Uint8Array.from({ length: 24 }, (_, n) => (n % 4 === 3 ? 255 : n));
    await writeFile(path, encode({ width: 3, height: 2, channels: 4, data }));
    const opaque = await readImage(path);
    expect([opaque.components, [...opaque.volume.data]]).toEqual([
      3,
      [0, 4, 8, 12, 16, 20, 1, 5, 9, 13, 17, 21, 2, 6, 10, 14, 18, 22],
    ]);
    expect(opaque.warnings.join()).toMatch(/No pixel is transparent/);
    data[3] = 7;
    await writeFile(path, encode({ width: 3, height: 2, channels: 4, data }));
    expect(await readImage(path)).toMatchObject({
      components: 4,
      warnings: [expect.any(String), expect.stringMatching(/transparent/)],
    });
  });
});

describe('a folder of pictures', () => {
  const picture = (value: number, width = 3) =>
    encode({ width, height: 2, channels: 1, data: new Uint8Array(2 * width).fill(value) });

  it('is a stack in the natural order of names', async () => {
    const folder = temporaryFolder();
    for (const n of [10, 9, 1, 2]) await writeFile(join(folder, `slice${n}.png`), picture(n));
    await writeFile(join(folder, 'notes.txt'), 'no picture');
    const { volume, files } = await readImage(folder);
    expect(volume.grid).toMatchObject({ shape: [3, 2, 4], unit: 'voxel' });
    expect([0, 6, 12, 18].map((at) => volume.data[at])).toEqual([1, 2, 9, 10]);
    expect(files.length).toBe(4);
  });

  it('is refused where pictures differ in size, or are none', async () => {
    const folder = temporaryFolder();
    await writeFile(join(folder, 'a.png'), picture(1));
    await writeFile(join(folder, 'b.png'), picture(1, 4));
    await expect(readImage(folder)).rejects.toThrow(/3 x 2 of 1 x uint8 and 4 x 2.*a\.png and .*b\.png/);
    await writeFile(join(folder, 'b.png'), 'not at all');
    await expect(readImage(folder)).rejects.toThrow(/no PNG, JPEG or TIFF/);
    await mkdir(join(folder, 'empty'));
    await expect(readImage(join(folder, 'empty'))).rejects.toThrow(/no kind/);
  });
});

describe('a broken picture is refused with a reason', () => {
  it('a PNG that is cut off, damaged, or a bomb', async () => {
    const path = join(temporaryFolder(), 'a.png');
    const good = Buffer.from(
      encode({ width: 30, height: 20, channels: 1, data: new Uint8Array(600).map((_, n) => n * n) }),
    );
    const tries: readonly (readonly [string, Buffer, RegExp])[] = [
      ['cut off', good.subarray(0, -40), /cut off/],
      ['damaged', Buffer.from(good).fill(7, 60, 70), /damaged/],
      ['of absurd size', withUint32(good, 16, 2 ** 31 - 1), /cannot hold/],
      ['of no size', withUint32(good, 16, 0), /IHDR makes no sense/],
      ['a bomb', bomb(), /more than its header says/],
      ['without its palette', withByte(good, 25, 3), /colour 0 is not in its palette/],
    ];
    for (const [what, bytes, reason] of tries) {
      await writeFile(path, bytes);
      const error: unknown = await readImage(path).catch((e: unknown) => e);
      expect(error, what).toBeInstanceOf(Problem);
      expect((error as Problem).message, what).toMatch(reason);
    }
  });

  it('a TIFF that is cut off, absurd, circular, or of a kind that is not read', async () => {
    const folder = temporaryFolder();
    await runPython(
      `
import sys, os, json, numpy as np, tifffile
v = np.arange(600).reshape(20, 30).astype(np.uint16)
tifffile.imwrite(os.path.join(sys.argv[1], 'good.tif'), v); tifffile.imwrite(os.path.join(sys.argv[1], 'big.tif'), v, bigtiff=True)
from PIL import Image
Image.fromarray((v % 256).astype(np.uint8)).save(os.path.join(sys.argv[1], 'jpeg.tif'), compression='jpeg')
print(json.dumps(1))`,
      [folder],
    );
    const good = await readFile(join(folder, 'good.tif'));
    const path = join(folder, 'a.tif');
    const directory = good.readUInt32LE(4);
    const entry = (tag: number) => {
      for (let at = directory + 2; ; at += 12) if (good.readUInt16LE(at) === tag) return at + 8;
    };
    const next = directory + 2 + 12 * good.readUInt16LE(directory);
    const tries: readonly (readonly [string, Buffer, RegExp])[] = [
      ['cut off', good.subarray(0, -1), /cut off/],
      ['of absurd size', withLittle(good, entry(257), 2 ** 31 - 1), /cannot hold/],
      ['circular', withLittle(good, next, directory), /do not end/],
      ['elsewhere', withLittle(good, next, 2 ** 30), /cut off/],
    ];
    for (const [what, bytes, reason] of tries) {
      await writeFile(path, bytes);
      await expect(readImage(path), what).rejects.toThrow(reason);
    }
    await copyFile(join(folder, 'big.tif'), path);
    await expect(readImage(path)).rejects.toThrow(/BigTIFF/);
    await expect(readImage(join(folder, 'jpeg.tif'))).rejects.toThrow(/compression 7 is not supported/);
  });
});

function withUint32(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(value, at);
  return copy;
}

function withLittle(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32LE(value, at);
  return copy;
}

function withByte(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  copy.writeUInt32BE(crc32(copy.subarray(12, 29)), 29);
  return copy;
}

/** 100 MB of zeros behind a header that says 30 x 20. */
function bomb(): Buffer {
  const good = Buffer.from(encode({ width: 30, height: 20, channels: 1, data: new Uint8Array(600) }));
  const data = deflateSync(new Uint8Array(100_000_000));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([good.subarray(0, 33), length, Buffer.from('IDAT'), data, Buffer.alloc(4), good.subarray(-12)]);
}
