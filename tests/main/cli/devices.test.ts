import { describe, expect, it } from 'vitest';
import { devices } from '../../../ml/engines/engine.ts';
import { parseLines, sfumato } from './launch.ts';

describe('sfumato devices', () => {
  it('says of every device whether it works, how fast it is, or why it does not', async () => {
    const { code, stdout, stderr } = await sfumato(['devices', '--threads', '1', '--json']);
    expect(code, stderr).toBe(0);
    const result = parseLines(stdout).at(-1) as {
      devices: { device: string; works: boolean; reasons: string[]; gigaMacs: number | null }[];
    };
    expect(result).toMatchObject({ event: 'result', threads: 1 });
    expect(result.devices.map(({ device }) => device)).toEqual(devices);
    expect(result.devices[0]).toMatchObject({ device: 'cpu', works: true });
    for (const { works, reasons, gigaMacs } of result.devices) {
      if (works) expect(gigaMacs).toBeGreaterThan(0);
      else expect([gigaMacs, reasons]).toEqual([null, [expect.stringMatching(/\w/)]]);
    }
  });

  it('prints a table, and nothing of what the runtime says to itself', async () => {
    const { code, stdout, stderr } = await sfumato(['devices', '--threads', '1']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^engine +device +state +GMAC\/s +remarks\nonnxruntime +cpu +works +\d+\.\d/);
  });
});
