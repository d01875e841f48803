import { onScopeDispose, readonly, ref } from 'vue';

/** The address of a PNG that the page holds; it is let go with its scope, or when another takes its place. */
export function usePictureAddress() {
  const address = ref<string>();
  let ended = false;

  function put(bytes: ArrayBuffer): void {
    if (ended) return;
    letGo();
    address.value = URL.createObjectURL(new Blob([bytes], { type: 'image/png' }));
  }

  function letGo(): void {
    if (address.value !== undefined) URL.revokeObjectURL(address.value);
  }

  onScopeDispose(() => {
    ended = true;
    letGo();
  });
  return { address: readonly(address), put };
}
