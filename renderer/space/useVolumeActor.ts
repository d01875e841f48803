import vtkPlane from '@kitware/vtk.js/Common/DataModel/Plane';
import vtkVolume from '@kitware/vtk.js/Rendering/Core/Volume';
import vtkVolumeMapper from '@kitware/vtk.js/Rendering/Core/VolumeMapper';
import { onScopeDispose, watchEffect, type Ref } from 'vue';
import type { Vector3 } from '../../ml/volume/grid.ts';
import type { LoadedVolume } from '../volumes/loadedVolume.ts';
import { thinOut, toImageData } from './imageData.ts';
import { transferFunctions, type Preset } from './presets.ts';
import type { Scene } from './scene.ts';

interface Shown {
  readonly loaded: Ref<LoadedVolume>;
  readonly preset: Ref<Preset>;
  /** LPS mm; nothing in front of it is drawn. */
  readonly clip: Ref<Vector3 | null>;
}

/** Draws an image as a volume. Owns its actor and mapper; deletes both with the scope. */
export function useVolumeActor(scene: Scene, shown: Shown): void {
  const mapper = vtkVolumeMapper.newInstance();
  const actor = vtkVolume.newInstance();
  actor.setMapper(mapper);
  const made = { actor, mapper };
  useVoxels(scene, shown, made);
  useRendering(scene, shown, made);
  useClipping(scene, shown, made);
  onScopeDispose(() => {
    actor.delete();
    mapper.delete();
  });
}

interface Made {
  readonly actor: vtkVolume;
  readonly mapper: vtkVolumeMapper;
}

function useVoxels({ renderer, render }: Scene, { loaded, preset }: Shown, { actor, mapper }: Made): void {
  watchEffect((onCleanup) => {
    const { volume, loaded: part, facts } = loaded.value;
    if (preset.value === 'surfaces' || part.value < 0.999 || facts.components > 1) return;
    const [i, j, k] = volume.grid.shape;
    const thin = thinOut(volume.grid, volume.data.subarray(0, i * j * k));
    const image = toImageData(thin);
    mapper.setInputData(image);
    mapper.setSampleDistance(Math.min(...thin.grid.spacing));
    renderer.addVolume(actor);
    render();
    onCleanup(() => {
      renderer.removeVolume(actor);
      image.delete();
      render();
    });
  });
}

function useRendering({ render }: Scene, { loaded, preset }: Shown, { actor, mapper }: Made): void {
  watchEffect((onCleanup) => {
    if (preset.value === 'surfaces') return;
    const { colour, opacity } = transferFunctions(loaded.value.facts, preset.value);
    const property = actor.getProperty();
    property.setRGBTransferFunction(0, colour);
    property.setScalarOpacity(0, opacity);
    property.setScalarOpacityUnitDistance(0, Math.max(...loaded.value.facts.grid.spacing));
    property.setInterpolationTypeToLinear();
    property.setShade(preset.value !== 'mip');
    if (preset.value === 'mip') mapper.setBlendModeToMaximumIntensity();
    else mapper.setBlendModeToComposite();
    render();
    onCleanup(() => {
      colour.delete();
      opacity.delete();
    });
  });
}

function useClipping({ render }: Scene, { clip }: Shown, { mapper }: Made): void {
  watchEffect((onCleanup) => {
    if (clip.value === null) return;
    // The front is anterior: -y in LPS.
    const plane = vtkPlane.newInstance({ origin: [...clip.value], normal: [0, 1, 0] });
    mapper.addClippingPlane(plane);
    render();
    onCleanup(() => {
      mapper.removeAllClippingPlanes();
      plane.delete();
      render();
    });
  });
}
