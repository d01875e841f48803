import type { CaseScores, StructureComparison, StructureSummary } from '../../ml/evaluation/caseSummary.ts';
import type { SmallSummary } from '../../ml/evaluation/smallObjects.ts';
import type { Interval } from '../../ml/evaluation/bootstrap.ts';
import type { Summary } from '../../ml/evaluation/summary.ts';
import type { Grid } from '../../ml/volume/grid.ts';
import type { FittedTemperature } from '../../ml/uncertainty/temperature.ts';
import type { ReliabilityBin } from '../../ml/uncertainty/calibration.ts';

/** A case as it was evaluated. */
export interface EvaluatedCase extends CaseScores {
  /** To prepare, segment and resample it, reading and writing left out; undefined where the masks were given. */
  readonly seconds: number | undefined;
  /** Whether a model was trained on this case or on another of the same person; undefined where that is not known. */
  readonly seen: boolean | undefined;
}

interface Identity {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

/** What made the masks, enough to make them again. */
export interface EvaluatedModel extends Identity {
  /** Further models whose samples were taken together with its own. */
  readonly others: readonly Identity[];
  readonly method: string;
  /** Sampler and steps are `null` where the method draws no samples. */
  readonly sampler: string | null;
  readonly steps: number | null;
  readonly samples: number;
  /** Whether samples saw the image turned, moved and scaled a little. */
  readonly augment: boolean;
  readonly seed: number;
  readonly engine: string;
  readonly device: string;
  readonly deviceReasons: readonly string[];
  readonly threads: number;
}

/** Masks of one origin over all cases. */
export interface Evaluated {
  /** Name of the model and how it was run, or the folder of predictions. */
  readonly model: string;
  /** undefined where the masks were given. */
  readonly madeBy: EvaluatedModel | undefined;
  /** The worst first, by the mean Dice of the structures. */
  readonly cases: readonly EvaluatedCase[];
  readonly summary: readonly StructureSummary[];
  /** The same over the cases in which a structure is smallest. */
  readonly small?: readonly SmallSummary[];
  /** Of one case; undefined where the masks were given. */
  readonly seconds: Summary | undefined;
  /** Undefined where the masks were given, or the data set does not label all that the model segments. */
  readonly uncertainty?: EvaluatedUncertainty | undefined;
}

/** How far the uncertainty of a model can be trusted (methods.md section 5). */
export interface EvaluatedUncertainty {
  /** Area under the ROC curve of entropy for wrong voxels, near the boundaries; 0.5: no better than chance. */
  readonly errorDetection: Summary | undefined;
  /** Share of the error that is seen when the most uncertain slices of a case are looked at first, as an area; 0.5: any order. */
  readonly sliceReview: Summary | undefined;
  /** The same for whole cases. */
  readonly caseReview: { readonly area: number; readonly interval: Interval | undefined } | undefined;
  /** By structure, where several samples were drawn. */
  readonly samples: readonly {
    readonly structure: string;
    /** Share of cases in which the reference's volume lies in the range of the samples. */
    readonly coverage: Summary | undefined;
    readonly energyDistance: Summary | undefined;
    readonly diversity: Summary | undefined;
  }[];
}

/** What a chain from a pre-segmentation gives where it starts at some fraction of it. */
export interface EvaluatedStart {
  /** 0: the pre-segmentation alone. */
  readonly start: number;
  /** Mean over the cases. */
  readonly networkPasses: number;
  /** Mean Dice of the structures, by case. */
  readonly dice: readonly number[];
  readonly summary: Summary | undefined;
  /** Of one case. */
  readonly seconds: Summary | undefined;
}

/** Where the prediction differs from the reference. */
export interface CasePicture {
  readonly case: string;
  readonly png: Uint8Array;
}

/** What `evaluate` found, ready to be written; plain data. */
export interface Evaluation extends Evaluated {
  /** What was evaluated, in words. */
  readonly title: string;
  /** In which distances are counted; one for all cases. */
  readonly distanceUnit: Grid['unit'];
  /** Of the surface Dice, in `distanceUnit`. */
  readonly tolerance: number;
  /** Paired differences, this model less the other. */
  readonly comparison?: Evaluated & { readonly structures: readonly StructureComparison[] };
  /** Inside the foreground dilated by 5 mm (10 voxels), all cases together. */
  readonly calibration?: { readonly error: number | undefined; readonly bins: readonly ReliabilityBin[] };
  /** What was fitted on these cases, where it was asked for. */
  readonly temperature?: FittedTemperature | undefined;
  /** `pd-ddpm` of the same model from other starts, in the order asked for. */
  readonly starts?: readonly EvaluatedStart[];
  /** Of the worst cases, the worst first; none where the images are not at hand. */
  readonly pictures?: readonly CasePicture[];
  /** What a reader must know: cases that were left out, and why. */
  readonly warnings: readonly string[];
}
