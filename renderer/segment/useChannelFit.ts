import { shallowRef, watch, type Ref } from 'vue';
import type { Answer } from '../../main/contract/calls.ts';
import { useHost } from '../host/host.ts';

type Fit = Answer<'models:fit'>[number];

/** Whether the images that were chosen for a model of several sequences suit it together; nothing until all are chosen. */
export function useChannelFit(channels: Ref<readonly string[]>, model: Ref<string | null>) {
  const host = useHost();
  const fit = shallowRef<Fit>();
  watch([channels, model], async ([volumes, name]) => {
    fit.value = undefined;
    if (volumes.length < 2 || volumes.includes('')) return;
    const fits = await host.ask('models:fit', { volumes: [...volumes] });
    if (channels.value === volumes && model.value === name) fit.value = fits?.find((known) => known.model === name);
  });
  return fit;
}
