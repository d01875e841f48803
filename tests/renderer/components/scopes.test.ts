import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import { useMoving } from '../../../renderer/components/useMoving.ts';
import { usePainting } from '../../../renderer/components/usePainting.ts';
import { useShortcuts } from '../../../renderer/components/useShortcuts.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('a scope that ends', () => {
  it('leaves no key listener', () => {
    const window = new EventTarget();
    vi.stubGlobal('window', window);
    const scope = effectScope();
    scope.run(() => {
      useShortcuts(() => ({}));
    });
    expect(getEventListeners(window, 'keydown')).toHaveLength(1);
    scope.stop();
    expect(getEventListeners(window, 'keydown')).toHaveLength(0);
  });

  it('leaves no frame that still paints', () => {
    const frames = new Map<number, () => void>();
    vi.stubGlobal('requestAnimationFrame', (paint: () => void) => frames.set(frames.size + 1, paint).size);
    vi.stubGlobal('cancelAnimationFrame', (frame: number) => frames.delete(frame));
    const scope = effectScope();
    scope.run(() => {
      usePainting([{ depend: () => undefined, paint: () => undefined }], () => undefined);
    });
    expect(frames.size).toBe(1);
    scope.stop();
    expect(frames.size).toBe(0);
  });

  it('leaves no timer', async () => {
    vi.useFakeTimers();
    const value = ref(0);
    const scope = effectScope();
    scope.run(() => useMoving(() => value.value, 100));
    value.value = 1;
    await nextTick();
    expect(vi.getTimerCount()).toBe(1);
    scope.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
