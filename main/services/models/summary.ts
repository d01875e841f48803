import type { ModelSummary } from '../../contract/models.ts';
import { methods, networksOf } from '../segmentation/settings.ts';
import type { Model } from './folder.ts';

/** A model as a person chooses it. */
export function summaryOf({ description }: Model, source: ModelSummary['source']): ModelSummary {
  const { name, version, task, licence, modality, channels, labels, plan, networks, recommended, training } =
    description;
  return {
    name,
    version,
    source,
    task,
    licence,
    modality,
    channels: channels.map((channel) => channel.name),
    structures: labels.slice(1).map(({ value, name: label, colour }) => ({ value, name: label, colour })),
    dimensions: plan.patch.length === 3 ? 3 : 2,
    spacing: [...plan.spacing],
    unit: plan.unit,
    methods: methods.filter((method) => networksOf[method].every((kind) => networks[kind] !== undefined)),
    recommended,
    timesteps: networks.diffusion?.timesteps ?? null,
    scores: training.scores.map(({ method, structure, metric, mean, interval, cases }) => ({
      method,
      structure,
      metric,
      mean,
      interval,
      cases,
    })),
    trainedOn: { name: training.dataset.name, licence: training.dataset.licence, cases: training.cases },
    bytes: Object.values(description.files).reduce((total, { bytes }) => total + bytes, 0),
  };
}
