/** An Adobe segment (ITU-T T.872 section 6.5.3) that says what the components are: YCbCr or RGB. */
const adobe = (transform: 0 | 1) =>
  Uint8Array.of(0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, transform);

/** A JPEG stream that names no colours, with a segment that does: the codec would guess. */
export function nameColours(bytes: Uint8Array, colours: 'RGB' | 'YCbCr'): Uint8Array {
  const segment = adobe(colours === 'RGB' ? 0 : 1);
  const named = new Uint8Array(bytes.length + segment.length);
  named.set(bytes.subarray(0, 2));
  named.set(segment, 2);
  named.set(bytes.subarray(2), 2 + segment.length);
  return named;
}
