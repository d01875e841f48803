import { describe, expect, it } from 'vitest';
import { repositoryFiles, textOf } from './repositoryFiles.ts';

/** Put together from pieces, so that this file is not among the finds. */
const anyOf = (...pieces: [string, string][]) => pieces.map(([start, end]) => start + end).join('|');

const machinePath = new RegExp(
  `(?<![\\w.~-])(${anyOf(['/wo', 'rk/'], ['/ro', 'ot/'], ['/ho', 'me/\\w'], ['/Us', 'ers/\\w'])})`,
);

const registryHost = new RegExp(
  anyOf(
    ['registry\\.np', 'mjs\\.org'],
    ['registry\\.ya', 'rnpkg\\.com'],
    ['unp', 'kg\\.com'],
    ['jsde', 'livr\\.net'],
    ['py', 'pi\\.org'],
    ['python', 'hosted\\.org'],
    ['crate', 's\\.io'],
    ['proxy\\.go', 'lang\\.org'],
    ['maven', '\\.org'],
    ['deb', '\\.debian\\.org'],
  ),
);

const files = repositoryFiles();

/** `path:line` of every line that matches; the licences of others say what they say. */
function linesWith(pattern: RegExp): string[] {
  return files
    .filter((path) => !/licen[cs]e/i.test(path))
    .flatMap((path) => {
      const text = textOf(path);
      if (text === undefined || !pattern.test(text)) return [];
      const lines = text.split('\n').flatMap((line, index) => (pattern.test(line) ? [index + 1] : []));
      return lines.map((line) => `${path}:${line}`);
    });
}

describe('the patterns', () => {
  it('tell a place on a machine from a path of ours', () => {
    expect(machinePath.test(['see /wo', 'rk/main'].join(''))).toBe(true);
    expect(machinePath.test(['(/ro', 'ot/x)'].join(''))).toBe(true);
    expect(machinePath.test('main/work/start.ts ../root/x')).toBe(false);
  });

  it('know a registry', () => {
    expect(registryHost.test(['https://registry.np', 'mjs.org/x'].join(''))).toBe(true);
    expect(registryHost.test('https://www.apache.org/licenses')).toBe(false);
  });
});

describe('the repository', () => {
  it('names no place on the machine that it was written on', () => {
    expect(linesWith(machinePath)).toEqual([]);
  });

  it('names no host of a package registry', () => {
    expect(linesWith(registryHost)).toEqual([]);
  });

  it('has an ARCHITECTURE.md in which every path exists', () => {
    const folders = files.flatMap((path) => path.split('/').map((_, depth, parts) => parts.slice(0, depth).join('/')));
    const known = [...new Set([...files, ...folders])];
    const spans = [...textOf('ARCHITECTURE.md')!.matchAll(/`([^`\s]+)`|\]\(([^)#\s]+)/g)].map(
      (match) => match[1] ?? match[2]!,
    );
    const paths = spans.filter((span) => /^[\w.*-]*(\/[\w.*-]*)+$|^[\w-]+\.(md|ts|json|js)$/.test(span));
    expect(paths.length).toBeGreaterThan(10);
    const missing = paths.filter((path) => {
      const pattern = path.replace(/\/$/, '').replaceAll('.', '\\.').replaceAll('*', '[^/]*');
      return !known.some((candidate) => new RegExp(`^${pattern}$`).test(candidate));
    });
    expect(missing).toEqual([]);
  });
});
