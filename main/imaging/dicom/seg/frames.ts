/** The pixels of a segmentation's frames, and which frames there are. */
export interface OutputFrame {
  /** Index into the segments; `undefined` in a label map, whose frames hold them all. */
  readonly segment: number | undefined;
  readonly slice: number;
}

/** What a frame stores at a pixel (row-major in its slice); 0 is background. */
export type Stored = (frame: OutputFrame, pixel: number) => number;

/**
 * The frames that are not empty, slices within segments: an absent frame is an empty one to every reader.
 */
export function filledFrames(
  segments: readonly (number | undefined)[],
  slices: number,
  area: number,
  stored: Stored,
): readonly OutputFrame[] {
  const frames: OutputFrame[] = [];
  for (const segment of segments) {
    for (let slice = 0; slice < slices; slice++) {
      const frame = { segment, slice };
      for (let pixel = 0; pixel < area; pixel++) {
        if (stored(frame, pixel) === 0) continue;
        frames.push(frame);
        break;
      }
    }
  }
  // A multi-frame object has at least one frame.
  return frames.length > 0 ? frames : [{ segment: segments[0], slice: 0 }];
}

/** Frames of 8 or 16 bits a pixel, in little endian. */
export function* wholePixels(
  frames: readonly OutputFrame[],
  area: number,
  bits: 8 | 16,
  stored: Stored,
): Generator<Uint8Array> {
  for (const frame of frames) {
    const bytes = new Uint8Array((area * bits) / 8);
    for (let pixel = 0; pixel < area; pixel++) {
      const value = stored(frame, pixel);
      if (bits === 8) bytes[pixel] = value;
      else bytes.set([value & 0xff, value >> 8], 2 * pixel);
    }
    yield bytes;
  }
}

/** Frames of one bit a pixel, the first in the least significant bit, without gaps between frames (PS3.5 section 8.1.1). */
export function* packedBits(frames: readonly OutputFrame[], area: number, stored: Stored): Generator<Uint8Array> {
  let byte = 0;
  let filled = 0;
  for (const frame of frames) {
    const bytes = new Uint8Array((filled + area) >> 3);
    let at = 0;
    for (let pixel = 0; pixel < area; pixel++) {
      if (stored(frame, pixel) !== 0) byte |= 1 << filled;
      filled = (filled + 1) & 7;
      if (filled > 0) continue;
      bytes[at++] = byte;
      byte = 0;
    }
    yield bytes;
  }
  if (filled > 0) yield Uint8Array.of(byte);
}
