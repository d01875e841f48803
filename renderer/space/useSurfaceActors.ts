import vtkCellArray from '@kitware/vtk.js/Common/Core/CellArray';
import vtkDataArray from '@kitware/vtk.js/Common/Core/DataArray';
import vtkPolyData from '@kitware/vtk.js/Common/DataModel/PolyData';
import vtkActor from '@kitware/vtk.js/Rendering/Core/Actor';
import vtkMapper from '@kitware/vtk.js/Rendering/Core/Mapper';
import { shallowRef, watchEffect, type Ref } from 'vue';
import { parseColour } from '../slices/colour.ts';
import type { Scene } from './scene.ts';
import type { LabelSurface } from './surface.ts';

/** A structure that is shown. */
export interface Painted {
  readonly value: number;
  /** #rrggbb. */
  readonly colour: string;
  /** In (0, 1]. */
  readonly opacity: number;
}

/** Triangles as vtk.js takes them: the number of corners before each. */
function cellsOf(triangles: Uint32Array): Uint32Array {
  const cells = new Uint32Array((triangles.length / 3) * 4);
  for (let t = 0, at = 0; t < triangles.length; t += 3) {
    cells[at++] = 3;
    cells[at++] = triangles[t]!;
    cells[at++] = triangles[t + 1]!;
    cells[at++] = triangles[t + 2]!;
  }
  return cells;
}

function makeActor({ value, positions, normals, triangles }: LabelSurface) {
  const data = vtkPolyData.newInstance();
  data.getPoints().setData(positions, 3);
  data.setPolys(vtkCellArray.newInstance({ values: cellsOf(triangles) }));
  data.getPointData().setNormals(vtkDataArray.newInstance({ name: 'Normals', numberOfComponents: 3, values: normals }));
  const mapper = vtkMapper.newInstance();
  mapper.setInputData(data);
  const actor = vtkActor.newInstance();
  actor.setMapper(mapper);
  const property = actor.getProperty();
  property.setSpecular(0.2);
  property.setSpecularPower(20);
  property.setInterpolationToPhong();
  const parts = [actor, mapper, data];
  return {
    value,
    actor,
    free: () => {
      for (const part of parts) part.delete();
    },
  };
}

/** Draws the surfaces of structures. Owns their actors; deletes them when the surfaces change or the scope ends. */
export function useSurfaceActors(
  { renderer, render }: Scene,
  surfaces: Ref<readonly LabelSurface[]>,
  structures: Ref<readonly Painted[]>,
): void {
  const made = shallowRef<readonly ReturnType<typeof makeActor>[]>([]);
  watchEffect((onCleanup) => {
    const actors = surfaces.value.map(makeActor);
    for (const { actor } of actors) renderer.addActor(actor);
    made.value = actors;
    onCleanup(() => {
      for (const { actor, free } of actors) {
        renderer.removeActor(actor);
        free();
      }
    });
  });
  watchEffect(() => {
    for (const { value, actor } of made.value) {
      const structure = structures.value.find((known) => known.value === value);
      actor.setVisibility(structure !== undefined);
      if (structure) paint(actor, structure);
    }
    render();
  });
}

function paint(actor: vtkActor, { colour, opacity }: Painted): void {
  const [red, green, blue] = parseColour(colour);
  actor.getProperty().setColor(red / 255, green / 255, blue / 255);
  actor.getProperty().setOpacity(opacity);
}
