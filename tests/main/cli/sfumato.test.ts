import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gridDifference } from '../../../ml/volume/difference.ts';
import { readImage } from '../../../main/imaging/image.ts';
import { writeModel } from '../../../main/services/models/write.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { exampleModel } from '../services/models/exampleModel.ts';
import { parseLines, sfumato } from './launch.ts';

const scan = join(import.meta.dirname, '../../data/hippocampus/imagesTr/hippocampus_025.nii.gz');

/** The words of every command below these, read off the help texts. */
async function listCommands(words: readonly string[] = []): Promise<readonly (readonly string[])[]> {
  const { code, stdout, stderr } = await sfumato([...words, '--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [, commands] = stdout.split('\nCommands:\n');
  const names = [...(commands ?? '').matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name!);
  const below = await Promise.all(names.map((name) => listCommands([...words, name])));
  return [words, ...below.flat()];
}

describe('sfumato --help', () => {
  it('explains every command', async () => {
    const commands = (await listCommands()).map((words) => words.join(' '));
    expect(commands).toEqual(expect.arrayContaining(['info', 'convert', 'models', 'models list', 'models show']));
  });

  it('is not the answer to --version', async () => {
    expect(await sfumato(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
  });
});

describe('wrong usage exits with 2, names the command and what to do:', () => {
  it.each([
    ['no command', [], 'error: a command is missing (sfumato). See `sfumato --help`.'],
    ['an unknown command', ['inf'], "error: unknown command 'inf' (sfumato). Did you mean info? See `sfumato --help`."],
    ['a group alone', ['models'], 'error: a command is missing (sfumato models). See `sfumato models --help`.'],
    [
      'a missing argument',
      ['info'],
      "error: missing required argument 'file' (sfumato info). See `sfumato info --help`.",
    ],
    [
      'an unknown option',
      ['convert', 'a', 'b', '--forse'],
      "error: unknown option '--forse' (sfumato convert). Did you mean --force? See `sfumato convert --help`.",
    ],
    ['too many arguments', ['convert', 'a', 'b', 'c'], /^error: too many arguments.* \(sfumato convert\)\. /],
    ['an empty path', ['info', ''], /^error: \[""\] is not accepted: expected a path \(<file\.\.\.>\)\. /],
    [
      'a format that cannot be written',
      ['convert', scan, 'a.jpg'],
      /^error: this is no name of a format that can be written \(a\.jpg\)\. Writable are NIfTI/,
    ],
  ])('%s', async (_title, args, message) => {
    const { code, stdout, stderr } = await sfumato(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const last = stderr.trimEnd().split('\n').at(-1);
    expect(last).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  it('and as an event with --json', async () => {
    const { code, stdout } = await sfumato(['info', '--json']);
    expect(code).toBe(2);
    expect(parseLines(stdout)).toEqual([
      expect.objectContaining({ event: 'error', kind: 'usage', where: 'sfumato info' }),
    ]);
  });
});

describe('sfumato info', () => {
  it('prints one result for machines, with a volume for every file', async () => {
    const { code, stdout, stderr } = await sfumato(['info', scan, scan, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const events = parseLines(stdout);
    expect(events).toHaveLength(1);
    const volume = {
      path: scan,
      format: 'nifti',
      shape: [35, 48, 35],
      spacing: [1, 1, 1],
      orientation: 'RAS',
      warnings: [],
    };
    expect(events[0]).toMatchObject({ event: 'result', volumes: [volume, volume] });
  });

  it('prints the same for people', async () => {
    const { code, stdout } = await sfumato(['info', scan]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/shape +35 x 48 x 35\n.*\n +spacing +1 x 1 x 1 mm\n +orientation +RAS/);
  });

  it('exits with 3 where there is no file', async () => {
    expect(await sfumato(['info', 'nowhere.nii'])).toEqual({
      code: 3,
      stdout: '',
      stderr: 'error: there is no such file or folder (nowhere.nii). Check the path.\n',
    });
  });
});

describe('sfumato convert', () => {
  it('writes the same voxels at the same places, and overwrites only with --force', async () => {
    const out = join(temporaryFolder(), 'copy.nii');
    expect((await sfumato(['convert', scan, out])).code).toBe(0);
    const [before, after] = [await readImage(scan), await readImage(out)];
    expect(after.volume).toEqual(before.volume);

    writeFileSync(out, 'mine');
    const { code, stderr } = await sfumato(['convert', scan, out]);
    expect(code).toBe(3);
    expect(stderr).toContain(`(${out})`);
    expect(readFileSync(out, 'utf8')).toBe('mine');
    expect((await sfumato(['convert', scan, out, '--force'])).code).toBe(0);
    expect((await readImage(out)).volume).toEqual(before.volume);
  });

  it('goes by the extension, says what a format cannot hold, and what can', async () => {
    const folder = temporaryFolder();
    const before = await readImage(scan);
    for (const name of ['copy.nrrd', 'copy.mha', 'copy.mhd']) {
      const out = join(folder, name);
      expect((await sfumato(['convert', scan, out])).code).toBe(0);
      const { grid, data } = (await readImage(out)).volume;
      expect(gridDifference(grid, before.volume.grid)).toBeUndefined();
      expect(data).toEqual(before.volume.data);
    }
    const { code, stderr } = await sfumato(['convert', scan, join(folder, 'copy.png')]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/one PNG holds one slice.*folder of slices/);
  });

  it('leaves nothing behind where the input is broken', async () => {
    const folder = temporaryFolder();
    const broken = join(folder, 'broken.nii.gz');
    copyFileSync(scan, broken);
    writeFileSync(broken, readFileSync(scan).subarray(0, 20_000));
    expect((await sfumato(['convert', broken, join(folder, 'out.nii')])).code).toBe(3);
    expect(existsSync(join(folder, 'out.nii'))).toBe(false);
  });
});

describe('sfumato models', () => {
  it('lists the models of the library, for people and machines, and warns of broken ones', async () => {
    const home = temporaryFolder();
    const model = await writeModel(join(home, 'models', 'example'), exampleModel);
    await writeModel(join(home, 'models', 'broken'), exampleModel);
    writeFileSync(join(home, 'models', 'broken', 'model.json'), '{');
    const machine = await sfumato(['models', 'list', '--json'], { SFUMATO_HOME: home });
    expect(machine.code).toBe(0);
    expect(machine.stderr).toMatch(/^warning: the description is not JSON \(.+broken.+\)\. .+\n$/);
    const events = parseLines(machine.stdout);
    expect(events).toHaveLength(1);
    expect(events[0]?.['models']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'hippocampus-example', version: '1.0.0', source: 'own', sha256: model.sha256 }),
        expect.objectContaining({ folder: join(home, 'models', 'broken') }),
      ]),
    );
    const people = await sfumato(['models', 'list'], { SFUMATO_HOME: home });
    expect(people.stdout).toMatch(/^hippocampus-example +1\.0\.0 +0\.0 MiB +own +Anterior and posterior/m);
  });

  it('shows a model by name or folder', async () => {
    const home = temporaryFolder();
    const { folder, sha256 } = await writeModel(join(home, 'models', 'example'), exampleModel);
    const { stdout } = await sfumato(['models', 'show', 'hippocampus-example'], { SFUMATO_HOME: home });
    expect(stdout).toMatch(/^hippocampus-example 1\.0\.0, every file verified\n/);
    expect(stdout).toMatch(/structures +1 anterior, 2 posterior/);
    expect(stdout).toMatch(/direct +mean +dice +0\.8800 +0\.0200 +0\.8700-0\.8900 +78/);
    const machine = await sfumato(['models', 'show', folder, '--json']);
    const model = { ...exampleModel.description, folder, sha256 };
    expect(parseLines(machine.stdout)).toEqual([{ event: 'result', model: expect.objectContaining(model) as unknown }]);
  });

  it('exits with 6 for a model whose weights were changed, naming the file', async () => {
    const folder = join(temporaryFolder(), 'example');
    await writeModel(folder, exampleModel);
    writeFileSync(join(folder, 'direct.safetensors'), readFileSync(join(folder, 'diffusion.safetensors')));
    const { code, stderr } = await sfumato(['models', 'show', folder]);
    expect(code).toBe(6);
    expect(stderr).toContain(`checksum is wrong (${join(folder, 'direct.safetensors')})`);
  });
});
