import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const root = resolve(import.meta.dirname, '..');

/** The host is a module of the command line's build, which Electron loads from beside the archive as it stands. */
const embeddedHost: Plugin = {
  name: 'embedded-host',
  enforce: 'pre',
  resolveId: (source) =>
    source.endsWith('/host/embedded.ts') ? { id: '../cli/embedded.js', external: 'relative' } : undefined,
};

/**
 * Electron's main process (`--mode main`) and the preload script (`--mode preload`), each one file: a sandboxed preload can load no other. The target is the oldest Electron that tests run, whose Node 12 knows no `node:` in the names of
 * its modules; the host itself is not in here.
 */
export default defineConfig(({ mode }) => ({
  root,
  plugins: [embeddedHost],
  ssr: { noExternal: true, external: ['electron'] },
  build: {
    ssr: true,
    target: 'node12',
    outDir: 'dist/electron',
    emptyOutDir: false,
    sourcemap: true,
    rolldownOptions: {
      input: `main/${mode}.ts`,
      external: ['electron', ...builtinModules, /^node:/],
      output: {
        format: 'cjs',
        entryFileNames: '[name].cjs',
        paths: (id: string) => id.replace(/^node:/, ''),
      },
    },
  },
}));
