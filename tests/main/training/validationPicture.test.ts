import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { validationPicture } from '../../../main/training/validationPicture.ts';
import { tinyRun } from './tinyRun.ts';

const shape = [12, 16, 20] as const;
const size = shape[0] * shape[1] * shape[2];
const image = Float32Array.from({ length: size }, (_, v) => (v % 7) / 7);

/** A block of a class, in the middle of the case. */
function block(value: number): Uint8Array {
  const data = new Uint8Array(size);
  for (let k = 3; k < 9; k++)
    for (let j = 4; j < 12; j++) for (let i = 5; i < 15; i++) data[(k * shape[1] + j) * shape[2] + i] = value;
  return data;
}

describe('validationPicture', () => {
  it('fills what the network finds in the colour of its structure and draws the reference as a white line', async () => {
    const run = await tinyRun();
    const drawn = (label: Uint8Array, prediction: Uint8Array) =>
      decode(validationPicture({ shape, image, label, prediction }, run));
    const count = ({ data }: ReturnType<typeof decode>, colour: readonly number[]) =>
      Array.from({ length: data.length / 3 }, (_, p) => colour.every((part, c) => data[3 * p + c] === part)).filter(
        Boolean,
      ).length;
    const [orange, white] = [
      [230, 159, 0],
      [255, 255, 255],
    ];
    const [found, missed] = [drawn(block(0), block(1)), drawn(block(1), block(0))];
    expect(count(found, orange)).toBeGreaterThan(count(missed, orange) + 200);
    expect(count(missed, white)).toBeGreaterThan(count(found, white) + 200);
  });

  it('takes of structures that overlap the last in the list, as predictions do', async () => {
    const run = await tinyRun();
    const labels = [
      { value: 0, name: 'background', colour: null },
      { value: 1, name: 'core', colour: null, covers: [5] },
      { value: 2, name: 'whole', colour: null, covers: [4, 5] },
    ];
    const overlapping = { ...run, labels, plan: { ...run.plan, membership: 'independent' as const } };
    const picture = (label: Uint8Array) =>
      Buffer.from(validationPicture({ shape, image, label, prediction: block(2) }, overlapping));
    // Of the values 0, 4 and 5 of the files both 4 and 5 are of the whole.
    expect(picture(block(1)).equals(picture(block(2)))).toBe(true);
  });
});
