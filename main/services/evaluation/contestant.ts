import { invariant } from '../../../ml/check/invariant.ts';
import { meanScores, scoreCase, type Structure } from '../../../ml/evaluation/caseScores.ts';
import { reliabilityBins, type ReliabilityBin } from '../../../ml/uncertainty/calibration.ts';
import { dilatedForeground } from '../../../ml/uncertainty/region.ts';
import { tryTemperatures, type TemperatureTrial } from '../../../ml/uncertainty/temperature.ts';
import { Segmenter, type Segmentation } from '../segmentation/segmenter.ts';
import type { Engine } from '../../../ml/engines/engine.ts';
import type { StructureScores } from '../../../ml/evaluation/caseScores.ts';
import type { Volume } from '../../../ml/volume/volume.ts';
import type { Label } from '../../datasets/dataset.ts';
import type { CaseVoxels } from '../../datasets/loadCase.ts';
import { colourOf } from '../../report/canvas.ts';
import { comparisonPicture } from '../../report/comparisonPicture.ts';
import type { ColouredStructure } from '../../report/montageLayout.ts';
import type { EvaluatedModel } from '../../report/evaluation.ts';
import { identityOf, type Model } from '../models/folder.ts';
import type { Members } from '../segmentation/members.ts';
import { measureUncertainty, type CaseUncertainty } from './uncertainty.ts';

/** What is asked of a contestant for one case. */
export interface Task {
  readonly voxels: CaseVoxels;
  /** Of the data set: the label holds places in this list. */
  readonly labels: readonly Label[];
  readonly structures: readonly Structure[];
  readonly tolerance: number;
  /** Whether to try temperatures. */
  readonly calibrate: boolean;
  readonly allowedMiB: number;
  readonly onPass: (done: number, total: number) => void;
}

export interface Answer {
  readonly structures: readonly StructureScores[];
  /** Inside the foreground dilated by 5 mm (10 voxels); undefined where the data set does not label all that the model segments. */
  readonly bins: readonly ReliabilityBin[] | undefined;
  /** Where they were asked for and `bins` are there. */
  readonly trials: readonly TemperatureTrial[] | undefined;
  /** Undefined where `bins` is. */
  readonly uncertainty: CaseUncertainty | undefined;
  readonly seconds: number;
  readonly networkPasses: number;
  readonly warnings: readonly string[];
}

interface Scored {
  readonly answer: Answer;
  /** A picture of the case, PNG. */
  readonly draw: () => Uint8Array;
}

/** A model, or several that are run as one, in an evaluation. */
export class Contestant {
  readonly members: Members;
  readonly segmenter: Segmenter;
  readonly #engine: Engine;

  constructor(members: Members, engine: Engine) {
    this.members = members;
    this.segmenter = new Segmenter(members, engine);
    this.#engine = engine;
  }

  /** Says what all of them segment. */
  get model(): Model {
    return this.members[0].model;
  }

  /** Segments one case and scores it on the case's own grid. */
  async answer({ voxels, labels, structures, tolerance, calibrate, allowedMiB, onPass }: Task): Promise<Scored> {
    const { image, label } = voxels;
    const segmentation = await this.segmenter.segment(image, { allowedMiB, keepSamples: true, onPass });
    const { classes, probability, seconds, networkPasses, warnings } = segmentation;
    const own = this.model.description.labels.map(({ value }) => value);
    const reference = valuesOf(
      label,
      labels.map(({ value }) => value),
    );
    const prediction = valuesOf({ ...label, data: classes }, own);
    const scores = scoreCase(prediction, reference, label.grid, structures, tolerance);
    const complete = own.length === labels.length;
    const actual = label.data.map((place) => own.indexOf(labels[place]!.value));
    const inside = complete ? dilatedForeground(label.data, label.grid) : undefined;
    const answer = {
      structures: scores,
      bins: inside && reliabilityBins(probability, own.length, actual, inside),
      trials: inside && calibrate ? tryTemperatures(probability, own.length, actual, inside) : undefined,
      uncertainty: complete ? this.#uncertainty(segmentation, { ...label, data: actual }, scores) : undefined,
      seconds: seconds.preprocess + seconds.network + seconds.postprocess,
      networkPasses,
      warnings,
    };
    return { answer, draw: () => comparisonPicture({ image, prediction, reference, structures: this.#coloured }) };
  }

  get #coloured(): readonly ColouredStructure[] {
    const { labels } = this.model.description;
    return labels.slice(1).map(({ value, name, colour }) => ({ value, name, colour: colourOf(colour) }));
  }

  #uncertainty(
    segmentation: Segmentation,
    { data, grid }: Volume<Uint8Array>,
    scores: readonly StructureScores[],
  ): CaseUncertainty {
    const structures = this.model.description.labels.slice(1);
    return measureUncertainty(segmentation, data, grid, structures, 1 - meanScores(scores).dice);
  }

  describe(): EvaluatedModel {
    const [{ settings }, ...others] = this.members;
    const { method, sampler, steps, samples, augment, seed } = settings;
    const { name, device, threads } = this.#engine;
    return {
      ...identityOf(this.model),
      others: others.map(({ model }) => identityOf(model)),
      method,
      sampler: method === 'direct' ? null : sampler,
      steps: method === 'direct' ? null : steps,
      samples,
      augment,
      seed,
      engine: name,
      device: device.used,
      deviceReasons: device.reasons,
      threads,
    };
  }
}

/** From places in a list of labels to their values. */
function valuesOf({ data }: Volume<Uint8Array>, values: readonly number[]): Uint16Array {
  return Uint16Array.from(data, (place) => {
    const value = values[place];
    invariant(value !== undefined, 'a class is one of the labels');
    return value;
  });
}

/** `hippocampus 1.0.0, diffusion, 8 samples of 5 steps (DDIM)`. */
export function nameOf({ others, method, samples, steps, sampler, augment, ...first }: EvaluatedModel): string {
  const names = [first, ...others].map(({ name, version }) => `${name} ${version}`).join(' + ');
  const views = augment ? `, ${samples} views` : '';
  const drawn =
    sampler === null
      ? views
      : `, ${samples} ${samples === 1 ? 'sample' : 'samples'} of ${steps} steps (${sampler.toUpperCase()})`;
  return `${names}, ${method}${drawn}`;
}
