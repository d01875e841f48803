import { describe, expect, it } from 'vitest';
import type { Comparison, Contest } from './support/comparison.ts';
import { LineProcess } from './support/lineProcess.ts';
import { measure, median } from './support/measure.ts';
import { table } from './support/table.ts';

function comparing(contest: Partial<Contest>, warmups = 0): Comparison {
  const whole = {
    ours: () => Promise.resolve(1),
    theirs: () => Promise.resolve(2),
    dispose: () => Promise.resolve(),
    ...contest,
  };
  return { name: 'sum', unit: 'ms', against: 'nobody', warmups, prepare: () => Promise.resolve(whole) };
}

describe('median', () => {
  it('is the middle value, or the mean of the two in the middle', () => {
    expect(median([9, 1, 2])).toBe(2);
    expect(median([4, 1, 10, 2])).toBe(3);
  });
});

describe('measure', () => {
  it('forgets the warm-up and reports medians and their ratio', async () => {
    const times = [1000, 3, 1, 2];
    const ours = () => Promise.resolve(times.shift()!);
    const result = await measure(comparing({ ours, theirs: () => Promise.resolve(4) }, 1), 3);
    expect(result).toEqual({ name: 'sum', unit: 'ms', ours: 2, theirs: 4, against: 'nobody', ratio: 0.5, runs: 3 });
  });

  it('runs both sides in turn, each first in every other round', async () => {
    const order: string[] = [];
    const side = (name: string) => () => {
      order.push(name);
      return Promise.resolve(1);
    };
    await measure(comparing({ ours: side('ours'), theirs: side('theirs') }), 3);
    expect(order).toEqual(['ours', 'theirs', 'theirs', 'ours', 'ours', 'theirs']);
  });

  it('disposes of both sides when one fails', async () => {
    let disposed = false;
    const dispose = () => {
      disposed = true;
      return Promise.resolve();
    };
    const theirs = () => Promise.reject(new Error('broken'));
    await expect(measure(comparing({ theirs, dispose }), 1)).rejects.toThrow('broken');
    expect(disposed).toBe(true);
  });
});

describe('table', () => {
  it('aligns its columns', () => {
    const line = { unit: 'ms', against: 'them', runs: 7 };
    const text = table([
      { ...line, name: 'a', ours: 1234.5, theirs: 1, ratio: 1234.5 },
      { ...line, name: 'longer', ours: 0.5, theirs: 1, ratio: 0.5 },
    ]);
    const columns = text.split('\n').map((row) => row.indexOf('them'));
    expect(columns[1]).toBe(columns[2]);
    expect(text).toContain('longer  0.500');
  });
});

describe('LineProcess', () => {
  it('gets an answer to each request from the same process', async () => {
    const script = `let n = 0; process.stdin.on('data', (line) => console.log(JSON.stringify({ n: ++n, ...JSON.parse(line) })))`;
    const child = new LineProcess(process.execPath, ['-e', script]);
    expect(await child.request({ a: 1 })).toEqual({ n: 1, a: 1 });
    expect(await child.request({ a: 2 })).toEqual({ n: 2, a: 2 });
    await child.dispose();
  });

  it('reports the standard error of a process that ends without an answer', async () => {
    const child = new LineProcess(process.execPath, ['-e', 'throw new Error("no luck")']);
    await expect(child.request({})).rejects.toThrow('no luck');
  });

  it('reports a command that does not exist', async () => {
    const child = new LineProcess('no-such-command', []);
    await expect(child.request({})).rejects.toThrow('ENOENT');
  });
});
