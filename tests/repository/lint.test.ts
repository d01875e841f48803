import { ESLint } from 'eslint';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

// Rules are tried on text in the place of a file that exists: the compiler settings name no others.
const bottom = 'ml/check/invariant.ts';
const runtime = 'ml/engines/onnxruntime/session.ts';
const host = 'main/cli/sfumato.ts';

describe('lint', () => {
  let eslint: ESLint;
  beforeAll(() => {
    // With CI set, the parser would otherwise read each file from the disk and not see the text in its place.
    const parserOptions = { disallowAutomaticSingleRunInference: true };
    eslint = new ESLint({ cwd: root, overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions } } });
  });

  async function broken(path: string, text: string): Promise<(string | null)[]> {
    const [result] = await eslint.lintText(text, { filePath: resolve(root, path) });
    return result!.messages.map(({ ruleId }) => ruleId);
  }

  it.each([
    [bottom, `export * from 'node:fs';`],
    [bottom, `export * from 'fs';`],
    [bottom, `export * from 'electron';`],
    [bottom, `export * from 'onnxruntime-node';`],
    [bottom, `export * from '../../main/cli/program.ts';`],
    [bottom, `export * from '../../tests/support/data.ts';`],
    [runtime, `export * from 'node:fs';`],
    [runtime, `export * from '../../../main/cli/program.ts';`],
    [host, `export * from 'onnxruntime-node';`],
    [host, `export * from 'vue';`],
    [host, `export * from '../../tests/support/data.ts';`],
  ])('lets %s not say %s', async (path, text) => {
    expect(await broken(path, text)).toContain('no-restricted-imports');
  });

  it.each([
    [bottom, `export const files = await import('node:fs');`],
    [bottom, `export const host = await import('../../main/cli/program.ts');`],
    [bottom, `export const anything = (name: string): Promise<unknown> => import(name);`],
    [host, `export const runtime = await import('onnxruntime-node');`],
  ])('lets %s not say %s', async (path, text) => {
    expect(await broken(path, text)).toContain('no-restricted-syntax');
  });

  it.each([
    [bottom, `export * from './problem.ts';`],
    [bottom, `export * from 'zod';`],
    [runtime, `export * from 'onnxruntime-node';`],
    [host, `export * from 'node:fs';`],
    [host, `export * from '../../ml/check/invariant.ts';`],
  ])('lets %s say %s', async (path, text) => {
    expect(await broken(path, text)).toEqual([]);
  });

  it('finds a cycle of imports', async () => {
    const text = `import { setup } from './setup.ts';\n\nexport const again = setup;`;
    expect(await broken('tests/support/oracles.ts', text)).toContain('import-x/no-cycle');
  });

  it.each([
    ['no-restricted-properties', 'export const x = Math.random();'],
    ['no-restricted-properties', 'export const x = Date.now();'],
    ['@typescript-eslint/no-explicit-any', 'export const x: any = 1;'],
    ['import-x/no-default-export', 'export default 1;'],
    ['max-lines', 'export {};\n'.repeat(251)],
    ['max-lines-per-function', `export function f(): number {\n${'  f();\n'.repeat(40)}  return 1;\n}`],
  ])('enforces %s in ml/', async (rule, text) => {
    expect(await broken(bottom, text)).toContain(rule);
  });
});
