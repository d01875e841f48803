import { onScopeDispose, shallowRef, watch } from 'vue';

/** Whether a value has changed within the last moments. */
export function useMoving(value: () => unknown, restMilliseconds: number) {
  const isMoving = shallowRef(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(value, () => {
    isMoving.value = true;
    clearTimeout(timer);
    timer = setTimeout(() => {
      isMoving.value = false;
    }, restMilliseconds);
  });
  onScopeDispose(() => {
    clearTimeout(timer);
  });
  return isMoving;
}
