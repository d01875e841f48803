import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caseName } from '../../../main/imaging/caseName.ts';
import { groupChannels } from '../../../main/imaging/channels.ts';

describe('caseName', () => {
  it.each([
    ['/data/hippocampus_006.nii.gz', 'hippocampus_006'],
    ['C:\\scans\\brain v2.1.NII', 'brain_v2.1'],
    ['knee.hdr', 'knee'],
    ['Müller.nii', 'Müller'],
    ['.nii.gz', 'case'],
    ['..nii', 'case'],
    ['con.nii', '_con'],
    ['a/b:c*?.nii', 'b_c_'],
  ])('of %s is %s', (path, name) => {
    expect(caseName(path)).toBe(name);
  });

  it('is always a safe name of one folder', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (path) => {
        const name = caseName(path);
        expect(name).toMatch(/^[\p{L}\p{M}\p{N}_-][\p{L}\p{M}\p{N}._-]*$/u);
        expect(name).not.toMatch(/\.$/);
      }),
    );
  });
});

describe('groupChannels', () => {
  it('joins CASE_0000, CASE_0001 in the order of their numbers, folder by folder', () => {
    expect(groupChannels(['a/p_0001.nii.gz', 'a/p_0000.nii.gz', 'b/p_0000.nii.gz'])).toEqual([
      { name: 'p', channels: [{ name: '0', path: 'a/p_0000.nii.gz' }, { name: '1', path: 'a/p_0001.nii.gz' }] },
      { name: 'p', channels: [{ name: '0', path: 'b/p_0000.nii.gz' }] },
    ]); // prettier-ignore
  });

  it('leaves numbers alone that are not those of sequences', () => {
    const paths = ['BRATS_0017.nii.gz', 'BRATS_0018.nii.gz', 'hippocampus_006.nii.gz'];
    expect(groupChannels(paths).map(({ name }) => name)).toEqual(['BRATS_0017', 'BRATS_0018', 'hippocampus_006']);
    expect(groupChannels(['x_0000.nii', 'x_0002.nii'])).toHaveLength(2);
  });
});
