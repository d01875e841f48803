import { dirname, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCycle } from './findCycle.ts';
import { repositoryFiles, textOf } from './repositoryFiles.ts';

const sources = repositoryFiles().filter((path) => /^(main|ml|renderer|build|tests(?!\/data))\/.*\.ts$/.test(path));

function importsOf(path: string): string[] {
  const specifiers = (textOf(path) ?? '').matchAll(/(?:from|import|import\() ?'(\.[^']+)'/g);
  return [...specifiers].map((match) => posix.join(dirname(path), match[1]!));
}

/** Which folders of `layer` import from which others of it. */
function folderArrows(layer: string): Map<string, Set<string>> {
  const folderOf = (path: string) => new RegExp(`^${layer}/([^/]+)/`).exec(path)?.[1];
  const arrows = new Map<string, Set<string>>();
  for (const path of sources) {
    const from = folderOf(path);
    if (from === undefined) continue;
    for (const target of importsOf(path)) {
      const to = folderOf(target);
      if (to !== undefined && to !== from) arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
    }
  }
  return arrows;
}

describe('findCycle', () => {
  it('finds the way round and ignores the way in', () => {
    const arrows = new Map([
      ['in', new Set(['a'])],
      ['a', new Set(['b'])],
      ['b', new Set(['c', 'a'])],
    ]);
    expect(findCycle(arrows)).toEqual(['a', 'b', 'a']);
  });

  it('takes two ways to one place for no cycle', () => {
    const arrows = new Map([
      ['a', new Set(['b', 'c'])],
      ['b', new Set(['d'])],
      ['c', new Set(['d'])],
    ]);
    expect(findCycle(arrows)).toBeUndefined();
  });
});

describe('folders', () => {
  it.each(['ml', 'main'])('in %s/ are layers: none imports, through others, from itself', (layer) => {
    expect(findCycle(folderArrows(layer))).toBeUndefined();
  });

  it('bear one lowercase noun that says what is in them', () => {
    const names = new Set(sources.flatMap((path) => dirname(path).split('/')));
    expect([...names].filter((name) => !/^[a-z][a-z\d]*$/.test(name))).toEqual([]);
    expect([...names].filter((name) => /^(utils?|helpers?|common|misc|shared|lib)$/.test(name))).toEqual([]);
  });
});
