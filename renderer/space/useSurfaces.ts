import { onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import type { LoadedVolume } from '../volumes/loadedVolume.ts';
import type { LabelSurface, SurfaceRequest } from './surface.ts';

/** A stroke is over and the next has not begun. */
const restMilliseconds = 400;

/** The surfaces of a mask, made in a worker and made again when the mask has come to rest after a change. */
export function useSurfaces(mask: Ref<LoadedVolume | undefined>, values: Ref<readonly number[]>) {
  const surfaces = shallowRef<readonly LabelSurface[]>([]);
  const isMaking = shallowRef(false);
  let worker: Worker | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function make(): void {
    worker?.terminate();
    const source = mask.value;
    isMaking.value = source !== undefined;
    if (!source) {
      surfaces.value = [];
      return;
    }
    worker = new Worker(new URL('./surface.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<readonly LabelSurface[]>) => {
      surfaces.value = data;
      isMaking.value = false;
      worker?.terminate();
    };
    const { grid, data } = source.volume;
    const labels = data instanceof Uint8Array || data instanceof Uint16Array ? data : Uint16Array.from(data);
    worker.postMessage({ grid, labels, values: [...values.value] } satisfies SurfaceRequest);
  }

  watch(
    [mask, () => mask.value?.revision.value, values],
    () => {
      clearTimeout(timer);
      timer = setTimeout(make, restMilliseconds);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(timer);
    worker?.terminate();
  });
  return { surfaces, isMaking };
}
