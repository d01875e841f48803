import { onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import { askWorker, copyVoxels } from '../volumes/askWorker.ts';
import type { LoadedVolume } from '../volumes/loadedVolume.ts';
import type { LabelSurface, SurfaceRequest } from './surface.ts';

/** A stroke is over and the next has not begun. */
const restMilliseconds = 400;

const makeWorker = () => new Worker(new URL('./surface.worker.ts', import.meta.url), { type: 'module' });

async function makeSurfaces(
  { volume: { grid, data }, whole }: LoadedVolume,
  values: readonly number[],
  signal: AbortSignal,
): Promise<readonly LabelSurface[] | undefined> {
  if (!(await whole)) return [];
  const voxels = data instanceof Uint8Array || data instanceof Uint16Array ? data : Uint16Array.from(data);
  const buffer = await copyVoxels(voxels);
  const labels = voxels instanceof Uint8Array ? new Uint8Array(buffer) : new Uint16Array(buffer);
  return askWorker(makeWorker, { grid, labels, values } satisfies SurfaceRequest, [buffer], signal);
}

/** The surfaces of a mask, made in a worker and made again when the mask has come to rest after a change. */
export function useSurfaces(mask: Ref<LoadedVolume | undefined>, values: Ref<readonly number[]>) {
  const surfaces = shallowRef<readonly LabelSurface[]>([]);
  const isMaking = shallowRef(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort = new AbortController();

  async function make({ signal }: AbortController): Promise<void> {
    isMaking.value = mask.value !== undefined;
    const made = mask.value ? await makeSurfaces(mask.value, [...values.value], signal) : [];
    if (signal.aborted) return;
    surfaces.value = made ?? [];
    isMaking.value = false;
  }

  watch(
    [mask, () => mask.value?.revision.value, () => values.value.join()],
    () => {
      clearTimeout(timer);
      abort.abort();
      abort = new AbortController();
      timer = setTimeout(() => void make(abort), restMilliseconds);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(timer);
    abort.abort();
  });
  return { surfaces, isMaking };
}
