import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where Electron's binary lies within its distribution. */
const electronNames: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: join('Electron.app', 'Contents', 'MacOS', 'Electron'),
  win32: 'electron.exe',
};

/** Names that Chromium and its like go by, and where systems keep them that are on no path. */
const browserNames = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'chrome',
];
const browserPlaces: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

/** The binary that `SFUMATO_ELECTRON` names, or that of the installed package; undefined where neither is there. */
export function findElectron(root: string, environment: Environment, platform = process.platform): string | undefined {
  const own = join(root, 'node_modules', 'electron', 'dist', electronNames[platform] ?? 'electron');
  return [environment['SFUMATO_ELECTRON'], own].find((path) => path !== undefined && path !== '' && existsSync(path));
}

export function findBrowser(environment: Environment, platform = process.platform): string | undefined {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const suffix = platform === 'win32' ? '.exe' : '';
  const onPath = browserNames.flatMap((name) => folders.map((folder) => join(folder, name + suffix)));
  return [...onPath, ...(browserPlaces[platform] ?? [])].find((path) => existsSync(path));
}

/** Whether windows can be shown at all. */
export const hasDisplay = (environment: Environment, platform = process.platform): boolean =>
  platform !== 'linux' || Boolean(environment['DISPLAY']) || Boolean(environment['WAYLAND_DISPLAY']);
