import { expect, it } from 'vitest';
import { scoreCase } from '../../../ml/evaluation/caseScores.ts';
import { oraclePairs } from './maskPairs.ts';

const oracle = `
import torch
from monai.metrics import compute_average_surface_distance, compute_dice, compute_hausdorff_distance
def expected(p, spacing, y):
    p, y = (torch.from_numpy(np.ascontiguousarray(mask))[None, None] for mask in (p, y))
    return {
        'dice': float(compute_dice(p, y, include_background=True)),
        'hausdorff95': float(compute_hausdorff_distance(p, y, include_background=True, percentile=95, spacing=spacing)),
        'averageSurfaceDistance': float(
            compute_average_surface_distance(p, y, include_background=True, symmetric=True, spacing=spacing)),
    }
`;

it('overlap and surface distances are those of MONAI', async () => {
  const pairs = await oraclePairs<Record<string, number>>(oracle, { oracles: 'torch' });
  for (const { name, grid, prediction, reference, expected } of pairs) {
    for (const [value, scores] of Object.entries(expected)) {
      const [ours] = scoreCase(prediction, reference, grid, [{ value: Number(value), name }], 1);
      for (const [metric, score] of Object.entries(scores)) {
        expect(ours, `${name}: ${metric}`).toHaveProperty(metric, expect.closeTo(score, 4));
      }
    }
  }
});
