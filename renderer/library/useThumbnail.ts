import { onScopeDispose, watch, type Ref } from 'vue';
import { usePictureAddress } from '../components/usePictureAddress.ts';
import { useHost } from '../host/host.ts';

/** Pictures are made one after another, so that a study that is opened meanwhile need not wait for many. */
let last: Promise<unknown> = Promise.resolve();

/** The address of a study's picture, once its card was on the screen and the picture is there. */
export function useThumbnail(study: string, card: Readonly<Ref<HTMLElement | null>>) {
  const { call } = useHost();
  const { address, put } = usePictureAddress();
  let ended = false;
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    last = last.then(() => (ended ? undefined : show()));
  });

  // A study without a picture still has a name: no problem is shown.
  async function show(): Promise<void> {
    const reply = await call('studies:thumbnail', { study });
    if (reply.ok) put(reply.value.bytes);
  }

  watch(card, (element) => {
    if (element) observer.observe(element);
  });
  onScopeDispose(() => {
    ended = true;
    observer.disconnect();
  });
  return address;
}
