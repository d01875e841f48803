import { join } from 'node:path';
import type { ComputeProcess } from '../compute/computeProcess.ts';
import type { Emit, Handlers } from '../contract/serve.ts';
import { product } from '../product/product.ts';
import type { AuditTrail } from '../workspace/audit/auditTrail.ts';
import type { StudyLibrary } from '../workspace/studies/library.ts';

interface Needs {
  readonly library: StudyLibrary;
  readonly reader: ComputeProcess;
  readonly audit: AuditTrail;
  readonly emit: Emit;
  /** Removes what only this workspace has of a scan. */
  readonly forgetScan: (path: string) => Promise<void>;
}

/** The scan that comes with the product. */
const sample = join(product.resources, 'samples', 'hippocampus', 'hippocampus.nii.gz');

export const studyHandlers = ({ library, reader, audit, emit, forgetScan }: Needs) => {
  const open = async (paths: readonly string[]) => {
    const opened = await library.open(paths);
    for (const { study } of opened.studies) await audit.note('opened', { study });
    emit('studies:changed', {});
    return opened;
  };
  return {
    'studies:open': ({ paths }) => open(paths),
    'studies:openSample': async () => ({ studies: (await open([sample])).studies }),
    'studies:list': async ({ search }) => {
      const words = search.toLowerCase().split(/\s+/u).filter(Boolean);
      const studies = await library.list();
      return studies.filter((study) => {
        const about = [
          study.name,
          ...study.volumes.flatMap(({ description, modality }) => [description, modality ?? '']),
        ];
        const text = about.join(' ').toLowerCase();
        return words.every((word) => text.includes(word));
      });
    },
    'studies:rename': async ({ study, name }) => {
      const renamed = await library.rename(study, name);
      emit('studies:changed', {});
      return renamed;
    },
    'studies:remove': async ({ study }) => {
      await forgetScan(await library.remove(study));
      await audit.note('removed a study', { study });
      emit('studies:changed', {});
      return null;
    },
    'studies:thumbnail': async ({ study }) => ({ bytes: await library.thumbnail(study) }),
    'studies:metadata': async ({ volume }) => reader.run('study:metadata', { path: await library.pathOf(volume) }),
  } satisfies Partial<Handlers>;
};
