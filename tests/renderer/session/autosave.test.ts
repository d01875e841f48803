import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clientOver } from '../../../main/contract/client.ts';
import type { Transport } from '../../../main/contract/transport.ts';
import { decodeStep } from '../../../renderer/editing/stepBytes.ts';
import type { Step } from '../../../renderer/editing/step.ts';
import { hostOver } from '../../../renderer/host/host.ts';
import { createAutosave, loadSteps } from '../../../renderer/session/autosave.ts';

const segmentation = '0123456789abcdef';
const step = (name: string): Step => ({ name, diff: { runs: Uint32Array.of(3, 2, 0, 1) } });
const problem = { kind: 'data', what: 'the disk is full', where: 'edits', remedy: 'Make room.' };

/** A host that keeps the log in memory, and whose disk fills up after `most` entries. */
function logHost(most: number) {
  const entries: ArrayBuffer[] = [];
  const reported: string[] = [];
  const append = z.object({ bytes: z.instanceof(ArrayBuffer) });
  const transport: Transport = {
    listen: () => () => undefined,
    ask: (name, ask) => {
      if (name === 'edits:load') {
        const framed = entries.flatMap((entry) => [
          ...new Uint8Array(Uint32Array.of(entry.byteLength).buffer),
          ...new Uint8Array(entry),
        ]);
        return Promise.resolve({ ok: true, value: { entries: entries.length, bytes: Uint8Array.from(framed).buffer } });
      }
      if (entries.length >= most) return Promise.resolve({ ok: false, problem });
      entries.push(append.parse(ask).bytes);
      return Promise.resolve({ ok: true, value: null });
    },
  };
  return { host: hostOver(clientOver(transport), ({ what }) => reported.push(what)), entries, reported };
}

describe('the autosave', () => {
  it('sends steps in their order and says when all are saved', async () => {
    const { host, entries } = logHost(10);
    const autosave = createAutosave(host, segmentation);
    autosave.append(step('Brush'));
    autosave.append(step('Eraser'));
    expect(autosave.state.value).toBe('saving');
    await autosave.settled();
    expect(autosave.state.value).toBe('saved');
    expect(entries.map((entry) => decodeStep(new Uint8Array(entry)).name)).toEqual(['Brush', 'Eraser']);
    expect((await loadSteps(host, segmentation)).map(({ name }) => name)).toEqual(['Brush', 'Eraser']);
  });

  it('sends nothing after a step that could not be saved: a log with a hole would replay to something else', async () => {
    const { host, entries, reported } = logHost(1);
    const autosave = createAutosave(host, segmentation);
    for (const name of ['one', 'two', 'three']) autosave.append(step(name));
    await autosave.settled();
    expect(autosave.state.value).toBe('failed');
    expect(entries).toHaveLength(1);
    expect(reported).toEqual(['the disk is full']);
  });
});
