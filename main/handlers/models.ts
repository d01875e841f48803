import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../../ml/check/problem.ts';
import type { Handlers } from '../contract/serve.ts';
import { fileProblem } from '../files/fileProblem.ts';
import { fitOf } from '../services/models/fit.ts';
import { findLibrary, listModels, openModelNamed } from '../services/models/library.ts';
import { summaryOf } from '../services/models/summary.ts';
import type { StudyLibrary } from '../workspace/studies/library.ts';

export const modelHandlers = ({ library }: { readonly library: StudyLibrary }) =>
  ({
    'models:list': async () => {
      const shelved = await listModels(findLibrary());
      return {
        models: shelved.flatMap(({ model, source }) => (model instanceof Problem ? [] : [summaryOf(model, source)])),
        broken: shelved.flatMap(({ model, folder }) => {
          if (!(model instanceof Problem)) return [];
          const { kind, what, where, remedy } = model;
          return [{ folder, problem: { kind, what, where, remedy } }];
        }),
      };
    },
    'models:fit': async ({ volumes }) => {
      const found = await Promise.all(volumes.map((volume) => library.volume(volume)));
      const shelved = await listModels(findLibrary());
      return shelved.flatMap(({ model }) =>
        model instanceof Problem ? [] : [{ model: model.description.name, ...fitOf(model.description, found) }],
      );
    },
    'models:card': async ({ model }) => {
      const { folder } = await openModelNamed(model, findLibrary());
      const file = join(folder, 'MODEL_CARD.md');
      const text = await readFile(file, 'utf8').catch((error: unknown) => {
        throw fileProblem(error, file);
      });
      return { text };
    },
  }) satisfies Partial<Handlers>;
