import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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
const bytesWithin = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
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
    expect(await evaluate('window.ended', 40)).toBe('done');
  }, 60_000);

  it('opens a file that it is started with', async () => {
    const { until } = await startDesktop(electron.binary, [application, scan]);
    const names = `${ask('studies:list', {})}.then(({ value }) => value.some(({ name }) => name === 'hippocampus_025.nii.gz'))`;
    await until(names);
  }, 60_000);

  it('gives the page no Node and no way out', async () => {
    const { evaluate } = await startDesktop(electron.binary, [application]);
    const names = '[typeof require, typeof process, typeof module, Object.keys(sfumato).sort().join()]';
    expect(await evaluate(names)).toEqual(['undefined', 'undefined', 'undefined', 'ask,listen,pathOf']);
    for (const url of [
      'http://127.0.0.1:1/',
      'https://example.org/',
      'file:///etc/passwd',
      'sfumato://other/x',
      'sfumato://app/../../package.json',
    ]) {
      const fetched = `fetch(${JSON.stringify(url)}).then((r) => r.ok ? r : Promise.reject(r))`;
      expect([url, await evaluate(refused(fetched))]).toEqual([url, 'refused']);
    }
    const image = `new Promise((done, fail) => {
      const image = Object.assign(new Image(), { onload: done, onerror: fail });
      image.src = 'http://127.0.0.1:1/x.png';
    })`;
    expect(await evaluate(refused(image))).toBe('refused');
  }, 60_000);

  it('opens no other window, goes nowhere, and grants nothing', async () => {
    const { evaluate, targets } = await startDesktop(electron.binary, [application]);
    await evaluate("void window.open('https://example.org/'), true");
    await evaluate("setTimeout(() => { location.href = 'https://example.org/'; }), true");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await targets()).toBe(1);
    expect(await evaluate('location.href')).toBe('sfumato://app/index.html');
    // Error 1 is PERMISSION_DENIED.
    const place = 'new Promise((done) => navigator.geolocation.getCurrentPosition(done, ({ code }) => done(code)))';
    expect(await evaluate(place)).toBe(1);
    expect(await evaluate('Notification.requestPermission()')).toBe('denied');
    expect(await evaluate(refused('navigator.mediaDevices.getUserMedia({ audio: true })'))).toBe('refused');
    expect(await evaluate(refused('navigator.requestMIDIAccess()'))).toBe('refused');
  }, 60_000);

  it('refuses calls that there are none of, and lives on', async () => {
    const { evaluate } = await startDesktop(electron.binary, [application]);
    // Over the local server such a call has no answer.
    expect(await evaluate(`${ask('no:call', {})}.then(({ ok }) => ok, () => false)`)).toBe(false);
    const wrong = ask('volumes:open', { volume: '../x' });
    expect(await evaluate(`${wrong}.then(({ problem }) => problem.kind)`)).toBe('usage');
    expect(await evaluate(`${ask('settings:read', {})}.then(({ ok }) => ok)`)).toBe(true);
  }, 60_000);
});

describe('the package', () => {
  it('starts from its archive and segments the sample, with nothing beside it', async () => {
    const binary = packageAll(electron, pages, temporaryFolder());
    // 257 MB as of Electron 9: 170 of Electron, 45 of the engine, 20 of models and the sample.
    expect(bytesWithin(dirname(binary))).toBeLessThan(400e6);
    const { evaluate, until } = await startDesktop(binary, []);
    await until('document.querySelectorAll("canvas").length > 2');
    const opened = `${ask('studies:openSample', {})}.then(({ value }) => value.studies[0])`;
    const segmented = `${opened}.then(({ study, volumes: [{ volume }] }) => new Promise((done) => {
      sfumato.listen(({ name, value }) => name === 'job:changed' && value.endedAt !== null && done(value.state));
      void sfumato.ask('segmentations:run', { study, channels: [volume], model: 'hippocampus', method: 'direct' });
    }))`;
    expect(await evaluate(segmented, 40)).toBe('done');
  }, 300_000);
});
