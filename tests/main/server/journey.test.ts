import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runPython } from '../../support/python.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { parseLines, sfumato } from '../cli/launch.ts';
import { jobIn, valueOf } from '../host/testHost.ts';
import { testServer } from './testServer.ts';

const settings = { model: 'hippocampus', method: 'diffusion', samples: 3, steps: 2, seed: 5 } as const;

describe('a person at the server', () => {
  it('opens the sample, segments it, sees samples arrive, corrects it and exports what the command line and nibabel have', async () => {
    const { client } = await testServer();
    const { studies } = valueOf(await client.call('studies:openSample', {}));
    const { study, path, volumes } = studies[0]!;
    const { volume } = volumes[0]!;
    const facts = valueOf(await client.call('volumes:open', { volume }));
    const [width, height, depth] = facts.grid.shape;
    const { bytes } = valueOf(await client.call('volumes:slices', { volume, channel: 0, from: 3, to: 5 }));
    expect(bytes.byteLength).toBe(2 * width * height * 4);

    const previews: number[] = [];
    client.on('segmentation:preview', ({ samples, job: running }) => {
      previews.push(samples);
      void client.call('segmentations:preview', { job: running, map: 'mask' }).then((reply) => {
        if (reply.ok) sizes.push(reply.value.bytes.byteLength);
      });
    });
    const sizes: number[] = [];
    const { job } = valueOf(await client.call('segmentations:run', { study, channels: [volume], ...settings }));
    expect(await jobIn({ client }, job)).toMatchObject({ state: 'done', outcome: { kind: 'segmentation', study } });
    expect(previews).toEqual([1, 2, 3]);
    expect(new Set(sizes)).toEqual(new Set([width * height * depth]));

    const [made] = valueOf(await client.call('segmentations:list', { study }));
    expect(made).toMatchObject({ volume, edited: false, made: { ...settings, version: '1.0.0' } });
    const { segmentation, maps } = made!;
    const folder = temporaryFolder();
    const exported = join(folder, 'exported.nii.gz');
    valueOf(await client.call('segmentations:export', { segmentation, map: 'mask', path: exported, replace: false }));
    const theirs = await commandLineMask(path, folder);
    expect(await sameImages(exported, theirs)).toBe(true);

    const mask = valueOf(await client.call('volumes:open', { volume: maps.mask }));
    expect(mask.grid).toEqual(facts.grid);
    const all = { volume: maps.mask, channel: 0, from: 0, to: depth };
    const labels = new Uint8Array(valueOf(await client.call('volumes:slices', all)).bytes);
    labels.fill(1, 0, 7);
    const change = { segmentation, dataType: 'uint8' as const, bytes: labels.slice().buffer };
    expect(valueOf(await client.call('segmentations:save', change))).toMatchObject({ edited: true });
    valueOf(await client.call('volumes:open', { volume: maps.mask }));
    expect(new Uint8Array(valueOf(await client.call('volumes:slices', all)).bytes)).toEqual(labels);
    const again = { segmentation, map: 'mask' as const, path: exported, replace: false };
    expect(await client.call('segmentations:export', again)).toMatchObject({
      ok: false,
      problem: { what: 'this exists already' },
    });
    valueOf(await client.call('segmentations:export', { ...again, replace: true }));
    expect(await firstVoxels(exported, 8)).toEqual([...labels.subarray(0, 8)]);
  });
});

/** The mask that `sfumato segment` makes of the same. */
async function commandLineMask(path: string, folder: string): Promise<string> {
  const { model, method, samples, steps, seed } = settings;
  const out = join(folder, 'out');
  const numbers = ['--samples', `${samples}`, '--steps', `${steps}`, '--seed', `${seed}`];
  const ended = await sfumato([
    'segment',
    path,
    '--model',
    model,
    '--method',
    method,
    ...numbers,
    '--out',
    out,
    '--json',
  ]);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  expect(parseLines(ended.stdout).at(-1)).toMatchObject({ event: 'result' });
  return join(out, 'hippocampus', 'mask.nii.gz');
}

const sameImages = (a: string, b: string): Promise<boolean> =>
  runPython<boolean>(
    `import sys, json, nibabel, numpy
a, b = (nibabel.load(path) for path in sys.argv[1:])
print(json.dumps(bool(numpy.array_equal(numpy.asarray(a.dataobj), numpy.asarray(b.dataobj)) and numpy.array_equal(a.affine, b.affine) and a.get_data_dtype() == b.get_data_dtype())))`,
    [a, b],
  );

const firstVoxels = (path: string, count: number): Promise<number[]> =>
  runPython<number[]>(
    `import sys, json, nibabel, numpy
print(json.dumps(numpy.asarray(nibabel.load(sys.argv[1]).dataobj).ravel(order="F")[:int(sys.argv[2])].tolist()))`,
    [path, String(count)],
  );
