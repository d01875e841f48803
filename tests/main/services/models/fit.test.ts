import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Study } from '../../../../main/contract/studies.ts';
import { colours } from '../../../../main/imaging/colours.ts';
import { describeImages } from '../../../../main/imaging/image.ts';
import { fitOf } from '../../../../main/services/models/fit.ts';
import { exampleModel } from './exampleModel.ts';

type Volume = Study['volumes'][number];

const { description } = exampleModel;
const volumeLike = (changes: Partial<Volume>): Volume => ({
  volume: 'study/0',
  format: 'nifti',
  description: '',
  modality: description.modality,
  shape: [30, 40, 20],
  components: 1,
  frames: 1,
  dataType: 'int16',
  spacing: [...description.plan.spacing],
  orientation: 'LPS',
  transferSyntax: null,
  unit: null,
  files: 1,
  warnings: [],
  ...changes,
});
const channels = (...names: readonly string[]) => ({ ...description, channels: names.map((name) => ({ name })) });

describe('fitOf', () => {
  it('counts the sequences of a series of many slices as one', async () => {
    const folder = join(import.meta.dirname, '../../../data/dicom-series/ct-siemens-j2k');
    const [series] = await describeImages(folder);
    expect(series!.frames).toBeGreaterThan(1);
    const { shape, components, frames } = series!;
    const volume = volumeLike({ shape: [...shape], components, frames });
    expect(fitOf(channels('CT'), [volume])).toEqual({ fits: true, reasons: [], cautions: [] });
  });

  it('counts time points and colours, and the volumes of a case together', () => {
    expect(fitOf(channels('T1', 'FLAIR'), [volumeLike({ shape: [30, 40, 20, 2] })]).fits).toBe(true);
    expect(fitOf(channels('T1', 'FLAIR'), [volumeLike({}), volumeLike({})]).fits).toBe(true);
    expect(fitOf(channels(...colours), [volumeLike({ components: 3 })]).fits).toBe(true);
    expect(fitOf(channels(...colours), [volumeLike({})]).fits).toBe(true);
    expect(fitOf(channels('T1', 'FLAIR'), [volumeLike({})]).reasons).toEqual([
      'takes 2 sequences (T1, FLAIR), and here are 1',
    ]);
    expect(fitOf(channels('T1'), [volumeLike({ components: 3 })]).reasons[0]).toContain('this is a colour image');
  });

  it('says what it needs to know, and what may make its answer worse', () => {
    const model = channels('T1');
    expect(fitOf(model, [volumeLike({ spacing: null })]).reasons).toEqual(['needs to know the size of the voxels']);
    expect(fitOf(model, [volumeLike({ shape: [30, 40, 1] })]).reasons).toEqual([
      'is for volumes, and this is a single slice',
    ]);
    const far = fitOf(model, [volumeLike({ modality: 'PT', spacing: [9, 9, 9] })]);
    expect(far.fits).toBe(true);
    expect(far.cautions).toEqual([
      `was trained on ${description.modality}, and this is PT`,
      expect.stringContaining('and these are 9 x 9 x 9 mm'),
    ]);
  });
});
