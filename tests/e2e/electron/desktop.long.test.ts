import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testElectron } from '../../support/electron.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { hippocampus } from '../../main/datasets/folders.ts';
import { buildAll, layOut, packageAll, startDesktop } from './desktop.ts';

const electron = testElectron();
const application = mkdtempSync(join(tmpdir(), 'sfumato-application-'));
const scan = join(hippocampus, 'imagesTr', 'hippocampus_025.nii.gz');

let pages = '';

beforeAll(() => {
  pages = buildAll(electron);
  layOut(pages, application);
}, 240_000);

afterAll(() => {
  rmSync(application, { recursive: true, force: true });
});

const ask = (name: string, asked: unknown): string => `sfumato.ask(${JSON.stringify(name)}, ${JSON.stringify(asked)})`;
const refused = (promise: string): string => `${promise}.then(() => 'went', () => 'refused')`;

describe('the desktop window', () => {
  it('opens the sample at the first start, paints it, and segments it through the bridge', async () => {
    const { evaluate, until } = await startDesktop(electron.binary, [application]);
    await until('document.querySelectorAll("canvas").length > 2');
    const [study] = (await evaluate(`${ask('studies:list', {})}.then(({ value }) => value)`)) as {
      study: string;
      volumes: { volume: string }[];
    }[];
    const { volume } = study!.volumes[0]!;
    await evaluate(`${ask('volumes:open', { volume })}.then(({ ok }) => ok)`);
    const slices = ask('volumes:slices', { volume, channel: 0, from: 0, to: 1 });
    expect(await evaluate(`${slices}.then(({ value }) => value.bytes.byteLength)`)).toBe(39 * 50 * 4);
    const settings = { model: 'hippocampus', method: 'direct' };
    const events = `window.ended = new Promise((done) => sfumato.listen(({ name, value }) => {
      if (name === 'job:changed' && value.endedAt !== null) done(value.state);
    })), true`;
    await evaluate(events);
    await evaluate(ask('segmentations:run', { study: study!.study, channels: [volume], ...settings }));
    expect(await evaluate('window.ended')).toBe('done');
  });

  it('opens a file that it is started with', async () => {
    const { until } = await startDesktop(electron.binary, [application, scan]);
    const names = `${ask('studies:list', {})}.then(({ value }) => value.some(({ name }) => name === 'hippocampus_025.nii.gz'))`;
    await until(names);
  });

  it('gives the page no Node, no way out, no other window and no other host', async () => {
    const { evaluate, targets } = await startDesktop(electron.binary, [application]);
    expect(
      await evaluate('[typeof require, typeof process, typeof module, Object.keys(sfumato).sort().join()]'),
    ).toEqual(['undefined', 'undefined', 'undefined', 'ask,listen,pathOf']);
    for (const url of [
      'http://127.0.0.1:1/',
      'https://example.org/',
      'file:///etc/passwd',
      'sfumato://other/x',
      'sfumato://app/../../package.json',
    ])
      expect([
        url,
        await evaluate(refused(`fetch(${JSON.stringify(url)}).then((r) => r.ok ? r : Promise.reject(r))`)),
      ]).toEqual([url, 'refused']);
    expect(
      await evaluate(
        "new Promise((done) => { const image = new Image(); image.onload = () => done('went'); image.onerror = () => done('refused'); image.src = 'http://127.0.0.1:1/x.png'; })",
      ),
    ).toBe('refused');
    await evaluate("void window.open('https://example.org/'), true");
    await evaluate("location.href = 'https://example.org/', true");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await targets()).toBe(1);
    expect(await evaluate('location.href')).toBe('sfumato://app/index.html');
    expect(await evaluate(`${ask('no:call', {})}.then(({ ok }) => ok)`)).toBe(false);
    expect(await evaluate(`${ask('volumes:open', { volume: '../x' })}.then(({ problem }) => problem.kind)`)).toBe(
      'usage',
    );
  }, 60_000);
});

describe('the package', () => {
  it('starts from its archive and segments the sample, with nothing beside it', async () => {
    const binary = packageAll(electron, pages, temporaryFolder());
    const { evaluate, until } = await startDesktop(binary, []);
    await until('document.querySelectorAll("canvas").length > 2');
    const opened = `${ask('studies:openSample', {})}.then(({ value }) => value.studies[0])`;
    const segmented = `${opened}.then(({ study, volumes: [{ volume }] }) => new Promise((done) => {
      sfumato.listen(({ name, value }) => name === 'job:changed' && value.endedAt !== null && done(value.state));
      void sfumato.ask('segmentations:run', { study, channels: [volume], model: 'hippocampus', method: 'direct' });
    }))`;
    expect(await evaluate(segmented)).toBe('done');
  });
});
