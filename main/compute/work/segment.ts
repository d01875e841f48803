import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../../services/devices/openEngine.ts';
import { findLibrary, openModelNamed } from '../../services/models/library.ts';
import { segmentImages } from '../../services/segmentation/segmentImages.ts';
import { resolveSettings } from '../../services/segmentation/settings.ts';
import { labelsOf } from '../../services/segmentation/write.ts';
import type { Worker } from '../workContext.ts';

/** Everything is kept: the person looks at samples, probabilities and entropy alike. */
const save = ['mask', 'probability', 'entropy', 'samples'] as const;

export const segment: Worker<'segment'> = async (ask, { signal, report, tell }) => {
  const model = await openModelNamed(ask.model, findLibrary());
  const { prior: from, ...asked } = ask;
  const settings = resolveSettings(model, asked, from === undefined ? 'own' : 'given');
  const values = model.description.labels.map(({ value }) => value);
  const work = segmentImages({
    cases: [{ name: 'result', channels: ask.channels }],
    out: ask.out,
    members: [{ model, settings }],
    engine: await openEngine('auto', availableParallelism()),
    prior: from && ('model' in from ? { model: await openModelNamed(from.model, findLibrary()) } : from),
    save,
    existing: 'replace',
    irregular: 'resample',
    memoryMiB: undefined,
    signal,
    report,
    onSample: (samples, classes, entropy) => {
      const mask = labelsOf(classes, values);
      tell({
        kind: 'preview',
        samples,
        of: settings.samples,
        dataType: mask instanceof Uint8Array ? 'uint8' : 'uint16',
        mask: mask.slice().buffer,
        entropy: entropy.slice().buffer,
      });
    },
  });
  for await (const { folder } of work) return { folder };
  return { folder: join(ask.out, 'result') };
};
