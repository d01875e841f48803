import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { parseLines, trial } from './launch.ts';

describe('a command that fails', () => {
  it.each([
    ['usage', 2, 'what (where). Remedy.'],
    ['data', 3, 'what of two lines (a [31mb). Remedy.'],
    ['memory', 4, 'what (where). Remedy.'],
    ['model', 6, 'what (where). Remedy.'],
    ['allocation', 4, 'there is not enough memory (this machine). Close other programs or ask for less.'],
    ['full', 3, /^the disk is full \(\/disk\/file\)\. .+\.$/],
  ])('%s exits with %i and says so in one plain line', async (name, code, message) => {
    const ended = await trial([name]);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(/^error: .*\n$/);
    expect(ended.stderr.slice('error: '.length, -1)).toEqual(
      message instanceof RegExp ? expect.stringMatching(message) : message,
    );
  });

  it('says the same as an event for machines', async () => {
    const { code, stdout, stderr } = await trial(['model', '--json']);
    expect(code).toBe(6);
    expect(parseLines(stdout)).toEqual([
      { event: 'error', kind: 'model', what: 'what', where: 'where', remedy: 'Remedy.' },
    ]);
    expect(stderr).toBe('error: what (where). Remedy.\n');
  });
});

describe('a bug of ours', () => {
  it('exits with 1 and says where its log is, which has the stack and no file name', async () => {
    const { code, stderr } = await trial(['bug', '--file', '/scans/Smith^John.nii'], { TMPDIR: temporaryFolder() });
    expect(code).toBe(1);
    const log = /^error: a mistake of ours stopped the work \((.+)\)\. Please .+\.\n$/.exec(stderr)?.[1] ?? '';
    const text = readFileSync(log, 'utf8');
    expect(text).toContain('TypeError: x is undefined in ...');
    expect(text).toContain('trialCommands.ts');
    expect(text).not.toContain('Smith');
  });

  it('is caught where nobody waited for it', async () => {
    const { code, stderr } = await trial(['late'], { TMPDIR: temporaryFolder() });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: a mistake of ours/);
  });
});

describe('a process that the system ends', () => {
  it.each(['SIGKILL', 'SIGABRT'])('by %s is said to have had too little memory', async (signal) => {
    const { code, stdout } = await trial(['dies', signal, '--json']);
    expect(code).toBe(4);
    expect(parseLines(stdout).at(-1)).toMatchObject({ event: 'error', kind: 'memory', where: 'sfumato dies' });
  });

  it('by a crash is a bug of ours', async () => {
    expect(await trial(['dies', 'SIGSEGV'])).toMatchObject({
      code: 1,
      stderr: 'error: the work crashed with SIGSEGV (sfumato dies). Please report it with the command you ran.\n',
    });
  });
});
