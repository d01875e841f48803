import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { majorityVote } from '../../../../ml/inference/fusion/majorityVote.ts';
import { patternsOf } from '../../../../ml/inference/fusion/patterns.ts';
import { staple } from '../../../../ml/inference/fusion/staple.ts';
import { stream } from '../../../../ml/random/stream.ts';
import { runPython } from '../../../support/python.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const CLASSES = 3;
const VOXELS = 4000;

/** Observers of one truth, each right as often as it is reliable and else anywhere. */
function observers(seed: number, reliable: readonly number[]): { truth: Uint8Array; samples: Uint8Array[] } {
  const rng = stream(seed, 'observers');
  const truth = Uint8Array.from({ length: VOXELS }, (_, v) => (v % 10 < 6 ? 0 : v % 10 < 8 ? 1 : 2));
  const samples = reliable.map((rate) => truth.map((label) => (rng.uniform() < rate ? label : rng.integer(CLASSES))));
  return { truth, samples };
}

const agreement = (a: Uint8Array, b: Uint8Array): number => a.filter((value, v) => value === b[v]).length / a.length;

/** Every class alike: ties go to the first. */
const even = new Float32Array(CLASSES * VOXELS).fill(1 / CLASSES);

const script = `
import json, sys, numpy as np, SimpleITK as sitk
count, size = int(sys.argv[2]), int(sys.argv[3])
data = np.fromfile(sys.argv[1], np.uint8).reshape(count, 1, 1, size)
images = [sitk.GetImageFromArray(one) for one in data]
result = {}
voting = sitk.LabelVotingImageFilter(); voting.SetLabelForUndecidedPixels(255)
result['majority'] = sitk.GetArrayFromImage(voting.Execute(images)).ravel().tolist()
multi = sitk.MultiLabelSTAPLEImageFilter(); multi.SetLabelForUndecidedPixels(255)
result['staple'] = sitk.GetArrayFromImage(multi.Execute(images)).ravel().tolist()
print(json.dumps(result))
`;

describe('fusing samples', () => {
  it('gives what the filters of ITK give', async () => {
    const { samples } = observers(1, [0.9, 0.8, 0.7, 0.6]);
    const path = join(temporaryFolder(), 'samples.bin');
    writeFileSync(path, Buffer.concat(samples));
    const args = [path, String(samples.length), String(VOXELS)];
    const theirs = await runPython<Record<'majority' | 'staple', number[]>>(script, args);
    const vote = majorityVote(samples, even, CLASSES);
    theirs.majority.forEach((label, v) => {
      // 255: as many votes for two.
      if (label !== 255) expect(vote[v]).toBe(label);
    });
    expect(agreement(staple(samples, CLASSES), Uint8Array.from(theirs.staple))).toBeGreaterThan(0.999);
  });

  it('by STAPLE believes the reliable observer more than two that guess', () => {
    const { truth, samples } = observers(2, [0.95, 0.3, 0.3]);
    expect(agreement(staple(samples, CLASSES), truth)).toBeGreaterThan(0.93);
    expect(agreement(majorityVote(samples, even, CLASSES), truth)).toBeLessThan(0.93);
  });

  it('of samples that agree is what they say, and does not depend on their order', () => {
    const samples = fc.array(fc.uint8Array({ min: 0, max: CLASSES - 1, minLength: 12, maxLength: 12 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(samples, (drawn) => {
        const [first] = drawn;
        expect(staple([first!, first!], CLASSES)).toEqual(first);
        const probability = new Float32Array(CLASSES * 12).fill(1 / CLASSES);
        expect(majorityVote([first!, first!], probability, CLASSES)).toEqual(first);
        expect(majorityVote(drawn.toReversed(), probability, CLASSES)).toEqual(
          majorityVote(drawn, probability, CLASSES),
        );
      }),
    );
  });

  it('breaks a tie of votes by the mean probability', () => {
    const samples = [Uint8Array.of(1), Uint8Array.of(2)];
    expect(majorityVote(samples, Float32Array.of(0.2, 0.3, 0.5), CLASSES)).toEqual(Uint8Array.of(2));
    expect(majorityVote(samples, Float32Array.of(0.2, 0.5, 0.3), CLASSES)).toEqual(Uint8Array.of(1));
  });

  it('counts every voxel in one pattern', () => {
    const { samples } = observers(3, [0.9, 0.9]);
    const { patterns, placeOf } = patternsOf(samples);
    expect(patterns.reduce((sum, { voxels }) => sum + voxels, 0)).toBe(VOXELS);
    placeOf.forEach((place, v) => {
      expect(patterns[place]!.labels).toEqual(samples.map((sample) => sample[v]));
    });
  });
});
