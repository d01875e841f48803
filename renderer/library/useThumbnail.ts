import { onScopeDispose, ref, watch, type Ref } from 'vue';
import { useHost, type Host } from '../host/host.ts';

/** Pictures are made one after another, so that a study that is opened meanwhile need not wait for many. */
let last: Promise<unknown> = Promise.resolve();

/** The address of a study's picture, once its card was on the screen and the picture is there. */
export function useThumbnail(study: string, card: Readonly<Ref<HTMLElement | null>>) {
  const host = useHost();
  const address = ref<string>();
  let ended = false;
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    last = last.then(() => (ended ? undefined : show(host)));
  });

  // A study without a picture still has a name: no problem is shown.
  async function show({ call }: Host): Promise<void> {
    const reply = await call('studies:thumbnail', { study });
    if (reply.ok && !ended) address.value = URL.createObjectURL(new Blob([reply.value.bytes], { type: 'image/png' }));
  }

  watch(card, (element) => {
    if (element) observer.observe(element);
  });
  onScopeDispose(() => {
    ended = true;
    observer.disconnect();
    if (address.value !== undefined) URL.revokeObjectURL(address.value);
  });
  return address;
}
