import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineCommand, onCommandLine } from '../../../main/cli/command.ts';
import { channel, device, engine, force, model, out, seed, threads } from '../../../main/cli/options.ts';
import { createReporter } from '../../../main/cli/reporter.ts';

const ask = z.object({ seed, threads, device, engine, force, channel, out, model });
const interruption = { signal: new AbortController().signal, begin: () => undefined, resumeBy: () => undefined };
const needed = ['--out', 'o', '--model', 'm'];

function parse(argv: readonly string[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const trial = defineCommand({
      name: 'trial',
      summary: 'takes every option',
      ask,
      run: (asked) => {
        resolve(asked);
        return Promise.resolve();
      },
    });
    const program = new Command('sfumato');
    const { stdout, stderr } = process;
    const reporter = createReporter({ stdout, stderr, format: 'text', environment: {}, now: () => 0 });
    trial.attach(program, { reporter, interruption });
    program.parseAsync(['trial', ...argv], { from: 'user' }).catch(reject);
  });
}

describe('the options that commands share', () => {
  it('have the defaults of the contract', async () => {
    expect(await parse(needed)).toEqual({
      seed: 0,
      threads: availableParallelism(),
      device: 'auto',
      engine: 'onnxruntime',
      force: false,
      channel: [],
      out: 'o',
      model: 'm',
    });
  });

  it('take what is typed', async () => {
    const channels = ['--channel', 'T1=a=b.nii', '--channel', 'FLAIR=c.nii'];
    expect(
      await parse([...needed, '--seed', '7', '--threads', '3', '--device', 'webgpu', '--force', ...channels]),
    ).toMatchObject({
      seed: 7,
      threads: 3,
      device: 'webgpu',
      force: true,
      channel: [
        { name: 'T1', file: 'a=b.nii' },
        { name: 'FLAIR', file: 'c.nii' },
      ],
    });
  });

  it.each([
    ['--seed <number>', ['--seed', '-1']],
    ['--seed <number>', ['--seed', '1e3']],
    ['--seed <number>', ['--seed', '99999999999999999999']],
    ['--seed <number>', ['--seed', '']],
    ['--threads <number>', ['--threads', '0']],
    ['--threads <number>', ['--threads', '2.5']],
    ['--device <device>', ['--device', 'tpu']],
    ['--engine <engine>', ['--engine', 'tensorflow']],
    ['--channel <name=file>', ['--channel', 'T1']],
    ['--channel <name=file>', ['--channel', '=file']],
    ['--channel <name=file>', ['--channel', 'T1=a', '--channel', 'T1=b']],
  ])('refuse at %s: %j', async (where, argv) => {
    await expect(parse([...needed, ...argv])).rejects.toMatchObject({ name: 'Problem', kind: 'usage', where });
  });

  it('say which one is missing', async () => {
    await expect(parse(['--model', 'm'])).rejects.toMatchObject({
      kind: 'usage',
      what: 'this must be given',
      where: '--out <folder>',
    });
  });
});

describe('defineCommand', () => {
  it('refuses a field that cannot be typed, and an option under another name', () => {
    const run = () => Promise.resolve();
    expect(() => defineCommand({ name: 'a', summary: '', ask: z.object({ x: z.string() }), run })).toThrow(
      /x has a place/,
    );
    const misnamed = onCommandLine(z.string(), { usage: '--other <x>', summary: '' });
    const command = defineCommand({ name: 'a', summary: '', ask: z.object({ x: misnamed }), run });
    const reporter = createReporter({ ...process, format: 'text', environment: {}, now: () => 0 });
    expect(() => {
      command.attach(new Command(), { reporter, interruption });
    }).toThrow(/--other <x> fills x/);
  });
});
