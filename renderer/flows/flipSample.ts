import { useOverlayStore } from '../stores/overlay.ts';

/** Shows another sample; before the first and after the last come all of them together. */
export function flipSample(samples: number, by: number): void {
  const overlay = useOverlayStore();
  if (samples === 0) return;
  const place = overlay.sample === null ? 0 : overlay.sample + 1;
  const next = (place + by + samples + 1) % (samples + 1);
  overlay.sample = next === 0 ? null : next - 1;
}
