import { describe, expect, it } from 'vitest';
import { drawScan, scanOf, structures } from './drawnScans.ts';
import { jobIn, testHost, type TestHost } from './testHost.ts';

describe('from corrected scans to a model of one\u2019s own', () => {
  it('builds a data set, checks, plans, trains with a pause, and segments with the result', async () => {
    const host = await testHost();
    const segmentations = [];
    for (const number of ['025', '006', '065']) segmentations.push(await drawScan(host, number));
    const built = await host.ask('datasets:build', { name: 'my cases', sources: [], segmentations });
    expect(await jobIn(host, built.job)).toMatchObject({ state: 'done', outcome: { kind: 'dataset' } });
    const [set] = await host.ask('datasets:list', {});
    expect(set).toMatchObject({ cases: 3, labelled: 3, structures: structures.map(({ name }) => ({ name })) });
    const { dataset } = set!;
    const { cases, findings } = await host.ask('datasets:check', { dataset });
    expect([cases, findings.filter(({ severity }) => severity === 'error')]).toEqual([3, []]);
    const split = await host.ask('datasets:split', { dataset });
    expect([...split.train, ...split.validation, ...split.test]).toHaveLength(3);
    const { rows } = await host.ask('datasets:plan', { dataset, preset: 'small' });
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(['Cases', 'Windows', 'Memory', 'Why']));

    const metrics: number[] = [];
    host.client.on('training:metric', ({ metric }) => metrics.push(metric.step));
    const settings = { method: 'direct', preset: 'small', minutes: 0.15, init: 'hippocampus' } as const;
    const { run, job } = await host.ask('training:start', { dataset, name: 'mine', ...settings });
    await resumable(host, run);
    await host.ask('training:pause', { run });
    expect(await jobIn(host, job, 'paused')).toMatchObject({ endedAt: null });
    await host.ask('training:resume', { run });
    expect(await jobIn(host, job)).toMatchObject({ state: 'done', outcome: { kind: 'training', model: 'mine' } });
    expect(metrics.length).toBeGreaterThan(0);
    expect((await host.ask('training:picture', { run }))!.bytes.byteLength).toBeGreaterThan(1000);
    const kept = await host.ask('training:metrics', { run });
    expect(new Set(kept.map(({ kind }) => kind))).toContain('validation');
    expect(await host.ask('training:list', {})).toMatchObject([
      { run, job, model: 'mine', structures: structures.map(({ name }) => name), init: 'hippocampus', unknown: [] },
    ]);
    await comparesWithBefore(host, run);
    const { models } = await host.ask('models:list', {});
    expect(models[0]).toMatchObject({ name: 'mine', source: 'own', methods: ['direct'] });

    const [fourth] = (await host.ask('studies:open', { paths: [scanOf('imagesTr', '033')] })).studies;
    const channels = [fourth!.volumes[0]!.volume];
    const segmented = await host.ask('segmentations:run', { study: fourth!.study, channels, model: 'mine' });
    expect(await jobIn(host, segmented.job)).toMatchObject({ state: 'done' });
  });
});

/** Of three scans one trains, one validates and one is left to test on. */
async function comparesWithBefore(host: TestHost, run: string): Promise<void> {
  expect(await host.ask('training:comparison', { run })).toBeNull();
  const { job } = await host.ask('training:compare', { run });
  expect(await jobIn(host, job)).toMatchObject({ state: 'done', outcome: { kind: 'comparison', run } });
  const table = await host.ask('training:comparison', { run });
  expect(table).toMatchObject({ part: 'test split', cases: 1, before: 'hippocampus', after: 'mine' });
  for (const { before, after, difference } of table!.structures) expect(after! - before!).toBeCloseTo(difference!, 9);
  expect(table!.structures.map(({ structure }) => structure)).toEqual([...structures.map(({ name }) => name), 'mean']);
}

/** Once the training can be stopped without a loss. */
async function resumable(host: TestHost, run: string): Promise<void> {
  for (;;) {
    const [one] = (await host.ask('training:list', {})).filter((each) => each.run === run);
    if (one !== undefined && one.steps !== null) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
