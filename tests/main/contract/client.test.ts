import { describe, expect, it } from 'vitest';
import { clientOver } from '../../../main/contract/client.ts';
import type { Answer } from '../../../main/contract/calls.ts';
import { testHost } from '../host/testHost.ts';

const problem = { kind: 'data', what: 'w', where: 'x', remedy: 'r' } as const;
const answering = (reply: unknown) => clientOver({ ask: () => Promise.resolve(reply), listen: () => () => undefined });

describe('clientOver', () => {
  it('gives the answer, checked', async () => {
    const settings: Answer<'settings:read'> = {
      theme: 'light',
      tourSeen: true,
      layout: 'four',
      overlayOpacity: 1,
      overlayStyle: 'fill',
      brushMillimetres: 2,
      lastFolder: null,
    };
    await expect(answering({ ok: true, value: settings }).call('settings:read', {})).resolves.toEqual({
      ok: true,
      value: settings,
    });
    await expect(answering({ ok: true, value: { theme: 'pink' } }).call('settings:read', {})).rejects.toThrow('theme');
  });

  it('gives a problem as it is, and one of its own where nobody answers', async () => {
    await expect(answering({ ok: false, problem }).call('jobs:list', {})).resolves.toEqual({ ok: false, problem });
    const alone = clientOver({ ask: () => Promise.reject(new Error('gone')), listen: () => () => undefined });
    expect(await alone.call('jobs:list', {})).toMatchObject({ ok: false, problem: { where: 'host' } });
  });

  it('tells a listener of its own events alone, until it stops', () => {
    const deliver: ((event: unknown) => void)[] = [];
    const client = clientOver({
      ask: () => Promise.resolve(undefined),
      listen: (listener) => {
        deliver.push(listener);
        return () => deliver.splice(deliver.indexOf(listener), 1);
      },
    });
    const heard: unknown[] = [];
    const stop = client.on('host:open', (event) => heard.push(event));
    const tell = (name: string, value: unknown) => {
      for (const one of deliver) one({ name, value });
    };
    tell('studies:changed', {});
    tell('host:open', { paths: ['/a'] });
    stop();
    tell('host:open', { paths: ['/b'] });
    expect(heard).toEqual([{ paths: ['/a'] }]);
  });
});

describe('answer', () => {
  it('refuses a call that there is not, and an ask that is not accepted, naming the field', async () => {
    const { host } = await testHost();
    expect(await host.answer('__proto__', {})).toMatchObject({ ok: false, problem: { kind: 'usage' } });
    expect(await host.answer('studies:rename', { study: 'x', name: 'y' })).toMatchObject({
      ok: false,
      problem: { kind: 'usage', where: 'studies:rename study' },
    });
    expect(await host.answer('jobs:list', { more: 1 })).toMatchObject({ ok: false, problem: { kind: 'usage' } });
  });
});
