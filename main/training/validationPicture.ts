import type { Vector3 } from '../../ml/volume/grid.ts';
import { regionsOf } from '../datasets/dataset.ts';
import { colourOf } from '../report/canvas.ts';
import { comparisonPicture } from '../report/comparisonPicture.ts';
import { colourOfPlace } from '../services/models/palette.ts';
import type { RunRecord } from './run.ts';

/** A validation case on the network's own grid, and what the network makes of it. */
interface Validated {
  /** [k, j, i]. */
  readonly shape: Vector3;
  /** Float32Array [channels, k, j, i], normalised. */
  readonly image: Float32Array;
  /** Uint8Array [k, j, i], places in `valuesInFiles`. */
  readonly label: Uint8Array;
  /** Uint8Array [k, j, i], class indices. */
  readonly prediction: Uint8Array;
}

/** Where the network and the reference differ on slices of a case, PNG: the prediction filled and in colour, the reference a white line. */
export function validationPicture(
  { shape: [k, j, i], image, label, prediction }: Validated,
  { plan, labels }: RunRecord,
): Uint8Array {
  return comparisonPicture({
    image: {
      // Prepared cases lie along left, posterior and superior (planSchema.ts); where they begin is not drawn.
      grid: {
        shape: [i, j, k],
        spacing: plan.spacing,
        unit: plan.unit,
        origin: [0, 0, 0],
        direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      },
      channels: plan.channels.length,
      data: image,
    },
    prediction,
    reference: classesOf(label, labels),
    structures: labels
      .map(({ name, colour }, value) => ({
        value,
        name,
        colour: colourOf(colour ?? colourOfPlace(value)),
      }))
      .slice(1),
  });
}

/** One class for every voxel: of classes that overlap the last, as `labelMap` shows predictions. */
function classesOf(label: Uint8Array, labels: RunRecord['labels']): Uint8Array {
  const regions = regionsOf(labels);
  return label.map((value) =>
    Math.max(
      0,
      regions.findLastIndex((region) => region.includes(value)),
    ),
  );
}
