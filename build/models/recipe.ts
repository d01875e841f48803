import type { ModelDescription } from '../../main/services/models/description.ts';

/** How a shipped model is made, and what its card says of it. */
export interface Recipe {
  /** Of the model's folder in resources/models, and of its licence in `licences/`. */
  readonly name: string;
  readonly version: string;
  readonly task: string;
  readonly licence: string;
  readonly modality: string;
  readonly channels: ModelDescription['channels'];
  readonly labels: ModelDescription['labels'];
  /** Of either network. */
  readonly steps: number;
  /** As `train --set` takes them; found on the validation people. */
  readonly settings: readonly string[];
  readonly dataset: { readonly name: string; readonly licence: string; readonly credit: string };
  /** What an image must be. */
  readonly input: string;
  readonly limits: readonly string[];
}

/** What all trainings of ours have in common. */
export const commonSettings = ['learningRate=0.001', 'crossEntropy=1', 'focal=0'] as const;
