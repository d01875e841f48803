import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decodeFrames } from '../../../../main/imaging/dicom/decodeFrames.ts';
import { type DecodedFrame, decodeFrame } from '../../../../main/imaging/dicom/frames.ts';
import { readDicomObject } from '../../../../main/imaging/dicom/object.ts';
import { DecoderThreads } from '../../../../main/imaging/dicom/threads.ts';
import { dicomFile } from '../../../support/dicomFile.ts';
import { ownDicomFile } from './dicomFiles.ts';

const open = (name: string) => () => readDicomObject(ownDicomFile(name), { pixels: true });

async function collect(frames: AsyncIterable<DecodedFrame>): Promise<DecodedFrame[]> {
  const all: DecodedFrame[] = [];
  for await (const frame of frames) all.push(frame);
  return all;
}

/** Frees what nothing holds any more. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  z.function().parse(runInNewContext('gc'))();
}

const never = new AbortController().signal;

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
    expect(await collect(decodeFrames(requests, { signal: never, threads: 2 }))).toEqual(expected);
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

  it('stops within a frame when it is cancelled', async () => {
    const stop = new AbortController();
    const requests = Array.from({ length: 1000 }, () => ({ open: open('small/MR_small_jp2klossless.dcm'), frame: 0 }));
    let seen = 0;
    await expect(async () => {
      for await (const frame of decodeFrames(requests, { signal: stop.signal, threads: 1 })) {
        seen += frame.samples;
        if (seen === 3) stop.abort(new Error('stopped'));
      }
    }).rejects.toThrow('stopped');
    expect(seen).toBeLessThan(10);
  });
});

describe('DecoderThreads', () => {
  it('goes on after a frame that no codec can read', async () => {
    const threads = new DecoderThreads(1);
    const format = { rows: 2, columns: 2, samples: 1, frames: 1, photometric: 'MONOCHROME2', bitsAllocated: 8 };
    const whole = {
      ...format,
      bitsStored: 8,
      highBit: 7,
      isSigned: false,
      isFloat: false,
      isPlanar: false,
      palette: undefined,
    };
    const damaged = await threads.decode({ codec: 'jpeg-ls', bytes: Uint8Array.of(0xff, 0xd8, 1, 2), format: whole });
    const header = new Uint8Array(64);
    header.set([1, 0, 0, 0, 64]);
    const sound = await threads.decode({
      codec: 'rle',
      bytes: Uint8Array.of(...header, 3, 1, 2, 3, 4, 0x80),
      format: whole,
    });
    await threads.close();
    expect(damaged).toEqual({ failure: 'it is damaged at its start' });
    expect(sound).toMatchObject({ frame: { data: Uint8Array.of(1, 2, 3, 4) } });
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
