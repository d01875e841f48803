import { builtinModules } from 'node:module';
import { relative, resolve } from 'node:path';
import { type Plugin, defineConfig } from 'vite';

const root = resolve(import.meta.dirname, '..');

/** `new URL('./worker.ts', import.meta.url)` names a file of ours that runs on a thread of its own: it becomes a chunk. */
const workers: Plugin = {
  name: 'workers',
  enforce: 'pre',
  async transform(code, importer) {
    const pattern = /new URL\(\s*'(\.{1,2}\/[^']+\.ts)'\s*,\s*import\.meta\.url\s*,?\s*\)/g;
    let transformed = code;
    for (const [expression, path] of code.matchAll(pattern)) {
      const worker = await this.resolve(path!, importer);
      if (worker === null) this.error(`${importer} starts ${path!}, which does not exist`);
      const name = `${relative(root, worker.id).replace(/\.ts$/, '').replaceAll(/[\\/]/g, '-')}.js`;
      this.emitFile({ type: 'chunk', id: worker.id, fileName: name });
      transformed = transformed.replaceAll(expression, `new URL('./${name}', import.meta.url)`);
    }
    return transformed === code ? undefined : { code: transformed, map: null };
  },
};

/**
 * The command line for production. Chunks lie as deep as the files of main/ do, so that a path relative to
 * `import.meta.url` (`../../resources`) means the same in both.
 */
export default defineConfig({
  root,
  plugins: [workers],
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist/cli',
    emptyOutDir: true,
    sourcemap: true,
    rolldownOptions: {
      // The command line, and the host as Electron's main process loads it.
      input: { sfumato: 'build/sfumato.ts', embedded: 'main/host/embedded.ts' },
      external: [...builtinModules, /^node:/, /^[^./\0][^:]*$/],
      output: { format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
