import type { CaseScores, StructureComparison, StructureSummary } from '../../ml/evaluation/caseSummary.ts';
import type { Grid } from '../../ml/volume/grid.ts';
import type { ReliabilityBin } from '../../ml/uncertainty/calibration.ts';

/** What `evaluate` found, ready to be written; plain data. */
export interface Evaluation {
  /** What was evaluated, in words. */
  readonly title: string;
  /** Name of the model, or of the folder of predictions. */
  readonly model: string;
  /** In which distances are counted; one for all cases. */
  readonly distanceUnit: Grid['unit'];
  /** Of the surface Dice, in `distanceUnit`. */
  readonly tolerance: number;
  readonly cases: readonly CaseScores[];
  readonly summary: readonly StructureSummary[];
  /** Paired differences, this model less the other. */
  readonly comparison?: { readonly model: string; readonly structures: readonly StructureComparison[] };
  /** Inside the foreground dilated by 5 mm (10 voxels), all cases together. */
  readonly calibration?: { readonly error: number | undefined; readonly bins: readonly ReliabilityBin[] };
  /** What a reader must know: cases that were left out, and why. */
  readonly warnings: readonly string[];
}
