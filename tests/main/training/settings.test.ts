import { describe, expect, it } from 'vitest';
import { checkMethod, parseSettings, settingsSchema } from '../../../main/training/settings.ts';

describe('parseSettings', () => {
  it('gives the settings of the paper where nothing is said', () => {
    expect(parseSettings([])).toEqual(settingsSchema.parse({}));
    expect(parseSettings([])).toMatchObject({ learningRate: 8e-4, warmup: 100, clip: 1, focal: 20, timesteps: 1000 });
  });

  it('reads numbers and words', () => {
    expect(parseSettings(['learningRate=1e-3', 'schedule=cosine', 'batchSize=4', 'mirror=ki'])).toMatchObject({
      learningRate: 1e-3,
      schedule: 'cosine',
      batchSize: 4,
      mirror: 'ki',
    });
  });

  it('reads lengths along the axes, one or several, and what it has read itself', () => {
    expect(parseSettings([])).toMatchObject({ spacing: [], patch: [] });
    const settings = parseSettings(['spacing=2.5', 'patch=64x32x16']);
    expect(settings).toMatchObject({ spacing: [2.5], patch: [64, 32, 16] });
    expect(settingsSchema.parse(settings)).toEqual(settings);
  });

  it.each([
    [['learnRate=1'], '--set learnRate'],
    [['learningRate=-1'], '--set learningRate'],
    [['learningRate='], '--set learningRate'],
    [['learningRate=fast'], '--set learningRate'],
    [['warmup=1.5'], '--set warmup'],
    [['schedule=steep'], '--set schedule'],
    [['clip'], '--set clip'],
    [['=1'], '--set =1'],
    [['mirror=x'], '--set mirror'],
    [['spacing=0'], '--set spacing'],
    [['spacing=1xfine'], '--set spacing'],
    [['spacing=1x1x1x1'], '--set spacing'],
    [['dice=0', 'focal=0'], '--set dice'],
    [['prediction=noise', 'dice=1'], '--set dice'],
    [['prediction=noise', 'noise=0'], '--set dice'],
    [['prediction=flow'], '--set prediction'],
    [['classes=several'], '--set classes'],
    [['context=9'], '--set context'],
    [['context=0.5'], '--set context'],
  ])('refuses %j, naming it', (pairs, where) => {
    expect(() => parseSettings(pairs)).toThrow(
      expect.objectContaining({ kind: 'usage', where: expect.stringContaining(where) as unknown }) as Error,
    );
  });
});

describe('a prediction of the noise', () => {
  const noise = parseSettings(['prediction=noise']);

  it('is trained by its squared error alone, or by the bound', () => {
    expect(noise).toMatchObject({ prediction: 'noise', dice: 0, focal: 0, crossEntropy: 0, noise: 1 });
    expect(parseSettings(['prediction=noise', 'noise=0', 'variational=1'])).toMatchObject({ noise: 0, variational: 1 });
    expect(parseSettings([])).toMatchObject({ prediction: 'xStart', dice: 1, focal: 20, noise: 0 });
  });

  it('is refused where there is no mask in the noise to go on from, and where there is no noise', () => {
    for (const strategy of ['standard', 'recyclingNext', 'selfConditioning', 'selfConditioningNext'] as const)
      expect(() => {
        checkMethod('diffusion', strategy, noise);
      }).not.toThrow();
    expect(() => {
      checkMethod('diffusion', 'recycling', noise);
    }).toThrow(/recycling starts from what a network sees in pure noise.+Choose standard/);
    for (const pairs of [['prediction=noise'], ['dice=0', 'focal=0', 'variational=1']])
      expect(() => {
        checkMethod('direct', 'recycling', parseSettings(pairs));
      }).toThrow('a direct network sees no noise');
    expect(() => {
      checkMethod('direct', 'recycling', parseSettings([]));
    }).not.toThrow();
  });
});
