import type { Overlay } from '../../display.ts';
import type { Dataset } from '../dataset.ts';

/** Overlay planes are repeating groups 6000, 6002, ... 601e (PS3.5 7.6). */
const groups = Array.from({ length: 16 }, (_, n) => (0x6000 + 2 * n).toString(16));

/** The overlays of a frame. Those kept in unused bits of the pixels, retired in 2004, are not read. */
export function readOverlays(root: Dataset, frame: number): readonly Omit<Overlay, 'slice' | 'time'>[] {
  return groups.flatMap((group) => {
    const [rows, columns] = [root.number(`${group}0010`), root.number(`${group}0011`)];
    const bytes = root.bytes(`${group}3000`);
    if (rows === undefined || columns === undefined || bytes === undefined) return [];
    const first = (root.number(`${group}0051`) ?? 1) - 1;
    const own = frame - first;
    const frames = root.number(`${group}0015`) ?? 1;
    if (own < 0 || own >= frames || bytes.length * 8 < frames * rows * columns) return [];
    const [y = 1, x = 1] = root.numbers(`${group}0050`);
    return [
      {
        label: root.text(`${group}1500`) ?? root.text(`${group}0022`) ?? '',
        origin: [x - 1, y - 1] as const,
        shape: [columns, rows] as const,
        mask: unpack(bytes, own * rows * columns, rows * columns),
      },
    ];
  });
}

/** Bits are packed from the least significant of each byte, frames without gaps between them (PS3.5 8.1.2). */
function unpack(bytes: Uint8Array, start: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, n) => ((bytes[(start + n) >> 3] ?? 0) >> ((start + n) & 7)) & 1);
}
