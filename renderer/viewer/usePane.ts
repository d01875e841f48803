import { computed, type ComputedRef, type Ref } from 'vue';
import type { Grid, Vector3 } from '../../ml/volume/grid.ts';
import { indexPoint, indexToWorld, worldPoint, worldToIndex, type WorldPoint } from '../../ml/volume/space.ts';
import { alignedPlanes, cutsIn, isOblique, viewAlong } from '../slices/planes.ts';
import { sliceGrid, type ViewName } from '../slices/view.ts';
import {
  canvasToWorld,
  fitViewport,
  pan,
  worldToCanvas,
  zoom,
  type CanvasPoint,
  type Viewport,
} from '../slices/viewport.ts';
import { useCameraStore } from '../stores/camera.ts';
import { useViewStore } from '../stores/view.ts';

/** Room around the picture, for the letters. */
const margin = 0.96;

type Size = Readonly<Ref<{ width: number; height: number }>>;

/** The geometry of one pane: which slice of which plane, and where it lies on the pane's canvas. */
export function usePane(plane: Ref<ViewName>, grid: Ref<Grid>, size: Size) {
  const viewing = useViewStore();
  const planes = computed(() => viewing.planes ?? alignedPlanes(grid.value));
  const view = computed(() => viewAlong(grid.value, plane.value, planes.value[plane.value]));
  const isTurned = computed(() => isOblique(grid.value, plane.value, planes.value[plane.value]));
  const slices = computed(() => view.value.shape[2]);
  /** The middle of the volume until a crosshair is set. */
  const crosshair = computed<WorldPoint>(() => {
    if (viewing.crosshair) return worldPoint(...viewing.crosshair);
    const [i, j, k] = grid.value.shape;
    return indexToWorld(grid.value, indexPoint(Math.floor(i / 2), Math.floor(j / 2), Math.floor(k / 2)));
  });
  const index = computed(() => worldToIndex(view.value, crosshair.value));
  const slice = computed(() => clamp(Math.round(index.value[2]), slices.value));
  /** What is shown, in slices: an oblique plane runs through the crosshair, between slices too. */
  const cut = computed(() => (isTurned.value ? clamp(index.value[2], slices.value) : slice.value));
  const target = computed(() => sliceGrid(view.value, cut.value));
  const camera = usePaneViewport(plane, view, size);
  const { viewport } = camera;

  /** Moves the crosshair across the slices and leaves its place in them. */
  function show(next: number): void {
    const [i, j] = index.value;
    viewing.crosshair = indexToWorld(view.value, indexPoint(i, j, clamp(next, slices.value)));
  }

  return {
    ...camera,
    view,
    planes,
    isTurned,
    /** Where the other planes cut this one. */
    cuts: computed(() => cutsIn(planes.value, plane.value)),
    slices,
    slice,
    target,
    crosshair,
    show,
    /** Whether places (LPS mm) lie in what is shown. */
    holds: (points: readonly Vector3[]): boolean =>
      points.every((point) => Math.abs(worldToIndex(view.value, worldPoint(...point))[2] - cut.value) <= 0.5),
    toWorld: (point: CanvasPoint): WorldPoint => canvasToWorld(viewport.value, view.value, cut.value, point),
    toCanvas: (world: WorldPoint): CanvasPoint => worldToCanvas(viewport.value, view.value, world),
  };
}

export type Pane = ReturnType<typeof usePane>;

/** What of the view is on the canvas: the plane's camera, against the whole picture. */
function usePaneViewport(plane: Ref<ViewName>, view: ComputedRef<Grid>, size: Size) {
  const cameras = useCameraStore();
  const fitted = computed(() => {
    const { width, height } = size.value;
    const whole = fitViewport(view.value, Math.max(width, 1), Math.max(height, 1));
    return { ...whole, scale: whole.scale * margin };
  });
  const viewport = computed<Viewport>(() => {
    const { magnification, offset } = cameras.cameras[plane.value];
    const { centre, scale } = fitted.value;
    return { ...fitted.value, scale: scale * magnification, centre: [centre[0] + offset[0], centre[1] + offset[1]] };
  });
  const look = ({ centre, scale }: Viewport): void => {
    const offset = [centre[0] - fitted.value.centre[0], centre[1] - fitted.value.centre[1]] as const;
    cameras.set(plane.value, { magnification: scale / fitted.value.scale, offset });
  };
  return {
    viewport,
    panBy: (by: CanvasPoint) => {
      look(pan(viewport.value, by));
    },
    zoomBy: (factor: number, fixed: CanvasPoint) => {
      look(zoom(viewport.value, factor, fixed));
    },
  };
}

const clamp = (slice: number, slices: number): number => Math.min(Math.max(slice, 0), slices - 1);
