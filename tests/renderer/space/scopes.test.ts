import type vtkImageData from '@kitware/vtk.js/Common/DataModel/ImageData';
import vtkRenderer from '@kitware/vtk.js/Rendering/Core/Renderer';
import { describe, expect, it } from 'vitest';
import { effectScope, nextTick, ref, shallowRef } from 'vue';
import type { VolumeFacts } from '../../../main/contract/volumes.ts';
import type { Vector3 } from '../../../ml/volume/grid.ts';
import type { Preset } from '../../../renderer/space/presets.ts';
import type { Scene } from '../../../renderer/space/scene.ts';
import type { LabelSurface } from '../../../renderer/space/surface.ts';
import { useSurfaceActors } from '../../../renderer/space/useSurfaceActors.ts';
import { useVolumeActor } from '../../../renderer/space/useVolumeActor.ts';
import { localVolume } from '../../../renderer/volumes/loadedVolume.ts';

/** What is drawn in a scene, without the window that would draw it. */
function sceneOf(): Scene {
  const nothing = (): undefined => undefined;
  return { renderer: vtkRenderer.newInstance(), render: nothing, lookFromFront: nothing, capture: nothing };
}

const triangle = (value: number): LabelSurface => ({
  value,
  positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0),
  normals: Float32Array.of(0, 0, 1, 0, 0, 1, 0, 0, 1),
  triangles: Uint32Array.of(0, 1, 2),
});

const facts: VolumeFacts = {
  volume: 'study#0',
  description: '',
  modality: 'CT',
  unit: 'HU',
  grid: {
    shape: [4, 4, 4],
    spacing: [1, 1, 1],
    unit: 'mm',
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  },
  channels: 1,
  components: 1,
  dataType: 'int16',
  range: { least: 0, largest: 100, low: 0, high: 100 },
  windows: [],
  inverted: false,
  padding: null,
  structures: [],
  lossy: false,
  resampled: false,
  warnings: [],
  whole: true,
};

describe('useSurfaceActors', () => {
  it('leaves no actor when surfaces change, and none when its scope ends', async () => {
    const scene = sceneOf();
    const surfaces = shallowRef<readonly LabelSurface[]>([triangle(1), triangle(2)]);
    const structures = ref([{ value: 1, colour: '#ff0000', opacity: 1 }]);
    const scope = effectScope();
    scope.run(() => {
      useSurfaceActors(scene, surfaces, structures);
    });
    const first = [...scene.renderer.getActors()];
    expect(first.map((actor) => actor.getVisibility())).toEqual([true, false]);
    surfaces.value = [triangle(3)];
    await nextTick();
    const second = [...scene.renderer.getActors()];
    expect([second.length, ...first.map((actor) => actor.isDeleted())]).toEqual([1, true, true]);
    scope.stop();
    expect([scene.renderer.getActors().length, ...second.map((actor) => actor.isDeleted())]).toEqual([0, true]);
  });
});

describe('useVolumeActor', () => {
  it('takes its volume, its voxels and its clipping plane with it', async () => {
    const scene = sceneOf();
    const preset = ref<Preset>('bone');
    const clip = ref<Vector3 | null>([1, 1, 1]);
    const scope = effectScope();
    scope.run(() => {
      useVolumeActor(scene, { loaded: shallowRef(localVolume(facts)), preset, clip });
    });
    const [volume] = scene.renderer.getVolumes();
    const mapper = volume!.getMapper()!;
    const voxels: unknown = mapper.getInputData();
    expect(mapper.getClippingPlanes()).toHaveLength(1);
    clip.value = null;
    await nextTick();
    expect(mapper.getClippingPlanes()).toHaveLength(0);
    preset.value = 'surfaces';
    await nextTick();
    expect(scene.renderer.getVolumes()).toEqual([]);
    expect(voxels).toSatisfy((image: vtkImageData) => image.isDeleted());
    scope.stop();
    expect([volume!.isDeleted(), mapper.isDeleted()]).toEqual([true, true]);
  });
});
