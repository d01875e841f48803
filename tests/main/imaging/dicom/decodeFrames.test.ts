import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeFrames } from '../../../../main/imaging/dicom/decodeFrames.ts';
import { type DecodedFrame, decodeFrame } from '../../../../main/imaging/dicom/frames.ts';
import { readDicomObject } from '../../../../main/imaging/dicom/object.ts';
import { DecoderThreads, type FrameTask } from '../../../../main/imaging/dicom/threads.ts';
import { dicomFile } from '../../../support/dicomFile.ts';
import { ownDicomFile } from './dicomFiles.ts';

const open = (name: string) => () => readDicomObject(ownDicomFile(name), { pixels: true });

async function collect(frames: AsyncIterable<DecodedFrame>): Promise<DecodedFrame[]> {
  const all: DecodedFrame[] = [];
  for await (const frame of frames) all.push({ ...frame, data: frame.data.slice() });
  return all;
}

/** Frees what nothing holds any more. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  z.function().parse(runInNewContext('gc'))();
}

const never = new AbortController().signal;
const header = (name: string) => readDicomObject(ownDicomFile(name), { pixels: false });

/** Two by two pixels. */
function rleTask(): FrameTask {
  const segments = new Uint8Array(64);
  segments.set([1, 0, 0, 0, 64]);
  return {
    codec: 'rle',
    bytes: Uint8Array.of(...segments, 3, 1, 2, 3, 4, 0x80),
    format: {
      ...{ rows: 2, columns: 2, samples: 1, frames: 1, photometric: 'MONOCHROME2', palette: undefined },
      ...{ bitsAllocated: 8, bitsStored: 8, highBit: 7, isSigned: false, isFloat: false, isPlanar: false },
    },
    target: new ArrayBuffer(4),
  };
}

/** Within this time a thread has started, on a slow computer too. */
const startSeconds = 10;

async function startedThreads(count: number): Promise<DecoderThreads> {
  const threads = new DecoderThreads(count);
  const end = Date.now() + startSeconds * 1000;
  while ((await threads.decode(rleTask())) === undefined) {
    if (Date.now() > end) throw new Error('no thread has started');
    await pause(10);
  }
  return threads;
}

describe('decodeFrames', () => {
  it('gives frames of any syntax in the order of the requests, as decodeFrame does', async () => {
    const names = [
      'transfer-syntax-ge-ct-slice/JPEGProcess10_12_1.2.840.10008.1.2.4.55.dcm',
      'small/MR_small.dcm',
      'colour/HTJ2KLossless_08_RGB.dcm',
      'small/MR_small_RLE.dcm',
      'small/MR_small_jp2klossless.dcm',
      'small/MR_small_jpeg_ls_lossless.dcm',
      'colour/SC_rgb_dcmtk_+eb+cr.dcm',
      'colour/SC_rgb_jpeg_gdcm.dcm',
    ];
    const expected = await Promise.all(names.map(async (name) => decodeFrame(await open(name)(), 0)));
    const requests = names.map((name) => ({ open: open(name), frame: 0 }));
    const threads = new DecoderThreads(2);
    const collected = await collect(decodeFrames(requests, { signal: never, threads }));
    await threads.close();
    expect(collected).toEqual(expected);
  });

  it('gives the same from threads that have started and from a header alone', async () => {
    const name = 'small/MR_small_jpeg_ls_lossless.dcm';
    const requests = Array.from({ length: 40 }, () => ({ open: () => header(name), frame: 0 }));
    const expected = await decodeFrame(await open(name)(), 0);
    const threads = await startedThreads(1);
    const collected = await collect(decodeFrames(requests, { signal: never, threads }));
    await threads.close();
    expect(collected).toEqual(requests.map(() => expected));
  });

  it('gives the frames before one that is damaged, then its problem', async () => {
    const requests = [0, 1, 2].map((frame) => ({ open: open('multiframe/emri_small_RLE.dcm'), frame }));
    const frames = decodeFrames([...requests, { open: open('odd/MR_truncated.dcm'), frame: 0 }], { signal: never });
    const seen: DecodedFrame[] = [];
    await expect(async () => {
      for await (const frame of frames) seen.push(frame);
    }).rejects.toThrow('frame 1 cannot be read: the file is cut off');
    expect(seen).toHaveLength(3);
  });

  it('makes no room for a frame that is not what the file claims', async () => {
    const bytes = readFileSync(ownDicomFile('small/MR_small_jpeg_ls_lossless.dcm'));
    // Rows and Columns.
    for (const element of ['28001000', '28001100'])
      bytes.writeUInt16LE(0xffff, bytes.indexOf(`${element}55530200`, 0, 'hex') + 8);
    const object = await readDicomObject({ path: 'claims.dcm', bytes: new Uint8Array(bytes) }, { pixels: false });
    const before = process.memoryUsage().arrayBuffers;
    const frames = decodeFrames([{ open: () => object, frame: 0 }], { signal: never });
    const failing = frames.next();
    const most = new Promise<number>((resolve) =>
      setTimeout(() => {
        resolve(process.memoryUsage().arrayBuffers);
      }, 0),
    );
    await expect(failing).rejects.toThrow('64 x 64 x 1 in size where the file says 65535 x 65535 x 1');
    expect((await most) - before).toBeLessThan(2 ** 26);
  });

  it('stops within a frame when it is cancelled', async () => {
    const stop = new AbortController();
    const requests = Array.from({ length: 1000 }, () => ({ open: open('small/MR_small_jp2klossless.dcm'), frame: 0 }));
    let seen = 0;
    await expect(async () => {
      for await (const frame of decodeFrames(requests, { signal: stop.signal })) {
        seen += frame.samples;
        if (seen === 3) stop.abort(new Error('stopped'));
      }
    }).rejects.toThrow('stopped');
    expect(seen).toBeLessThan(10);
  });
});

describe('DecoderThreads', () => {
  it('goes on after a frame that no codec can read', async () => {
    const threads = await startedThreads(1);
    const bytes = Uint8Array.of(0xff, 0xd8, 1, 2);
    const damaged = await threads.decode({ ...rleTask(), codec: 'jpeg-ls', bytes });
    const sound = await threads.decode(rleTask());
    await threads.close();
    expect(damaged).toMatchObject({ failure: 'it is damaged at its start' });
    expect(sound).toMatchObject({ frame: { data: Uint8Array.of(1, 2, 3, 4) } });
  });

  it('takes no more than it can soon begin, and finishes that when it is closed', async () => {
    const threads = await startedThreads(1);
    const first = threads.decode(rleTask());
    const second = threads.decode(rleTask());
    const third = threads.decode(rleTask());
    await threads.close();
    expect(third).toBeUndefined();
    expect([await first, await second]).toMatchObject([{ frame: { rows: 2 } }, { frame: { rows: 2 } }]);
  });

  it('keeps no frame that was taken', async () => {
    const frame = 512 * 512 * 2;
    const bytes = dicomFile({
      ...{ '00280010 US': 512, '00280011 US': 512, '00280002 US': 1, '00280004 CS': 'MONOCHROME2' },
      ...{ '00280100 US': 16, '00280101 US': 12, '00280102 US': 11, '00280103 US': 0 },
      '7fe00010 OW': new Uint8Array(frame),
    });
    const object = await readDicomObject({ path: 'a.dcm', bytes: new Uint8Array(bytes) }, { pixels: true });
    const requests = Array.from({ length: 100 }, () => ({ open: () => object, frame: 0 }));
    collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    let taken = 0;
    for await (const { data } of decodeFrames(requests, { signal: never })) {
      expect(data.byteLength).toBe(frame);
      if (++taken < requests.length) continue;
      collectGarbage();
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * frame);
    }
  });
});
