import { computed, shallowRef, watch, type Ref } from 'vue';
import type { Answer } from '../../main/contract/calls.ts';
import type { ModelSummary } from '../../main/contract/models.ts';
import { useHost } from '../host/host.ts';

type Fit = Answer<'models:fit'>[number];

/** A model, and whether it makes sense of the image. */
export interface ModelChoice {
  readonly model: ModelSummary;
  readonly fits: boolean;
  readonly reasons: readonly string[];
  readonly cautions: readonly string[];
}

/** The models of this computer for an image, those that fit it first. @param images How many the study has. */
export function useModels(volume: Ref<string>, images: Ref<number>) {
  const host = useHost();
  const models = shallowRef<readonly ModelSummary[]>([]);
  const fits = shallowRef<readonly Fit[]>([]);
  const isReady = shallowRef(false);

  watch(
    volume,
    async (id) => {
      isReady.value = false;
      const [listed, fitting] = await Promise.all([
        host.ask('models:list', {}),
        host.ask('models:fit', { volumes: [id] }),
      ]);
      if (volume.value !== id) return;
      models.value = listed?.models ?? [];
      fits.value = fitting ?? [];
      isReady.value = true;
    },
    { immediate: true },
  );

  const choices = computed<readonly ModelChoice[]>(() =>
    models.value
      .map((model) => {
        const fit = fits.value.find((known) => known.model === model.name);
        // Of several sequences one alone never fits: the person says which image is which.
        const canBeMapped = model.channels.length > 1 && model.channels.length <= images.value;
        if (canBeMapped) return { model, fits: true, reasons: [], cautions: [] };
        return { model, fits: fit?.fits ?? false, reasons: fit?.reasons ?? [], cautions: fit?.cautions ?? [] };
      })
      .sort((a, b) => Number(b.fits) - Number(a.fits)),
  );
  return { choices, isReady };
}
