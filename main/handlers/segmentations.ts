import { Problem } from '../../ml/check/problem.ts';
import type { ComputeProcess } from '../compute/computeProcess.ts';
import type { Asked } from '../contract/calls.ts';
import type { Segmentation } from '../contract/segmentations.ts';
import type { Emit, Handlers } from '../contract/serve.ts';
import type { AuditTrail } from '../workspace/audit/auditTrail.ts';
import type { JobQueue } from '../workspace/jobs/jobQueue.ts';
import type { Previews } from '../workspace/jobs/previews.ts';
import { findLibrary, openModelNamed } from '../services/models/library.ts';
import { compareSegmentations } from '../workspace/segmentations/compare.ts';
import { exportFormats } from '../workspace/segmentations/formats.ts';
import type { SegmentationShelf } from '../workspace/segmentations/shelf.ts';
import { resolveSettings } from '../services/segmentation/settings.ts';
import type { StudyLibrary } from '../workspace/studies/library.ts';
import { newId } from '../workspace/workspace.ts';

interface Needs {
  readonly library: StudyLibrary;
  readonly shelf: SegmentationShelf;
  readonly reader: ComputeProcess;
  readonly queue: JobQueue;
  readonly previews: Previews;
  readonly audit: AuditTrail;
  readonly emit: Emit;
}

export const segmentationHandlers = (needs: Needs) => ({ ...makingHandlers(needs), ...keepingHandlers(needs) });

/** What makes segmentations. */
const makingHandlers = ({ library, shelf, queue, previews, emit }: Needs) =>
  ({
    'segmentations:run': async ({ study, ...ask }) => {
      // What cannot run is refused before it waits in the queue.
      resolveSettings(await openModelNamed(ask.model, findLibrary()), ask, ask.prior === undefined ? 'own' : 'given');
      const { name } = await library.get(study);
      const work = { kind: 'segmentation' as const, study, segmentation: newId(), ...ask };
      return { job: queue.add(work, { title: `${ask.model}: ${name}`, study, run: null }).job };
    },
    'segmentations:preview': ({ job, map }) => {
      const { samples, dataType, mask, entropy } = previews.get(job);
      return map === 'mask' ? { samples, dataType, bytes: mask } : { samples, dataType: 'float32', bytes: entropy };
    },
    'segmentations:create': async ({ volume, name, structures }) => {
      const made = await shelf.create(volume, name, structures);
      emit('segmentations:changed', { study: made.study });
      return made;
    },
  }) satisfies Partial<Handlers>;

/** What keeps, changes and gives them out. */
const keepingHandlers = ({ library, shelf, reader, audit, emit }: Needs) =>
  ({
    'segmentations:list': ({ study }) => shelf.list(study),
    'segmentations:rename': async ({ segmentation, name }) => {
      const changed = await shelf.change(segmentation, { name });
      emit('segmentations:changed', { study: changed.study });
      return changed;
    },
    'segmentations:structures': ({ segmentation, structures }) => shelf.change(segmentation, { structures }),
    'segmentations:remove': async ({ segmentation }) => {
      const { study } = await shelf.remove(segmentation);
      await audit.note('removed a segmentation', { study, segmentation });
      emit('segmentations:changed', { study });
      return null;
    },
    'segmentations:save': async ({ segmentation, dataType, bytes }) => {
      const saved = await shelf.save(segmentation, dataType, bytes);
      await reader.run('volume:close', { volume: saved.maps.mask });
      await audit.note('saved changes', { study: saved.study, segmentation });
      emit('segmentations:changed', { study: saved.study });
      return saved;
    },
    'segmentations:export': async ({ segmentation, map, path, replace, dicom }) => {
      const exported = await shelf.get(segmentation);
      const { structures, study } = exported;
      const from = await shelf.mapPath(segmentation, map);
      if (path === from) throw new Problem('usage', 'this is the workspace itself', path, 'Choose another folder.');
      const ask = { from, to: path, structures: map === 'mask' ? structures : null, replace };
      const inDicom = /\.dcm$/i.test(path) ? await dicomOptions(exported, map, dicom, library) : null;
      const { lost } = await reader.run('image:export', { ...ask, dicom: inDicom });
      await audit.note('exported', { study, segmentation, map });
      return { path, lost };
    },
    'segmentations:formats': async ({ segmentation }) => {
      const { volume } = await shelf.get(segmentation);
      return exportFormats((await library.volume(volume)).format);
    },
    'segmentations:compare': ({ a, b }) => compareSegmentations(a, b, shelf, reader),
  }) satisfies Partial<Handlers>;

/** A DICOM object refers to the files of its study, and says who drew it: what a person has corrected counts as theirs. */
async function dicomOptions(
  { study, made, edited, name }: Segmentation,
  map: Asked<'segmentations:export'>['map'],
  as: Asked<'segmentations:export'>['dicom'],
  library: StudyLibrary,
) {
  if (map !== 'mask') throw new Problem('usage', 'only labels are exported as DICOM', name, 'Choose another format.');
  const algorithm = made === null || edited ? null : { name: made.model, version: made.version };
  return { as, source: (await library.get(study)).path, algorithm };
}
