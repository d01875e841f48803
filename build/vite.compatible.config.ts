import cascadeLayers from '@csstools/postcss-cascade-layers';
import { resolve } from 'node:path';
import { mergeConfig, type Plugin } from 'vite';
import renderer from './vite.renderer.config.ts';

const root = resolve(import.meta.dirname, '..');

/** What Chromium 83 lacks of the language's own library comes before anything else. */
const coreJs: Plugin = {
  name: 'core-js',
  enforce: 'pre',
  transform: (code, id) => (id === resolve(root, 'renderer/main.ts') ? `import 'core-js/stable';\n${code}` : undefined),
};

/** Vuetify writes its colours into the page while it runs, in layers: there they become blocks that hold for every medium. */
const themeWithoutLayers: Plugin = {
  name: 'theme-without-layers',
  transform: (code, id) =>
    id.endsWith('/vuetify/lib/composables/theme.js') ? code.replaceAll(/@layer [\w-]+ \{/g, '@media all {') : undefined,
};

const translucent =
  /color-mix\(in srgb, rgb\((var\(--[\w-]+\))\) (?:calc\((var\(--[\w-]+\)) \* 100%\)|(\d+%)), transparent\)/g;

/** Vuetify's text is a colour mixed with nothing, which can be said as a colour with an opacity. Without it text is black. */
const withoutColorMix = {
  postcssPlugin: 'without-color-mix',
  Declaration: (declaration: { value: string }) => {
    declaration.value = declaration.value.replaceAll(
      translucent,
      (_whole, colour: string, variable?: string, percent?: string) => `rgba(${colour}, ${variable ?? percent})`,
    );
  },
};

/** The interface for the oldest Electron that tests run (Chromium 83), which knows neither cascade layers nor `color-mix`. For those tests only. */
export default mergeConfig(renderer, {
  plugins: [coreJs, themeWithoutLayers],
  css: { postcss: { plugins: [withoutColorMix, cascadeLayers()] } },
  build: {
    target: 'chrome83',
    cssTarget: 'chrome83',
    outDir: resolve(root, 'dist/renderer-compatible'),
    sourcemap: false,
  },
});
