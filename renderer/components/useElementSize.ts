import { onScopeDispose, shallowRef, watch, type Ref } from 'vue';

/** Width and height of an element in CSS pixels, kept up to date. */
export function useElementSize(element: Readonly<Ref<HTMLElement | null>>) {
  const size = shallowRef({ width: 0, height: 0 });
  const observer = new ResizeObserver(([entry]) => {
    if (entry) size.value = { width: entry.contentRect.width, height: entry.contentRect.height };
  });
  watch(element, (next, previous) => {
    if (previous) observer.unobserve(previous);
    if (next) observer.observe(next);
  });
  onScopeDispose(() => {
    observer.disconnect();
  });
  return size;
}
