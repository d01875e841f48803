import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FuseState } from '@electron/fuses/dist/constants.js';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { expect, it } from 'vitest';
import afterPack from '../../build/packaging/flipFuses.mjs';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const configuration = join(import.meta.dirname, '../../build/electron-builder.yml');

it.each([
  ['linux', 'sfumato'],
  ['win32', 'Sfumato.exe'],
])('packages for %s run no Node, take no debugger, and load the archive alone', async (electronPlatformName, name) => {
  expect(readFileSync(configuration, 'utf8')).toMatch(/^afterPack: build\/packaging\/flipFuses\.mjs$/m);
  const appOutDir = temporaryFolder();
  const binary = join(appOutDir, name);
  // Where the bits stand in a binary of Electron: behind this mark, a version and their number. All are as Electron ships them.
  writeFileSync(binary, Buffer.from('...dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\x01\x0810110001...'));
  const packager = { appInfo: { productFilename: 'Sfumato' }, executableName: 'sfumato', config: {} };
  await afterPack({ appOutDir, electronPlatformName, packager });
  expect(await getCurrentFuseWire(binary)).toMatchObject({
    [FuseV1Options.RunAsNode]: FuseState.DISABLE,
    [FuseV1Options.EnableCookieEncryption]: FuseState.ENABLE,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: FuseState.DISABLE,
    [FuseV1Options.EnableNodeCliInspectArguments]: FuseState.DISABLE,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: FuseState.ENABLE,
    [FuseV1Options.OnlyLoadAppFromAsar]: FuseState.ENABLE,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: FuseState.DISABLE,
  });
});
