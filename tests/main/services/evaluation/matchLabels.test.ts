import { describe, expect, it } from 'vitest';
import { matchLabels } from '../../../../main/services/evaluation/matchLabels.ts';
import type { Structure } from '../../../../ml/evaluation/caseScores.ts';

const background = { value: 0, name: 'background' };

/** Labels of a data set, held against those of a model. */
function match(labels: readonly Structure[], own: readonly Structure[]) {
  const all = [background, ...own].map((label) => ({ ...label, colour: '#000000', code: null }));
  return matchLabels({ labels: [background, ...labels] }, { folder: 'M', description: { name: 'ours', labels: all } });
}

const [left, right] = [
  { value: 1, name: 'left' },
  { value: 5, name: 'right' },
];

describe('matchLabels', () => {
  it('matches by value, in the order of the data set', () => {
    expect(match([left, right], [right, left])).toEqual({ structures: [left, right], unlabelled: [] });
  });

  it('does not mind spelling, and uses the name of the data set', () => {
    const spelled = { value: 1, name: 'Left_Lobe' };
    expect(match([spelled], [{ value: 1, name: 'left-lobe ' }]).structures).toEqual([spelled]);
  });

  it('takes the name of the one that has one', () => {
    const nameless = { value: 1, name: 'label_1' };
    expect(match([nameless], [left]).structures).toEqual([left]);
    expect(match([left], [nameless]).structures).toEqual([left]);
  });

  it('lists what the data set does not label', () => {
    expect(match([left], [left, right])).toEqual({
      structures: [left],
      unlabelled: [expect.objectContaining(right) as unknown],
    });
  });

  it('refuses a label that the model does not know, naming it', () => {
    expect(() => match([left, right], [left])).toThrow('does not know label 5 (right) of the data set');
  });

  it('refuses a value that stands for two structures', () => {
    const swapped = [
      { ...left, name: 'right' },
      { ...right, name: 'left' },
    ];
    expect(() => match([left, right], swapped)).toThrow('label 1 is right in the model ours and left in the data set');
    expect(() => match([{ value: 1, name: 'label_2' }], [left])).toThrow('label 1 is left');
  });
});
