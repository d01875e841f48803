// What a compressed frame says about itself, read before any codec may allocate for it.

export interface CodestreamHeader {
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  /** Bits of a sample. */
  readonly precision: number;
  /** JPEG only: the start-of-frame marker's low byte, e.g. 0xC3 for lossless (ITU-T T.81 table B.1). */
  readonly process?: number;
  /** JPEG only: whether a JFIF or Adobe segment says what the components are. */
  readonly namesColours?: boolean;
}

/** JPEG and JPEG-LS: the frame header (ITU-T T.81 section B.2.2, T.87 section C.2.2). */
export function readJpegHeader(bytes: Uint8Array): CodestreamHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let namesColours = false;
  for (let at = 2; bytes[0] === 0xff && bytes[1] === 0xd8 && at + 10 <= bytes.length;) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff) return undefined;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xd9 || marker === 0xda) return undefined;
    if (isStartOfFrame(marker)) {
      const [rows, columns] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      return { rows, columns, samples: bytes[at + 9]!, precision: bytes[at + 4]!, process: marker, namesColours };
    }
    const text = String.fromCharCode(...bytes.subarray(at + 4, at + 9));
    if ((marker === 0xe0 && text.startsWith('JFIF')) || (marker === 0xee && text === 'Adobe')) namesColours = true;
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** SOF0 to SOF15 without DHT, JPG and DAC; SOF55 of JPEG-LS. */
function isStartOfFrame(marker: number): boolean {
  return marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc);
}

/** JPEG 2000 and HTJ2K: the SIZ segment (ITU-T T.800 section A.5.1), in a codestream or in a JP2 file, which should not be here. */
export function readJpeg2000Header(bytes: Uint8Array): CodestreamHeader | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf('ff4fff51', 0, 'hex');
  if (start < 0 || start + 43 > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start);
  const columns = view.getUint32(8) - view.getUint32(16);
  const rows = view.getUint32(12) - view.getUint32(20);
  return { rows, columns, samples: view.getUint16(40), precision: (view.getUint8(42) & 0x7f) + 1 };
}
