import { computed, shallowRef, watch } from 'vue';
import type { ShownSegmentation } from '../session/shownSegmentation.ts';
import { askWorker, copyVoxels } from '../volumes/askWorker.ts';
import type { LoadedVolume } from '../volumes/loadedVolume.ts';
import type { ScoresRequest, SliceScores } from './scores.ts';

const makeWorker = () => new Worker(new URL('./scores.worker.ts', import.meta.url), { type: 'module' });

async function askScores(
  mask: LoadedVolume,
  entropy: LoadedVolume,
  signal: AbortSignal,
): Promise<SliceScores | undefined> {
  if (!(await mask.whole) || !(await entropy.whole) || signal.aborted) return undefined;
  const { grid, data } = mask.volume;
  if (!(data instanceof Uint8Array || data instanceof Uint16Array)) return undefined;
  const [masks, bits] = await Promise.all([copyVoxels(data), copyVoxels(entropy.volume.data)]);
  const labels = data instanceof Uint8Array ? new Uint8Array(masks) : new Uint16Array(masks);
  const request: ScoresRequest = { grid, labels, entropy: new Float32Array(bits) };
  return askWorker<SliceScores>(makeWorker, request, [masks, bits], signal);
}

/** How unsure the shown segmentation is in each slice of each plane, once it is known. */
export function useSliceScores(shown: ShownSegmentation) {
  const scores = shallowRef<SliceScores>({});
  const source = computed(() => ({ mask: shown.mask.value, entropy: shown.entropy.value }));

  watch(
    source,
    async ({ mask, entropy }, _before, onCleanup) => {
      const abort = new AbortController();
      onCleanup(() => {
        abort.abort();
      });
      scores.value = {};
      if (!mask || !entropy || entropy.facts.dataType !== 'float32') return;
      const found = await askScores(mask, entropy, abort.signal);
      if (found && !abort.signal.aborted) scores.value = found;
    },
    { immediate: true },
  );
  return scores;
}
