import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../ml/check/problem.ts';
import { applyDiff, diffRegion } from '../../../renderer/editing/diff.ts';
import { NumberReader, NumberWriter } from '../../../renderer/editing/numbers.ts';
import { applyStep, stepOf } from '../../../renderer/editing/step.ts';
import { decodeStep, encodeStep } from '../../../renderer/editing/stepBytes.ts';
import { countVoxels, recount } from '../../../renderer/editing/statistics.ts';
import { grow } from '../../../renderer/editing/margin.ts';
import { blobs, free, labelVolumes } from './volumes.ts';

const label = fc.nat(65_535);
const runs = fc
  .array(fc.tuple(fc.nat(2 ** 31), fc.integer({ min: 1, max: 2 ** 31 }), label, label))
  .map((all) => ({ runs: Uint32Array.from(all.flat()) }));

describe('NumberWriter', () => {
  it('is read back exactly', () => {
    const written = fc.array(fc.tuple(fc.maxSafeNat(), fc.integer(), fc.string({ unit: 'grapheme' })));
    fc.assert(
      fc.property(written, (all) => {
        const writer = new NumberWriter();
        for (const [whole, signed, text] of all) {
          writer.unsigned(whole);
          writer.signed(signed);
          writer.text(text);
        }
        const reader = new NumberReader(writer.finish());
        for (const each of all) expect([reader.unsigned(), reader.signed(), reader.text()]).toEqual(each);
        expect(reader.isAtEnd).toBe(true);
      }),
    );
  });
});

describe('decodeStep', () => {
  it('gives back what was encoded', () => {
    fc.assert(
      fc.property(runs, fc.string({ unit: 'grapheme' }), (diff, name) => {
        const step = { name, diff, structures: undefined };
        expect(decodeStep(encodeStep(step))).toEqual(step);
      }),
    );
  });

  it('refuses what is cut off anywhere, or has bytes after its end', () => {
    const structure = { value: 65_535, name: 'Übergang', colour: '#123456', locked: true };
    const diff = { runs: Uint32Array.of(70_000, 300, 0, 65_535, 5, 1, 65_535, 2) };
    const bytes = encodeStep({ name: 'Brush', diff, structures: { before: [], after: [structure] } });
    expect(decodeStep(bytes).structures?.after).toEqual([structure]);
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeStep(bytes.subarray(0, length))).toThrow(Problem);
    expect(() => decodeStep(Uint8Array.of(...bytes, 0))).toThrow(Problem);
  });

  it('makes of any bytes a step or a problem, nothing else', () => {
    const start = encodeStep({ name: 'Brush', diff: { runs: Uint32Array.of(7, 3, 0, 2) } });
    const damaged = fc.tuple(fc.nat(start.length - 1), fc.nat(255)).map(([at, byte]) => start.with(at, byte));
    const longer = fc.uint8Array().map((tail) => Uint8Array.of(1, 0, 0, ...tail));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), damaged, longer), (bytes) => {
        try {
          const { diff } = decodeStep(bytes);
          expect(diff.runs.length % 4).toBe(0);
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is small: a round stroke takes a few bytes a row', () => {
    const diff = grow(blobs(), 2, 3, free);
    expect(encodeStep(stepOf('Grow', [diff])).length).toBeLessThan((6 * diff.runs.length) / 4);
  });
});

describe('applyStep', () => {
  it('refuses a step that was made of other labels', () => {
    const diff = { runs: Uint32Array.of(0, 2, 3, 1) };
    expect(() => {
      applyDiff({ ...blobs(), data: Uint8Array.of(3, 2) }, diff);
    }).toThrow(Problem);
    expect(() => {
      applyDiff({ ...blobs(), data: Uint8Array.of(3) }, diff);
    }).toThrow(Problem);
  });

  it('widens voxels for a label that does not fit a byte', () => {
    const labels = blobs();
    const before = labels.data[0]!;
    const { labels: wide } = applyStep(
      { labels, structures: [] },
      stepOf('Brush', [{ runs: Uint32Array.of(0, 1, before, 300) }]),
    );
    expect(wide.data).toBeInstanceOf(Uint16Array);
    expect(wide.data[0]).toBe(300);
    expect(wide.data.subarray(1)).toEqual(Uint16Array.from(labels.data.subarray(1)));
  });
});

describe('diffs', () => {
  it('know the box of a run that goes on over the ends of rows and slices', () => {
    // From (3, 2, 0) to (1, 0, 1) of five by three voxels.
    const diff = { runs: Uint32Array.of(13, 4, 0, 1) };
    expect(diffRegion(diff, [5, 3, 4])).toEqual({ low: [0, 0, 0], high: [4, 2, 1] });
    expect(diffRegion({ runs: Uint32Array.of(6, 3, 0, 1) }, [5, 3, 4])).toEqual({ low: [1, 1, 0], high: [3, 1, 0] });
  });

  it('bring counts of voxels up to date and tell their region', () => {
    fc.assert(
      fc.property(labelVolumes, (labels) => {
        const before = labels.data.slice();
        const counts = countVoxels(labels);
        const diff = grow(labels, 1, 3, free);
        recount(counts, diff.runs);
        const expected = countVoxels(labels);
        expect(counts.every((count, label) => count === expected[label])).toBe(true);
        const [width, height] = labels.grid.shape;
        const changed = Array.from(before.keys()).filter((n) => before[n] !== labels.data[n]);
        const places = changed.map((n) => [n % width, Math.floor(n / width) % height, Math.floor(n / width / height)]);
        const bound = (choose: (...values: number[]) => number) =>
          [0, 1, 2].map((axis) => choose(...places.map((p) => p[axis]!)));
        const region = diffRegion(diff, labels.grid.shape);
        if (changed.length === 0) expect(region).toBeUndefined();
        else expect(region).toEqual({ low: bound(Math.min), high: bound(Math.max) });
      }),
    );
  });
});
