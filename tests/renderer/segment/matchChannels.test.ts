import { describe, expect, it } from 'vitest';
import { matchChannels } from '../../../renderer/segment/matchChannels.ts';

const volumes = [
  { volume: 'a', description: 'Ax T1 POST' },
  { volume: 'b', description: 'FLAIR_sag' },
  { volume: 'c', description: 'DWI b1000' },
];

describe('matchChannels', () => {
  it('finds each sequence by its name, whatever stands around it', () => {
    expect(matchChannels(['flair', 'T1'], volumes)).toEqual(['b', 'a']);
  });

  it('leaves open what no image or more than one bears: a wrong sequence segments quietly wrong', () => {
    expect(matchChannels(['T2'], volumes)).toEqual(['']);
    expect(matchChannels(['T1'], [...volumes, { volume: 'd', description: 'T1 pre' }])).toEqual(['']);
  });

  it('gives no image to two channels', () => {
    expect(matchChannels(['T1', 't1'], volumes)).toEqual(['a', '']);
  });
});
