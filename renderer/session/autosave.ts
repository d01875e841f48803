import { ref } from 'vue';
import type { Host } from '../host/host.ts';
import { decodeStep, encodeStep } from '../editing/stepBytes.ts';
import type { Step } from '../editing/step.ts';

export type SaveState = 'saved' | 'saving' | 'failed';

/** The edit log of one segmentation. Steps go to the host one after another, each as soon as it was done. */
export function createAutosave(host: Host, segmentation: string) {
  const state = ref<SaveState>('saved');
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;

  /** Once a step could not be saved none after it is: a log with a hole would replay to something else. */
  async function send(bytes: ArrayBuffer): Promise<void> {
    if (state.value === 'failed') return;
    const answer = await host.ask('edits:append', { segmentation, bytes });
    waiting -= 1;
    if (answer === undefined) state.value = 'failed';
    else if (waiting === 0) state.value = 'saved';
  }

  function append(step: Step): void {
    if (state.value !== 'failed') state.value = 'saving';
    waiting += 1;
    const { buffer } = encodeStep(step);
    last = last.then(() => send(buffer));
  }

  return { state, append, settled: () => last };
}

export type Autosave = ReturnType<typeof createAutosave>;

/** The steps since the segmentation was last written, oldest first. */
export async function loadSteps(host: Host, segmentation: string): Promise<readonly Step[]> {
  const loaded = await host.ask('edits:load', { segmentation });
  if (!loaded) return [];
  const steps: Step[] = [];
  const view = new DataView(loaded.bytes);
  for (let at = 0; at < loaded.bytes.byteLength;) {
    const length = view.getUint32(at, true);
    steps.push(decodeStep(new Uint8Array(loaded.bytes, at + 4, length)));
    at += 4 + length;
  }
  return steps;
}
