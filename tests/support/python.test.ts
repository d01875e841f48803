import { describe, expect, it } from 'vitest';
import { runPython } from './python.ts';

describe('runPython', () => {
  it('gives a script its arguments and its input, and returns the JSON it prints', async () => {
    const script = `import json, sys; print(json.dumps([sys.argv[1:], sys.stdin.read()]))`;
    expect(await runPython(script, ['a b', '"'], { input: 'π' })).toEqual([['a b', '"'], 'π']);
  });

  it('sees every package that the tests compare us with', async () => {
    const script = `
import json, importlib
names = ['nibabel', 'numpy', 'onnx', 'onnxruntime', 'scipy.ndimage', 'SimpleITK']
print(json.dumps([importlib.import_module(name).__name__ for name in names]))`;
    expect(await runPython(script, [])).toHaveLength(6);
  });

  it('reports the standard error of a script that fails', async () => {
    await expect(runPython('raise ValueError("no such voxel")', [])).rejects.toThrow('no such voxel');
  });

  it('reports what a script printed that is not JSON', async () => {
    await expect(runPython('print("hello")', [])).rejects.toThrow('printed no JSON: hello');
  });

  it('takes a script that does not read a large input', async () => {
    expect(await runPython('print(1)', [], { input: new Uint8Array(10_000_000) })).toBe(1);
  });
});
