import { join } from 'node:path';
import { flipFuses } from '@electron/fuses';
import { fuses } from './fuses.mjs';

/** Where the binary lies in what electron-builder packed. */
const binaries = {
  darwin: (name) => join(`${name}.app`, 'Contents', 'MacOS', name),
  win32: (name) => `${name}.exe`,
  linux: (_name, executable) => executable,
};

/** Called by electron-builder once a package is put together, before it is signed. */
export default async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const { productFilename } = packager.appInfo;
  const binary = binaries[electronPlatformName](productFilename, packager.executableName);
  // An Electron that tests package may be older than fuses are.
  if (Number.parseInt(packager.config.electronVersion ?? '45', 10) < 12) return;
  await flipFuses(join(appOutDir, binary), fuses);
}
