import { describe, expect, it } from 'vitest';
import { formatDuration } from '../../../main/contract/duration.ts';
import { createReporter } from '../../../main/cli/reporter.ts';

interface Setting {
  readonly terminal?: boolean;
  readonly format?: 'json' | 'text';
  readonly environment?: Readonly<Record<string, string>>;
}

/** A reporter that writes into texts, on a clock that is set by hand. */
function makeReporter({ terminal = false, format = 'text', environment = {} }: Setting) {
  const written = { stdout: '', stderr: '', time: 0 };
  const output = (name: 'stdout' | 'stderr') => ({
    isTTY: terminal,
    columns: terminal ? 30 : undefined,
    write: (text: string) => (written[name] += text),
  });
  const settings = { stdout: output('stdout'), stderr: output('stderr'), format, environment, now: () => written.time };
  const reporter = createReporter(settings);
  const step = (done: number, time: number, total = 100) => {
    written.time = time;
    reporter.progress({ label: 'network', done, total, secondsLeft: 100 - done });
  };
  return { reporter, written, step };
}

describe('progress', () => {
  it('rewrites one line that fits the terminal, and clears it for the result', () => {
    const { reporter, written, step } = makeReporter({ terminal: true });
    step(1, 0);
    step(2, 50);
    step(3, 200);
    reporter.result({}, 'done');
    expect(written.stderr).toBe(
      '\r\x1b[2Knetwork 1/100, 1 min 39 s lef\r\x1b[2Knetwork 3/100, 1 min 37 s lef\r\x1b[2K',
    );
    expect(written.stdout).toBe('done\n');
  });

  it('writes a line now and then into a log, and none for what is quickly over', () => {
    const { written, step } = makeReporter({});
    step(1, 1000);
    step(2, 11_000);
    step(3, 12_000);
    step(100, 15_000);
    expect(written.stderr).toBe('network 2/100, 1 min 38 s left\nnetwork 100/100, 0 s left\n');
    const quick = makeReporter({});
    quick.step(100, 5000);
    expect(quick.written.stderr).toBe('');
  });

  it('tells machines at most ten times a second, and always the last step', () => {
    const { written, step } = makeReporter({ format: 'json' });
    for (let done = 1; done <= 100; done++) step(done, done);
    expect(written.stdout.split('\n').slice(0, -1)).toEqual([
      '{"event":"progress","done":1,"total":100,"secondsLeft":99,"label":"network"}',
      '{"event":"progress","done":100,"total":100,"secondsLeft":0,"label":"network"}',
    ]);
    expect(written.stderr).toBe('');
  });
});

describe('colour', () => {
  const failure = { kind: 'data', what: 'a', where: 'b', remedy: 'C.' } as const;
  it.each<[string, Setting, string]>([
    ['is on a terminal', { terminal: true }, '\x1b[31merror:\x1b[39m a (b). C.\n'],
    ['is not in a file', {}, 'error: a (b). C.\n'],
    ['is not where NO_COLOR is set', { terminal: true, environment: { NO_COLOR: '1' } }, 'error: a (b). C.\n'],
    ['is not on a dumb terminal', { terminal: true, environment: { TERM: 'dumb' } }, 'error: a (b). C.\n'],
  ])('%s', (_title, setting, line) => {
    const { reporter, written } = makeReporter(setting);
    reporter.failure(failure);
    expect(written.stderr).toBe(line);
  });
});

describe('a message', () => {
  it('stays one line without escape sequences, whatever a file is called', () => {
    const { reporter, written } = makeReporter({ terminal: true, environment: { NO_COLOR: '1' } });
    reporter.warn('scan\r\n\x1b]0;title\x07.nii\x9b31m');
    expect(written.stderr).toBe('warning: scan ]0;title .nii 31m\n');
  });

  it('never goes to stdout, where machines read', () => {
    const { reporter, written } = makeReporter({ format: 'json' });
    reporter.warn('a');
    reporter.result({ b: 1 }, 'text');
    expect(written).toMatchObject({ stderr: 'warning: a\n', stdout: '{"event":"result","b":1}\n' });
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [59.4, '59 s'],
    [59.6, '1 min 0 s'],
    [200, '3 min 20 s'],
    [7500, '2 h 5 min'],
  ])('says %f seconds as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});
