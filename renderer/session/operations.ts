import { shallowRef } from 'vue';
import type { LabelDiff } from '../editing/diff.ts';
import type { EditRules } from '../editing/labels.ts';
import type { Operation, OperationRequest } from '../editing/operation.ts';
import { applyStep, type Step } from '../editing/step.ts';
import { askWorker, copyVoxels } from '../volumes/askWorker.ts';
import type { EditedSegmentation } from './editedSegmentation.ts';

const makeWorker = () => new Worker(new URL('../editor/operation.worker.ts', import.meta.url), { type: 'module' });

/** Operations on whole structures, done in a worker. While one runs nothing else edits: its answer is for the labels as they are. */
export function createOperations(commit: (step: Step) => void) {
  const running = shallowRef<string>();
  let abort = new AbortController();

  async function run(edited: EditedSegmentation, name: string, operation: Operation, rules: EditRules): Promise<void> {
    if (running.value !== undefined) return;
    running.value = name;
    abort = new AbortController();
    try {
      const buffer = await copyVoxels(edited.labels.data);
      const data = edited.labels.data instanceof Uint8Array ? new Uint8Array(buffer) : new Uint16Array(buffer);
      const request: OperationRequest = { labels: { ...edited.labels, data }, operation, rules };
      const diff = await askWorker<LabelDiff>(makeWorker, request, [buffer], abort.signal);
      if (diff === undefined || diff.runs.length === 0) return;
      const step = { name, diff };
      applyStep(edited, step);
      commit(step);
    } finally {
      running.value = undefined;
    }
  }

  return {
    running,
    run,
    cancel: () => {
      abort.abort();
    },
  };
}
