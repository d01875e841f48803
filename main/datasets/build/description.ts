import { Problem } from '../../../ml/check/problem.ts';
import type { Label } from '../dataset.ts';
import type { Patient } from './found.ts';

export interface BuiltDescription {
  readonly name: string;
  readonly channels: readonly string[];
  readonly labels: readonly Label[];
  readonly cases: number;
}

/**
 * `dataset.json` as nnU-Net 2 reads it.
 *
 * @throws Problem 'data' where a name in it is a part of what gives a patient away: radiologists call structures after people.
 */
export function describeDataset(description: BuiltDescription, patients: readonly Patient[]): string {
  const { name, channels, labels, cases } = description;
  for (const label of labels) refuseIdentity(label.name, patients, '--labels');
  for (const channel of channels) refuseIdentity(channel, patients, '--channel');
  const values = Object.fromEntries([['background', 0], ...labels.map((label) => [label.name, label.value] as const)]);
  const content = {
    name,
    channel_names: Object.fromEntries(channels.map((channel, n) => [String(n), channel])),
    labels: values,
    numTraining: cases,
    file_ending: '.nii.gz',
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Shorter ones are found in words by chance. */
const shortestPart = 4;

function refuseIdentity(name: string, patients: readonly Patient[], option: string): void {
  const words = name.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const parts = patients
    .flatMap(({ identifiers }) => identifiers)
    .flatMap((identifier) => identifier.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  if (!parts.some((part) => part.length >= shortestPart && words.includes(part))) return;
  const what = "the name of a structure or channel holds a part of a patient's name or number";
  throw new Problem('data', what, option, `Name it yourself: ${option}.`);
}
