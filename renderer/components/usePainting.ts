import { onScopeDispose, watchEffect } from 'vue';

export interface PaintStep {
  /** Reads everything that the painting depends on. */
  readonly depend: () => void;
  readonly paint: () => void;
}

/**
 * Paints what has changed, in the order of the steps, once a frame at most: many pointer events between two frames cost one painting.
 *
 * @param finish Runs after any of the steps, in the same frame.
 */
export function usePainting(steps: readonly PaintStep[], finish: () => void): void {
  const due = new Set<PaintStep>();
  let frame = 0;
  const paint = (): void => {
    frame = 0;
    const now = steps.filter((step) => due.has(step));
    due.clear();
    for (const step of now) step.paint();
    finish();
  };
  for (const step of steps) {
    watchEffect(() => {
      step.depend();
      due.add(step);
      frame ||= requestAnimationFrame(paint);
    });
  }
  onScopeDispose(() => {
    cancelAnimationFrame(frame);
  });
}
