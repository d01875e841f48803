import { computed, inject, provide, shallowRef, watch, type InjectionKey } from 'vue';
import type { Segmentation, Structure } from '../../main/contract/segmentations.ts';
import { invariant } from '../../ml/check/invariant.ts';
import type { EditedSegmentation } from './editedSegmentation.ts';
import { useSegmentationStore } from '../stores/segmentations.ts';
import type { LoadedVolume } from '../volumes/loadedVolume.ts';
import { useVolumeCache } from '../volumes/volumeCache.ts';

/** What a running job has so far, in the place of a finished segmentation. */
interface Preview {
  readonly structures: readonly Structure[];
  readonly mask: LoadedVolume;
  readonly entropy: LoadedVolume | undefined;
}

/** A segmentation that was started in this window, for the volume it is drawn over. */
interface StartedJob {
  readonly job: string;
  readonly volume: string;
  readonly structures: readonly Structure[];
}

const mapNames = ['mask', 'entropy', 'probability', 'samples'] as const;

/** The segmentation that is drawn over the image: the chosen one, or what a running job has so far. */
function createShownSegmentation() {
  const segmentations = useSegmentationStore();
  const cache = useVolumeCache();
  const started = shallowRef<StartedJob>();
  const preview = shallowRef<Preview>();
  /** The chosen one once all of it is here and can be edited; its voxels are then newer than the host's. */
  const edited = shallowRef<EditedSegmentation>();

  watch(
    () => segmentations.current,
    (current) => {
      for (const map of mapNames) {
        const id = current?.maps[map];
        if (id) void cache.open(id);
      }
    },
    { immediate: true },
  );

  const loaded = (id: string | null | undefined) => (id ? cache.ready.get(id) : undefined);
  const current = computed<Segmentation | undefined>(() => (preview.value ? undefined : segmentations.current));
  const loadedMask = computed(() => loaded(segmentations.current?.maps.mask));
  return {
    started,
    preview,
    edited,
    loadedMask,
    current,
    structures: computed<readonly Structure[]>(
      () => preview.value?.structures ?? edited.value?.structures ?? current.value?.structures ?? [],
    ),
    mask: computed(() => preview.value?.mask ?? edited.value?.mask ?? loadedMask.value),
    /** The entropy of a voxel of which nothing is known, bits; of a job that runs, as if its structures did not overlap. */
    mostEntropy: computed(
      () => current.value?.made?.mostEntropyBits ?? Math.log2((preview.value?.structures.length ?? 1) + 1),
    ),
    entropy: computed(() => preview.value?.entropy ?? loaded(current.value?.maps.entropy)),
    probability: computed(() => loaded(current.value?.maps.probability)),
    samples: computed(() => loaded(current.value?.maps.samples)),
  };
}

export type ShownSegmentation = ReturnType<typeof createShownSegmentation>;

const key: InjectionKey<ShownSegmentation> = Symbol('shown segmentation');

export function provideShownSegmentation(): ShownSegmentation {
  const shown = createShownSegmentation();
  provide(key, shown);
  return shown;
}

export function useShownSegmentation(): ShownSegmentation {
  const shown = inject(key);
  invariant(shown, 'the viewer provides the segmentation that is shown');
  return shown;
}
