import { onScopeDispose, ref } from 'vue';
import { useHost } from '../host/host.ts';

/** The address of a study's picture, once it is there. */
export function useThumbnail(study: string) {
  const host = useHost();
  const address = ref<string>();
  let ended = false;
  // A study without a picture still has a name: no problem is shown.
  void host.call('studies:thumbnail', { study }).then((reply) => {
    if (reply.ok && !ended) address.value = URL.createObjectURL(new Blob([reply.value.bytes], { type: 'image/png' }));
  });
  onScopeDispose(() => {
    ended = true;
    if (address.value !== undefined) URL.revokeObjectURL(address.value);
  });
  return address;
}
