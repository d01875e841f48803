import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Grid, Vector3 } from '../../../ml/volume/grid.ts';
import { type PythonOptions, runPython } from '../../support/python.ts';

/** A pair of label volumes that Python drew, with what an oracle says of it. */
export interface OraclePair<Expected> {
  readonly name: string;
  readonly grid: Grid;
  readonly prediction: Uint8Array;
  readonly reference: Uint8Array;
  readonly expected: Expected;
}

interface Message<Expected> {
  readonly name: string;
  readonly shape: Vector3;
  readonly spacing: Vector3;
  readonly prediction: string;
  readonly reference: string;
  readonly expected: Expected;
}

// Arrays are indexed [i, j, k] here, as nibabel gives them; ours are [k, j, i], i fastest, which is Fortran order.
const draw = `
import base64, json, sys, warnings
import numpy as np
import nibabel
from scipy import ndimage
warnings.simplefilter('ignore')
rng = np.random.default_rng(7)

def blob(shape, level=0.15, sigma=2.0):
    return (ndimage.gaussian_filter(rng.standard_normal(shape), sigma) > level * 0.12).astype(np.uint8)

def perturbed(labels):
    yield 'shifted', np.roll(labels, (1, -2, 1), (0, 1, 2))
    yield 'eroded', labels * ndimage.binary_erosion(labels > 0)
    noise = ndimage.gaussian_filter(rng.standard_normal(labels.shape), 1.0) > 0.12
    yield 'noisy', np.where(noise, np.roll(labels, 1, 0), labels)
    yield 'the same', labels.copy()

def pairs():
    for shape, spacing in [((21, 17, 13), (0.7, 1.3, 4.0)), ((9, 30, 11), (2.5, 0.5, 1.0)), ((16, 16, 16), (1.0, 1.0, 1.0))]:
        reference = blob(shape)
        yield f'blob {spacing}', spacing, blob(shape), reference
        yield f'flipped blob {spacing}', spacing, np.where(rng.random(shape) < 0.05, 1 - reference, reference), reference
    yield 'picture', (0.7, 1.9, 1.0), blob((40, 31, 1), 0.1, (2, 2, 0)), blob((40, 31, 1), 0.1, (2, 2, 0))
    for name in sys.argv[1:]:
        labels = np.asarray(nibabel.load(name).dataobj).astype(np.uint8)
        for kind, prediction in perturbed(labels):
            yield f'{name.split("/")[-1]} {kind}', (1.0, 1.0, 1.0), prediction, labels

def text(array):
    return base64.b64encode(array.astype(np.uint8).tobytes('F')).decode()

def squeezed(mask, spacing):
    return (mask[:, :, 0], spacing[:2]) if mask.shape[2] == 1 else (mask, spacing)
`;

const print = `
print(json.dumps([
    {'name': name, 'shape': prediction.shape, 'spacing': spacing, 'prediction': text(prediction), 'reference': text(reference),
     'expected': {str(value): expected(*squeezed(prediction == value, spacing), squeezed(reference == value, spacing)[0])
                  for value in range(1, int(reference.max()) + 1)}}
    for name, spacing, prediction, reference in pairs()], allow_nan=False))
`;

/** Some real hippocampi. */
function realLabels(): string[] {
  const folder = resolve(import.meta.dirname, '../../data/hippocampus/labelsTr');
  return readdirSync(folder)
    .slice(0, 3)
    .map((file) => join(folder, file));
}

/**
 * Random blobs and perturbed real labels, each with an oracle's answers by label value.
 *
 * @param oracle Python that defines `expected(prediction, spacing, reference)` on boolean arrays `[i, j, k]` or `[i, j]`, both
 *   non-empty, giving what JSON can say.
 */
export async function oraclePairs<Expected>(
  oracle: string,
  options: PythonOptions = {},
): Promise<OraclePair<Readonly<Record<string, Expected>>>[]> {
  const script = `${draw}\n${oracle}\n${print}`;
  const messages = await runPython<Message<Readonly<Record<string, Expected>>>[]>(script, realLabels(), options);
  return messages.map(({ name, shape, spacing, prediction, reference, expected }) => ({
    name,
    grid: gridOf(shape, spacing),
    prediction: bytes(prediction),
    reference: bytes(reference),
    expected,
  }));
}

export const gridOf = (shape: Vector3, spacing: Vector3, unit: Grid['unit'] = 'mm'): Grid => ({
  shape,
  spacing,
  unit,
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
});

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
