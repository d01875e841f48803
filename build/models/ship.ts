// Trains, measures and packs a model that is shipped: its direct network, its recycling diffusion network, and the figures of both.
//
//   node --import tsx build/models/ship.ts NAME DATA RUNS
//
// NAME is one of the recipes, DATA its data set's folder (splits.json in it or above it), RUNS a folder for the two trainings, which go on
// where they were if they were interrupted. The result replaces resources/models/NAME.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Model } from '../../main/services/models/folder.ts';
import { writeModel, type ModelContents } from '../../main/services/models/write.ts';
import { modelCard, type Figure } from './card.ts';
import { measureModel } from './measure.ts';
import type { Recipe } from './recipe.ts';
import { fetalHead } from './recipes/fetalHead.ts';
import { hippocampus } from './recipes/hippocampus.ts';
import { nuclei } from './recipes/nuclei.ts';
import { retinaVessels } from './recipes/retinaVessels.ts';
import { asSettings, trainOnce } from './train.ts';
import { joinTwins, toHalf } from './twins.ts';

const recipes = [hippocampus, fetalHead, nuclei, retinaVessels];

async function pack(
  recipe: Recipe,
  direct: Model,
  diffusion: Model,
  figures: readonly Figure[],
): Promise<ModelContents> {
  const { description, weights } = await joinTwins(direct, diffusion);
  const { name, version, task, licence, modality, channels, labels, dataset } = recipe;
  const described = { ...description, name, version, task, licence, modality, channels, labels };
  const training = {
    ...description.training,
    dataset: { name: dataset.name, licence: dataset.licence },
    scores: figures.flatMap(({ scores }) => scores),
  };
  return {
    description: { ...described, training },
    weights: Object.fromEntries(
      Object.entries(weights).map(([kind, tensors]) => [kind, tensors instanceof Map ? toHalf(tensors) : tensors]),
    ),
    card: modelCard(recipe, { ...described, training }, figures),
    licence: readFileSync(join(import.meta.dirname, 'licences', `${name}.txt`), 'utf8'),
  };
}

const [name, data, runs] = process.argv.slice(2);
const recipe = recipes.find((one) => one.name === name);
if (recipe === undefined || data === undefined || runs === undefined) {
  const names = recipes.map((one) => one.name).join(', ');
  process.stderr.write(`usage: node --import tsx build/models/ship.ts NAME DATA RUNS\nNAME is one of ${names}\n`);
  process.exit(2);
}
const train = (kind: 'direct' | 'diffusion') => {
  const options = ['--method', kind, '--steps', String(recipe.steps), ...asSettings(recipe.settings)];
  return trainOnce(data, join(runs, kind), options);
};
const [direct, diffusion] = [await train('direct'), await train('diffusion')];
const folder = join(resolve(import.meta.dirname, '..', '..'), 'resources', 'models', recipe.name);
const unmeasured = await writeModel(folder, await pack(recipe, direct, diffusion, []), 'replace');
const figures = await measureModel(data, unmeasured);
const { description } = await writeModel(folder, await pack(recipe, direct, diffusion, figures), 'replace');
process.stdout.write(`${folder}\n`);
for (const { method, metric, structure, mean, interval } of description.training.scores)
  process.stdout.write(
    `${method}, ${metric}, ${structure}: ${mean.toFixed(4)} (${interval.map((bound) => bound.toFixed(4)).join(' to ')})\n`,
  );
