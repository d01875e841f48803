import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Arch, build, Platform } from 'electron-builder';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const root = join(import.meta.dirname, '../..');
const engine = 'node_modules/onnxruntime-node';

/** Files and folders at any depth. */
const entriesOf = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();

const natives = entriesOf(join(root, engine)).filter((path) => /^bin\/.*\.(node|dll|dylib|so(\.\d+)?)$/.test(path));

/** Writes small files: what counts is where they end. */
function touch(folder: string, paths: readonly string[], text = 'x'): void {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** An application of our shape, with an engine that holds files of the names that the real one does. */
function smallProject(): string {
  const folder = temporaryFolder();
  const about = { name: 'sfumato', version: '0.1.0', license: 'Apache-2.0', main: 'dist/electron/main.cjs' };
  touch(folder, ['package.json'], JSON.stringify({ ...about, dependencies: { 'onnxruntime-node': '1.0.0' } }));
  touch(join(folder, engine), ['package.json'], JSON.stringify({ name: 'onnxruntime-node', version: '1.0.0' }));
  touch(join(folder, engine), natives);
  touch(folder, ['dist/electron/main.cjs', 'dist/cli/main.js', 'dist/renderer/index.html', 'NOTICE', 'LICENSE']);
  touch(folder, ['resources/icon.icns', 'resources/models/a/model.json']);
  copyFileSync(join(root, 'resources/icon.png'), join(folder, 'resources/icon.png'));
  symlinkSync(join(root, 'build'), join(folder, 'build'));
  return folder;
}

const list =
  '<?xml version="1.0"?><plist version="1.0"><dict><key>CFBundleName</key><string>Electron</string></dict></plist>';

/** A distribution of Electron as electron-builder takes it apart, for every system. */
function emptyElectron(): string {
  const folder = temporaryFolder();
  const contents = 'Electron.app/Contents';
  const helpers = ['', ' (Renderer)', ' (GPU)', ' (Plugin)'].map((kind) => `Electron Helper${kind}`);
  touch(folder, ['electron', 'electron.exe', 'version', 'LICENSE', 'locales/en-US.pak']);
  touch(folder, [`${contents}/MacOS/Electron`, `${contents}/Resources/en.lproj/x`]);
  touch(folder, [`${contents}/Frameworks/Electron Framework.framework/Versions/A/Resources/en.lproj/x`]);
  touch(
    folder,
    [`${contents}/Info.plist`, ...helpers.map((name) => `${contents}/Frameworks/${name}.app/Contents/Info.plist`)],
    list,
  );
  touch(
    folder,
    helpers.map((name) => `${contents}/Frameworks/${name}.app/Contents/MacOS/${name}`),
  );
  return folder;
}

/** Packs for systems that are not here: nothing is run of what they would run, no icon is drawn, nothing is signed. */
async function pack(platform: Platform, ...architectures: readonly Arch[]): Promise<string> {
  const output = temporaryFolder();
  await build({
    projectDir: smallProject(),
    publish: 'never',
    targets: new Map([[platform, new Map(architectures.map((one) => [one, ['dir']]))]]),
    config: {
      extends: join(root, 'build/electron-builder.yml'),
      electronDist: emptyElectron(),
      electronVersion: '45.4.1',
      directories: { output, buildResources: 'resources' },
      afterPack: null,
      disableAsarIntegrity: true,
      win: { signAndEditExecutable: false },
      mac: { icon: 'resources/icon.icns', identity: null },
    },
  });
  return output;
}

const engineIn = (folder: string): string[] =>
  entriesOf(folder).filter((path) => path.includes(`app.asar.unpacked/${engine}/bin`) && path.endsWith('.node'));

const unpacked = (resources: string, system: string) =>
  `${resources}/app.asar.unpacked/${engine}/bin/napi-v6/${system}/onnxruntime_binding.node`;

it.each([
  [Platform.LINUX, 'linux', 'linux'],
  [Platform.WINDOWS, 'win32', 'win'],
])(
  'packages for $name hold the engine of their own system and processor, outside the archive',
  async (platform, system, folder) => {
    const output = await pack(platform, Arch.x64, Arch.arm64);
    expect(engineIn(output)).toEqual([
      unpacked(`${folder}-arm64-unpacked/resources`, `${system}/arm64`),
      unpacked(`${folder}-unpacked/resources`, `${system}/x64`),
    ]);
    for (const file of ['dist/cli/main.js', 'resources/models/a/model.json', 'NOTICE'])
      expect(
        entriesOf(output).filter((path) => path.endsWith(`app.asar.unpacked/${file}`)),
        file,
      ).toHaveLength(2);
  },
);

it('packages for macOS hold its engine, and name the files that they open', async () => {
  const output = await pack(Platform.MAC, Arch.arm64);
  const contents = 'mac-arm64/Sfumato.app/Contents';
  expect(engineIn(output)).toEqual([unpacked(`${contents}/Resources`, 'darwin/arm64')]);
  const about = readFileSync(join(output, contents, 'Info.plist'), 'utf8');
  for (const word of ['org.sfumato.desktop', 'dcm', 'nii', 'nrrd', 'mha', 'Viewer'])
    expect(about).toContain(`<string>${word}</string>`);
});

it('no package is built for what the engine has no libraries of', () => {
  const configuration = readFileSync(join(root, 'build/electron-builder.yml'), 'utf8');
  const systems = { linux: 'linux', mac: 'darwin', win: 'win32' };
  for (const [section, system] of Object.entries(systems)) {
    const [, targets = ''] = new RegExp(`^${section}:\n(?:  .*\n)*?  target: (.*)$`, 'm').exec(configuration) ?? [];
    const [, architectures = ''] = /arch: \[(.*?)\]/.exec(targets) ?? [];
    for (const one of architectures.split(', '))
      expect(natives.filter((path) => path.includes(`/${system}/${one}/`))).not.toEqual([]);
  }
});

it('the icon is large enough for every system', () => {
  // PNG: width and height follow the signature, a length and `IHDR`. macOS wants 512, Windows 256.
  const icon = readFileSync(join(root, 'resources/icon.png'));
  expect([icon.readUInt32BE(16), icon.readUInt32BE(20)]).toEqual([512, 512]);
});
