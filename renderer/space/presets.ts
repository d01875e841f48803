import vtkColorTransferFunction from '@kitware/vtk.js/Rendering/Core/ColorTransferFunction';
import vtkPiecewiseFunction from '@kitware/vtk.js/Common/DataModel/PiecewiseFunction';
import type { VolumeFacts } from '../../main/contract/volumes.ts';

export const presets = ['surfaces', 'soft', 'bone', 'mip'] as const;
export type Preset = (typeof presets)[number];

/** Value, red, green, blue and opacity in 0..1. */
type Stop = readonly [value: number, red: number, green: number, blue: number, opacity: number];

/** In HU: fat is below 0, muscle near 50, bone above 250. */
const hounsfield: Readonly<Record<'soft' | 'bone', readonly Stop[]>> = {
  soft: [
    [-200, 0.4, 0.2, 0.15, 0],
    [-20, 0.75, 0.45, 0.35, 0.05],
    [60, 0.85, 0.5, 0.42, 0.25],
    [250, 0.95, 0.88, 0.78, 0.6],
    [1200, 1, 1, 0.97, 0.9],
  ],
  bone: [
    [120, 0.7, 0.4, 0.3, 0],
    [250, 0.88, 0.78, 0.62, 0.2],
    [500, 0.97, 0.93, 0.85, 0.6],
    [1500, 1, 1, 0.98, 0.9],
  ],
};

/** The same by parts of the range, for values that have no scale of their own. */
const relative: Readonly<Record<'soft' | 'bone', readonly Stop[]>> = {
  soft: [
    [0.15, 0.3, 0.2, 0.16, 0],
    [0.4, 0.72, 0.55, 0.48, 0.04],
    [0.75, 0.9, 0.82, 0.76, 0.25],
    [1, 1, 0.98, 0.95, 0.6],
  ],
  bone: [
    [0.6, 0.7, 0.5, 0.4, 0],
    [0.8, 0.9, 0.8, 0.7, 0.3],
    [1, 1, 0.98, 0.95, 0.8],
  ],
};

function stopsOf({ range, unit, modality }: VolumeFacts, preset: 'soft' | 'bone' | 'mip'): readonly Stop[] {
  const { low, high } = range;
  if (preset === 'mip') {
    return [
      [low, 0, 0, 0, 0],
      [high, 1, 1, 1, 1],
    ];
  }
  if (modality === 'CT' || unit === 'HU') return hounsfield[preset];
  return relative[preset].map(([part, ...rest]) => [low + part * (high - low), ...rest]);
}

/** How values become colours and opacities in the volume rendering. */
export function transferFunctions(facts: VolumeFacts, preset: 'soft' | 'bone' | 'mip') {
  const colour = vtkColorTransferFunction.newInstance();
  const opacity = vtkPiecewiseFunction.newInstance();
  for (const [value, red, green, blue, alpha] of stopsOf(facts, preset)) {
    colour.addRGBPoint(value, red, green, blue);
    opacity.addPoint(value, alpha);
  }
  return { colour, opacity };
}
