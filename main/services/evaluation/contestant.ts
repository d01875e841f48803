import { invariant } from '../../../ml/check/invariant.ts';
import { meanScores, scoreCase, type Structure } from '../../../ml/evaluation/caseScores.ts';
import { reliabilityBins, type ReliabilityBin } from '../../../ml/uncertainty/calibration.ts';
import { dilatedForeground } from '../../../ml/uncertainty/region.ts';
import { Segmenter, type Segmentation } from '../segmentation/segmenter.ts';
import type { Engine } from '../../../ml/engines/engine.ts';
import type { StructureScores } from '../../../ml/evaluation/caseScores.ts';
import type { Volume } from '../../../ml/volume/volume.ts';
import type { Label } from '../../datasets/dataset.ts';
import type { CaseVoxels } from '../../datasets/loadCase.ts';
import type { EvaluatedModel } from '../../report/evaluation.ts';
import type { Model } from '../models/folder.ts';
import type { SegmentationSettings } from '../segmentation/settings.ts';
import { measureUncertainty, type CaseUncertainty } from './uncertainty.ts';

/** A model and how it is run. */
export interface Entry {
  readonly model: Model;
  readonly settings: SegmentationSettings;
}

/** What is asked of a contestant for one case. */
export interface Task {
  readonly voxels: CaseVoxels;
  /** Of the data set: the label holds places in this list. */
  readonly labels: readonly Label[];
  readonly structures: readonly Structure[];
  readonly tolerance: number;
  readonly allowedMiB: number;
  readonly onPass: (done: number, total: number) => void;
}

export interface Answer {
  readonly structures: readonly StructureScores[];
  /** Inside the foreground dilated by 5 mm (10 voxels); undefined where the data set does not label all that the model segments. */
  readonly bins: readonly ReliabilityBin[] | undefined;
  /** Undefined where `bins` is. */
  readonly uncertainty: CaseUncertainty | undefined;
  readonly seconds: number;
  readonly networkPasses: number;
  readonly warnings: readonly string[];
}

/** A model in an evaluation. */
export class Contestant {
  readonly model: Model;
  readonly segmenter: Segmenter;
  readonly #settings: SegmentationSettings;
  readonly #engine: Engine;

  constructor({ model, settings }: Entry, engine: Engine) {
    this.model = model;
    this.segmenter = new Segmenter(model, engine, settings);
    this.#settings = settings;
    this.#engine = engine;
  }

  /** Segments one case and scores it on the case's own grid. */
  async answer({ voxels, labels, structures, tolerance, allowedMiB, onPass }: Task): Promise<Answer> {
    const { image, label } = voxels;
    const segmentation = await this.segmenter.segment(image, { allowedMiB, keepSamples: true, onPass });
    const { classes, probability, seconds, networkPasses, warnings } = segmentation;
    const own = this.model.description.labels.map(({ value }) => value);
    const reference = valuesOf(
      label,
      labels.map(({ value }) => value),
    );
    const scores = scoreCase(valuesOf({ ...label, data: classes }, own), reference, label.grid, structures, tolerance);
    const complete = own.length === labels.length;
    const actual = label.data.map((place) => own.indexOf(labels[place]!.value));
    const inside = (): Uint8Array => dilatedForeground(label.data, label.grid);
    return {
      structures: scores,
      bins: complete ? reliabilityBins(probability, own.length, actual, inside()) : undefined,
      uncertainty: complete ? this.#uncertainty(segmentation, { ...label, data: actual }, scores) : undefined,
      seconds: seconds.preprocess + seconds.network + seconds.postprocess,
      networkPasses,
      warnings,
    };
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
    const { description, sha256 } = this.model;
    const { method, sampler, steps, samples, augment, seed } = this.#settings;
    const { name, device, threads } = this.#engine;
    return {
      name: description.name,
      version: description.version,
      sha256,
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
export function nameOf({ name, version, method, samples, steps, sampler, augment }: EvaluatedModel): string {
  const views = augment ? `, ${samples} views` : '';
  const drawn =
    sampler === null
      ? views
      : `, ${samples} ${samples === 1 ? 'sample' : 'samples'} of ${steps} steps (${sampler.toUpperCase()})`;
  return `${name} ${version}, ${method}${drawn}`;
}
