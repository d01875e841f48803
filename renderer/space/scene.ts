import '@kitware/vtk.js/Rendering/Profiles/Geometry';
import '@kitware/vtk.js/Rendering/Profiles/Volume';
import vtkGenericRenderWindow from '@kitware/vtk.js/Rendering/Misc/GenericRenderWindow';
import { onScopeDispose, watch, type Ref } from 'vue';
import { useElementSize } from '../components/useElementSize.ts';

/** Whether this browser can draw in 3-D at all. */
export function canDraw(): boolean {
  return new OffscreenCanvas(1, 1).getContext('webgl2') !== null;
}

/**
 * A 3-D view in an element, its world LPS mm. Owns its window; deletes it with the scope.
 */
export function useScene(element: Readonly<Ref<HTMLElement | null>>) {
  const generic = vtkGenericRenderWindow.newInstance({ background: [0, 0, 0] });
  const renderer = generic.getRenderer();
  const interactor = generic.getInteractor();
  const size = useElementSize(element);
  let frame = 0;

  /** Draws before the next frame, once however often it is asked. */
  const render = (): void => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      // Before the element has a size there is nothing to draw on.
      if (size.value.width > 0) generic.getRenderWindow().render();
    });
  };

  /** From the front, the head up, as one faces a person. */
  function lookFromFront(): void {
    const camera = renderer.getActiveCamera();
    const [x, y, z] = camera.getFocalPoint();
    camera.setPosition(x, y - 1, z);
    camera.setViewUp(0, 0, 1);
    renderer.resetCamera();
    camera.zoom(1.2);
    render();
  }

  watch(element, (next) => {
    if (next) generic.setContainer(next);
  });
  watch(size, () => {
    generic.resize();
    render();
  });
  onScopeDispose(() => {
    cancelAnimationFrame(frame);
    generic.delete();
    // The window leaves it behind, listening to the document and holding the whole scene.
    interactor.delete();
  });
  return { renderer, render, lookFromFront, capture: () => generic.getRenderWindow().captureImages()[0] };
}

export type Scene = ReturnType<typeof useScene>;
