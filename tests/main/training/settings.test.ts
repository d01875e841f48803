import { describe, expect, it } from 'vitest';
import { parseSettings, settingsSchema } from '../../../main/training/settings.ts';

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
  ])('refuses %j, naming it', (pairs, where) => {
    expect(() => parseSettings(pairs)).toThrow(
      expect.objectContaining({ kind: 'usage', where: expect.stringContaining(where) as unknown }) as Error,
    );
  });
});
