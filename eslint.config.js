import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

/**
 * What a layer may not import. A later flat-config block replaces a rule's options wholesale, so each file matches exactly one zone.
 */
const upwards = String.raw`^(\.\./)+(main|renderer|tests|build|resources)/`;
/** What of ml/ is plain enough for a window. */
const pure = 'volume/|check/|surfaces/|uncertainty/';
const screens = String.raw`^\.\./(viewer|library|segment|editor|export|jobs|training|settings|space|session|stores|flows|components|host)/`;
const zones = [
  {
    files: ['ml/**/*.ts'],
    ignores: ['ml/engines/onnxruntime/**'],
    regex: String.raw`^(?!\.\.?/|zod$)|${upwards}`,
    message: 'ml/ is the bottom layer: no files, no window, no runtime outside ml/engines.',
  },
  {
    files: ['ml/engines/onnxruntime/**/*.ts'],
    regex: String.raw`^(?!\.\.?/|zod$|pbf$|onnxruntime-)|${upwards}`,
    message: 'ml/ is the bottom layer: no files, no window.',
  },
  {
    files: ['main/**/*.ts'],
    regex: String.raw`^(vue|pinia|@kitware/|onnxruntime)|^(\.\./)+(renderer|tests|build)/`,
    message: 'main reaches the runtime through ml/engines, and never the renderer.',
  },
  {
    files: ['renderer/{slices,editing,measurements}/**/*.ts'],
    regex: String.raw`^(?!\.\.?/|zod$)|^(\.\./)+(tests|build|resources)/|/main/(?!contract/)|/ml/(?!${pure})|${screens}`,
    message: 'slices, editing and measurements are plain functions: no window, no screens.',
  },
  {
    files: ['renderer/**/*.{ts,vue}'],
    ignores: ['renderer/{slices,editing,measurements}/**'],
    regex: String.raw`^(electron|node:|onnxruntime)|^(\.\./)+(tests|build|resources)/|/main/(?!contract/)|/ml/(?!${pure})`,
    message: 'The renderer reaches the host only through main/contract.',
  },
];

/** `no-restricted-imports` sees no `import()`. Selectors cannot hold a slash. */
const forbidden = ({ regex, message }) => ({
  'no-restricted-imports': ['error', { patterns: [{ regex, message }] }],
  'no-restricted-syntax': [
    'error',
    { selector: `ImportExpression[source.value=/${regex.replaceAll('/', String.raw`\u002F`)}/]`, message },
    { selector: 'ImportExpression[source.type!="Literal"]', message: 'Say what is imported.' },
  ],
});

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'coverage/**', 'tests/data/**'] },
  {
    files: ['**/*.ts', '**/*.vue'],
    extends: [
      ...tseslint.configs.strictTypeChecked,
      ...tseslint.configs.stylisticTypeChecked,
      ...vue.configs['flat/recommended'],
    ],
    plugins: { 'import-x': importX },
    settings: {
      // Without these two the plugin reads no .ts file, and no-cycle is silent.
      'import-x/extensions': ['.ts'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [createTypeScriptImportResolver()],
    },
    languageOptions: {
      parserOptions: {
        parser: tseslint.parser,
        extraFileExtensions: ['.vue'],
        project: [
          './tsconfig.json',
          './ml/tsconfig.json',
          './renderer/tsconfig.json',
          './tests/renderer/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as' }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/prefer-optional-chain': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  ...zones.map(({ files, ignores, ...zone }) => ({ files, ...(ignores ? { ignores } : {}), rules: forbidden(zone) })),
  {
    files: ['ml/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Take an Rng argument: same seed, same bytes.' },
        { object: 'Date', property: 'now', message: 'Take the time as an argument.' },
      ],
    },
  },
  {
    files: ['**/*.vue'],
    rules: {
      // A single-file component is a default export.
      'import-x/no-default-export': 'off',
      'vue/multi-word-component-names': ['error', { ignores: ['App'] }],
      'vue/html-self-closing': ['error', { html: { void: 'always' } }],
      // What may be left out is `undefined`, as in TypeScript.
      'vue/require-default-prop': 'off',
      // Prettier breaks lines.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
    },
  },
  {
    files: ['tests/**/*.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: ['*.config.ts', 'build/**/*.config.ts', 'renderer/vue.d.ts'],
    rules: { 'import-x/no-default-export': 'off' },
  },
);
