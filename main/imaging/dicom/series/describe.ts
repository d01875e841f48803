import { describeGrid } from '../../describeGrid.ts';
import { caseName } from '../../caseName.ts';
import type { ImageDescription } from '../../reader.ts';
import type { Entry } from '../scan/entry.ts';
import { componentsOf } from './planesOf.ts';
import type { Quantity } from './quantity.ts';
import type { Stack } from './stack.ts';
import { storedType } from './storedType.ts';

/** @param scanned What was said of the whole path. */
export function describeStack(
  path: string,
  stack: Stack<Entry>,
  quantity: Quantity,
  scanned: readonly string[],
): ImageDescription {
  const frames = stack.frames.flat();
  const { instance, scaling } = frames[0]!;
  const objects = [...new Set(frames.map((frame) => frame.instance))];
  const isSameScaling = frames.every(
    (frame) => frame.scaling.slope === scaling.slope && frame.scaling.intercept === scaling.intercept,
  );
  const hasRescale = isSameScaling && !scaling.table && (scaling.slope !== 1 || scaling.intercept !== 0);
  const { grid } = stack;
  const dimensions = stack.isPlaced || stack.frames.length > 1 ? 3 : 2;
  const shape = [...grid.shape.slice(0, dimensions), ...(stack.frames.length > 1 ? [stack.frames.length] : [])];
  const geometry = describeGrid(grid);
  return {
    path,
    format: 'dicom',
    modality: instance.modality ?? null,
    description: [instance.description, stack.label].filter((word) => word !== '').join(', '),
    name: nameOf(stack),
    shape,
    components: componentsOf(instance.stored),
    dataType: storedType(objects.map(({ stored }) => stored)),
    ...geometry,
    spacing: geometry.spacing && geometry.spacing.slice(0, stack.thicknessKnown ? 3 : 2),
    transferSyntax: [...new Set(objects.map(({ transferSyntax }) => transferSyntax))].join(', '),
    rescale: hasRescale ? { slope: scaling.slope, intercept: scaling.intercept } : null,
    unit: quantity.unit,
    frames: frames.length,
    files: new Set(objects.map(({ path: file }) => file)).size,
    warnings: [...scanned, ...stack.warnings, ...stack.irregular, ...quantity.notes],
  };
}

/** Description and number of the series, else its modality and number: never who the patient is. */
function nameOf({ frames, label }: Stack<Entry>): string | undefined {
  const { description, modality, seriesNumber } = frames[0]![0]!.instance;
  const words = [description === '' ? modality : description, label, seriesNumber];
  const name = words.filter((word) => word !== undefined && word !== '').join(' ');
  return name === '' ? undefined : caseName(name.replaceAll(/[\\/]/g, ' '));
}
