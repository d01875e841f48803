import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const commandLine = join(resolve(import.meta.dirname, '../../../..'), 'main/cli/sfumato.mjs');

it('runs networks without the usage data that the runtime gathers for its makers', () => {
  const home = temporaryFolder();
  const env: NodeJS.ProcessEnv = { ...process.env, HOME: home, XDG_CACHE_HOME: join(home, 'cache') };
  delete env['ORT_DISABLE_TELEMETRY'];
  const listed = execFileSync(process.execPath, [commandLine, 'devices'], { env, encoding: 'utf8' });
  expect(listed).toContain('works');
  expect(readdirSync(home, { recursive: true })).toEqual([]);
}, 120_000);
