import { dirname, join } from 'node:path';
import type { CaseChannel } from './case.ts';
import { caseName } from './caseName.ts';

/** Files that belong together. */
export interface ChannelGroup {
  readonly name: string;
  readonly channels: readonly CaseChannel[];
}

/**
 * Groups files by nnU-Net's way of naming the sequences of a case, CASE_0000, CASE_0001 and so on, in the order of the
 * numbers. Only where a case's numbers run from 0000 without a gap is the number taken for a sequence's; all other files are
 * cases of one image each, since BRATS_0017 may as well be case 17.
 */
export function groupChannels(paths: readonly string[]): readonly ChannelGroup[] {
  const groups = new Map<string, string[]>();
  for (const path of [...paths].sort()) {
    const key = numbered(path)?.key ?? path;
    groups.set(key, [...(groups.get(key) ?? []), path]);
  }
  return [...groups.values()].flatMap((files) => {
    const isCase = files.every((path, n) => numbered(path)?.number === n);
    if (!isCase) return files.map((path) => ({ name: caseName(path), channels: [{ name: '0', path }] }));
    const name = numbered(files[0] ?? '')?.name ?? '';
    return [{ name, channels: files.map((path, n) => ({ name: String(n), path })) }];
  });
}

function numbered(path: string): { key: string; name: string; number: number } | undefined {
  const [, name, digits] = /^(.+)_(\d{4})$/.exec(caseName(path)) ?? [];
  return name === undefined ? undefined : { key: join(dirname(path), name, '/'), name, number: Number(digits) };
}
