import vue from '@vitejs/plugin-vue';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import vuetify from 'vite-plugin-vuetify';

const root = resolve(import.meta.dirname, '..');

/** The interface, as files that the local server and Electron's window serve. vtk.js is a chunk that only 3-D views load. */
export default defineConfig({
  root: resolve(root, 'renderer'),
  base: './',
  plugins: [vue(), vuetify({ autoImport: true })],
  build: {
    target: 'chrome111',
    outDir: resolve(root, 'dist/renderer'),
    emptyOutDir: true,
    sourcemap: true,
    chunkSizeWarningLimit: 1500,
  },
  worker: { format: 'es' },
});
