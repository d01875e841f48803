import { ComputeProcess } from '../compute/computeProcess.ts';
import { atLowPriority, type StartProcess } from '../compute/channel.ts';
import type { Emit, Handlers, Replied } from '../contract/serve.ts';
import { answer } from '../contract/serve.ts';
import { lockFolder } from '../files/lock.ts';
import { applicationHandlers } from '../handlers/application.ts';
import { editHandlers } from '../handlers/edits.ts';
import { fileHandlers } from '../handlers/files.ts';
import { jobHandlers } from '../handlers/jobs.ts';
import { modelHandlers } from '../handlers/models.ts';
import { segmentationHandlers } from '../handlers/segmentations.ts';
import { studyHandlers } from '../handlers/studies.ts';
import { trainingHandlers } from '../handlers/training.ts';
import { volumeHandlers } from '../handlers/volumes.ts';
import { toFailure } from '../product/failure.ts';
import { AuditTrail } from '../workspace/audit/auditTrail.ts';
import { createDoWork } from '../workspace/jobs/doWork.ts';
import { JobQueue } from '../workspace/jobs/jobQueue.ts';
import { JobStore } from '../workspace/jobs/jobStore.ts';
import { Previews } from '../workspace/jobs/previews.ts';
import { Notices } from '../workspace/records/notices.ts';
import { Records } from '../workspace/records/records.ts';
import { SegmentationShelf } from '../workspace/segmentations/shelf.ts';
import { SettingsFile } from '../workspace/settings/settings.ts';
import { StudyLibrary } from '../workspace/studies/library.ts';
import { DatasetList } from '../workspace/training/datasetList.ts';
import { RunShelf } from '../workspace/training/runShelf.ts';
import { Uploads } from '../workspace/uploads/uploads.ts';
import { removeUnusedUploads } from '../workspace/uploads/unusedUploads.ts';
import { openWorkspace, type WorkspacePaths } from '../workspace/workspace.ts';

export interface HostSettings {
  readonly workspace: string;
  readonly door: 'electron' | 'server';
  readonly startProcess: StartProcess;
}

/** Everything behind the window, whichever door leads to it. */
export interface Host {
  /** Answers what came over a wire; never rejects. */
  readonly answer: (name: string, ask: unknown) => Promise<Replied>;
  /** @returns Stops listening. */
  readonly listen: (deliver: (event: unknown) => void) => () => void;
  readonly emit: Emit;
  /** Stops what runs, to be taken up at the next start. */
  readonly close: () => Promise<void>;
}

export async function openHost(settings: HostSettings): Promise<Host> {
  const listeners = new Set<(event: unknown) => void>();
  const emit: Emit = (name, value) => {
    for (const deliver of listeners) deliver({ name, value });
  };
  const { handlers, close } = await assemble(settings, emit);
  return {
    answer: (name, ask) => answer(handlers, name, ask, describe),
    listen: (deliver) => {
      listeners.add(deliver);
      return () => listeners.delete(deliver);
    },
    emit,
    close,
  };
}

const describe = (error: unknown) => toFailure(error, new AbortController().signal, []);

/** What another process is told that finds the workspace in use. */
const uses = {
  electron: 'has this workspace open in its window',
  server: 'has this workspace open as `sfumato serve`',
} as const;

/** Builds the services and the handlers over them, in a workspace that no other host has open. */
async function assemble(settings: HostSettings, emit: Emit): Promise<Assembled> {
  const paths = await openWorkspace(settings.workspace);
  const unlock = await lockFolder(paths.root, uses[settings.door]);
  try {
    const { handlers, close } = await assembleIn(paths, settings, emit);
    return { handlers, close: () => close().finally(unlock) };
  } catch (error) {
    await unlock();
    throw error;
  }
}

interface Assembled {
  readonly handlers: Handlers;
  readonly close: () => Promise<void>;
}

async function assembleIn(paths: WorkspacePaths, { door, startProcess }: HostSettings, emit: Emit): Promise<Assembled> {
  // Looking at images does not wait for a model that computes.
  const reader = new ComputeProcess(startProcess);
  const worker = new ComputeProcess(startProcess);
  const trainer = new ComputeProcess(atLowPriority(startProcess));
  const audit = new AuditTrail(paths.audit);
  const notices = new Notices(emit, describe);
  const records = new Records(notices);
  const library = new StudyLibrary(paths.studies, reader, records);
  const shelf = new SegmentationShelf(library, reader, records);
  const datasets = new DatasetList(paths.datasetList, reader, records);
  const runs = new RunShelf(paths.runs, records);
  const previews = new Previews();
  const doWork = createDoWork({ paths, worker, trainer, library, shelf, datasets, runs, previews, audit, emit });
  const queue = new JobQueue({ store: new JobStore(paths.jobs, records), emit, doWork, describe });
  await queue.restore();
  const workspace = { paths, library, datasets, runs, queue, notices };
  await removeUnusedUploads(workspace);
  const forgetScan = (path: string) => removeUnusedUploads(workspace, path);
  const handlers = {
    ...applicationHandlers({ paths, door, audit, notices, settings: new SettingsFile(paths.settings, records) }),
    ...fileHandlers({ uploads: new Uploads(paths.uploads) }),
    ...studyHandlers({ library, reader, audit, emit, forgetScan }),
    ...volumeHandlers({ library, shelf, reader, emit }),
    ...modelHandlers({ library }),
    ...segmentationHandlers({ library, shelf, reader, queue, previews, audit, emit }),
    ...editHandlers({ shelf }),
    ...jobHandlers({ queue }),
    ...trainingHandlers({ datasets, runs, reader, queue, audit }),
  };
  const close = async (): Promise<void> => {
    await queue.close();
    await Promise.all([reader, worker, trainer].map((compute) => compute.close()));
  };
  return { handlers, close };
}
