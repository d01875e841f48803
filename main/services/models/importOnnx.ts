import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allFinite } from '../../../ml/check/allFinite.ts';
import { Problem } from '../../../ml/check/problem.ts';
import type { Engine } from '../../../ml/engines/engine.ts';
import { sizeOf } from '../../../ml/graph/shape.ts';
import { foreignSchema, orderOf, type ForeignConfig } from '../../../ml/inference/foreignConfig.ts';
import { openForeignNetwork } from '../../../ml/inference/foreignNetwork.ts';
import type { Axis } from '../../../ml/volume/reorder.ts';
import { stream } from '../../../ml/random/stream.ts';
import { fileProblem } from '../../files/fileProblem.ts';
import { readJson } from '../../files/json.ts';
import type { ModelDescription } from './description.ts';
import { importSpec, type ImportSpec } from './importSpec.ts';
import type { Library } from './library.ts';
import { colourOfPlace } from './palette.ts';
import type { Model } from './folder.ts';
import { writeModel } from './write.ts';

const FILE = 'direct.onnx';

const CORRECT = 'Correct the description of the network (README, "Models from elsewhere").';

/** How far probabilities may be from adding up to 1. */
const TOLERANCE = 1e-3;

/**
 * Makes a model of the library from a segmentor that was made elsewhere. It is tried on noise before anything is written.
 *
 * @param specFile JSON, see `importSpec`.
 * @throws Problem 'data' where a file cannot be read or the spec is wrong, 'model' where the network cannot be run or is not what the
 *   spec says.
 */
export async function importOnnx(
  file: string,
  specFile: string,
  library: Library,
  engine: Engine,
  existing: 'refuse' | 'replace',
): Promise<Model> {
  const spec = await readSpec(specFile);
  const bytes = await readFile(file).catch((error: unknown) => {
    throw fileProblem(error, file);
  });
  const network = networkOf(spec, specFile);
  const description = descriptionOf(spec, network);
  await tryOut(engine, network, description.plan.patch, bytes).catch((error: unknown) => {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(error.kind, error.what, `${file}, ${error.where}`, error.remedy, { cause: error });
  });
  const contents = { description, weights: { direct: bytes }, card: cardOf(spec), licence: `${spec.licence}\n` };
  return writeModel(join(library.own, spec.name), contents, existing).catch((error: unknown) => {
    // What breaks a rule of model.json can only be what the person said.
    if (!(error instanceof Problem && error.kind === 'model')) throw error;
    throw new Problem('data', error.what, specFile, CORRECT, { cause: error });
  });
}

async function readSpec(file: string): Promise<ImportSpec> {
  const spec = await readJson(file, importSpec, CORRECT);
  if (spec) return spec;
  throw new Problem('data', 'there is no such file', file, 'Name the description of the network with --spec.');
}

function networkOf({ channels, labels, patch, activation, axes }: ImportSpec, file: string): ForeignConfig {
  const dimensions = patch.length === 3 ? 3 : 2;
  const parsed = foreignSchema.safeParse({
    kind: 'onnx',
    dimensions,
    imageChannels: channels.length,
    maskChannels: 0,
    classes: labels.length,
    activation,
    axes: axes ?? (dimensions === 3 ? 'SPL' : 'PL'),
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = `${file}: ${issue?.path.join('.') ?? ''}`;
  throw new Problem('data', issue?.message ?? 'not what is expected', where, CORRECT);
}

function descriptionOf(spec: ImportSpec, network: ForeignConfig): Omit<ModelDescription, 'files'> {
  const { name, version, task, licence, modality, channels, labels, unit, normalisation, trainedOn } = spec;
  return {
    schema: 1,
    name,
    version,
    task,
    licence,
    modality,
    channels: channels.map((channel) => ({ name: channel })),
    labels: labels.map((label, place) => ({
      ...(typeof label === 'string' ? { value: place, name: label } : label),
      colour: colourOfPlace(place),
      code: null,
    })),
    plan: { ...ownOrder(spec, network), unit, normalisation, context: 0 },
    networks: { direct: { file: FILE, network } },
    recommended: { method: 'direct', samples: 1, steps: 1, sampler: 'ddim', start: 1 },
    training: {
      dataset: { name: trainedOn.name, licence: trainedOn.licence },
      cases: trainedOn.cases,
      salt: 'none',
      caseHashes: [],
      runs: [],
      machine: 'not known',
      scores: [],
    },
    measured: [],
  };
}

/** Patch and spacing along our axes: the patch [k, j, i], the spacing i, j, k. */
function ownOrder(
  { patch, spacing }: ImportSpec,
  { axes, dimensions }: ForeignConfig,
): Pick<ModelDescription['plan'], 'patch' | 'spacing'> {
  const { from } = orderOf(axes, dimensions)!;
  const along = (values: readonly number[], axis: Axis): number => values.toReversed()[from.indexOf(axis)] ?? 1;
  const [i, j, k] = [along(patch, 0), along(patch, 1), along(patch, 2)];
  return {
    patch: dimensions === 3 ? [k, j, i] : [j, i],
    spacing: [along(spacing, 0), along(spacing, 1), along(spacing, 2)],
  };
}

/** Runs it once: on what a normalised image looks like, it must give probabilities. */
async function tryOut(
  engine: Engine,
  config: ForeignConfig,
  patch: readonly number[],
  bytes: Uint8Array,
): Promise<void> {
  const network = await openForeignNetwork(engine, config, patch, bytes);
  try {
    const rng = stream(0, 'import');
    const image = Float32Array.from({ length: config.imageChannels * sizeOf(patch) }, () => rng.normal());
    const probability = await network.predict(image);
    const voxels = sizeOf(patch);
    const first = Array.from({ length: config.classes }, (_, c) => probability[c * voxels]!);
    const total = first.reduce((sum, value) => sum + value, 0);
    if (allFinite(probability) && Math.abs(total - 1) < TOLERANCE && first.every((value) => value >= 0)) return;
    const remedy = 'Say in "activation" what turns its outputs into probabilities: softmax, sigmoid or none.';
    throw new Problem('model', 'its answers are no probabilities', 'output', remedy);
  } finally {
    await network.dispose();
  }
}

const cardOf = ({ name, task, trainedOn }: ImportSpec): string => `# ${name}

${task} Not for clinical use.

- Made elsewhere and imported; trained on ${trainedOn.cases} cases of ${trainedOn.name} (licence: ${trainedOn.licence}). Which cases is not known, so test it on data that it cannot have seen.
- Not measured here yet: \`sfumato evaluate\` does.
`;
