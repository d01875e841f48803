import type { Grid, Vector3 } from '../../../ml/volume/grid.ts';
import { fitGrid, normalOf } from '../fitGrid.ts';
import type { NrrdAxis, NrrdHeader } from './header.ts';
import { brokenNrrd } from './text.ts';

/** Which axes of the file are what, by number; fastest first. */
interface NrrdRoles {
  /** Two (a picture) or three. */
  readonly space: readonly number[];
  readonly components: readonly number[];
  readonly frames: readonly number[];
}

export interface NrrdPlacement {
  readonly grid: Grid;
  readonly roles: NrrdRoles;
  readonly warnings: readonly string[];
}

/** Signs that take the file's space to LPS. */
const spaces: readonly (readonly [RegExp, Vector3])[] = [
  [/^(left-posterior-superior|lps)(-time|t)?$/, [1, 1, 1]],
  [/^(right-anterior-superior|ras)(-time|t)?$/, [-1, -1, 1]],
  [/^(left-anterior-superior|las)(-time|t)?$/, [1, -1, 1]],
];

const millimetres: Readonly<Record<string, number>> = { m: 1000, cm: 10, mm: 1, um: 0.001, µm: 0.001 };

/** @throws Problem `data` where the axes span no volume, or are more than three of space. */
export function placeNrrd(header: NrrdHeader, path: string): NrrdPlacement {
  const roles = rolesOf(header.axes);
  if (roles.space.length < 2 || roles.space.length > 3)
    throw brokenNrrd(`it has ${roles.space.length} axes of space`, path);
  const warnings: string[] = [];
  const shape = shapeOf(header, roles);
  const grid = header.axes.some(({ direction }) => direction !== undefined)
    ? gridOfDirections(header, roles, shape, warnings)
    : gridOfSpacings(header, roles, shape, warnings);
  if (grid === undefined) throw brokenNrrd('its space directions span no volume', path);
  return { grid, roles, warnings };
}

const inFrames = /^(time|list)$/;
const inComponents = /vector|color|colour|point|normal|complex|quaternion|gradient|matrix|scalar|stub/;

/** An axis without a direction holds frames or components by its kind; of no kind, components before space and frames behind. */
function rolesOf(axes: readonly NrrdAxis[]): NrrdRoles {
  const hasDirections = axes.some(({ direction }) => direction !== undefined);
  const numbers = axes.map((_, n) => n);
  const isSpace = ({ direction, kind }: NrrdAxis) => {
    if (hasDirections) return direction !== undefined && direction.slice(0, 3).some((part) => part !== 0);
    return !inFrames.test(kind) && !inComponents.test(kind);
  };
  const all = numbers.filter((n) => isSpace(axes[n]!));
  const space = hasDirections ? all : all.slice(0, 3);
  const rest = numbers.filter((n) => !space.includes(n));
  const areComponents = (n: number) => {
    const { kind } = axes[n]!;
    return inComponents.test(kind) || (!inFrames.test(kind) && n < space[0]!);
  };
  return { space, components: rest.filter(areComponents), frames: rest.filter((n) => !areComponents(n)) };
}

function shapeOf({ axes }: NrrdHeader, { space }: NrrdRoles): Vector3 {
  const size = (n: number) => axes[space[n] ?? -1]?.size ?? 1;
  return [size(0), size(1), size(2)];
}

function gridOfDirections(header: NrrdHeader, { space }: NrrdRoles, shape: Vector3, warnings: string[]) {
  const signs = spaces.find(([name]) => name.test(header.space ?? ''))?.[1];
  if (signs === undefined)
    warnings.push(
      `The header does not say how its space (${header.space ?? 'unnamed'}) lies in the patient; it is taken to be ` +
        'left-posterior-superior, which may be wrong.',
    );
  const unit = unitOf(header, warnings);
  const inLps = (vector: readonly number[]): Vector3 => {
    const part = (axis: 0 | 1 | 2) => (vector[axis] ?? 0) * (signs ?? [1, 1, 1])[axis] * unit + 0;
    return [part(0), part(1), part(2)];
  };
  const [first = [], second = [], third] = space.map((n) => header.axes[n]?.direction);
  const [i, j] = [inLps(first), inLps(second)];
  const k = third ? inLps(third) : normalOf(i, j);
  if (header.origin === undefined) warnings.push('The header gives no origin; the first voxel is put at 0, 0, 0.');
  return fitGrid([i, j, k], inLps(header.origin ?? [0, 0, 0]), shape, warnings);
}

function unitOf({ spaceUnits }: NrrdHeader, warnings: string[]): number {
  const name = spaceUnits.find((unit) => unit !== '');
  const unit = name === undefined ? 1 : millimetres[name];
  if (unit === undefined) warnings.push(`The unit of length "${name}" is not known; it is taken to be millimetres.`);
  return unit ?? 1;
}

function gridOfSpacings(header: NrrdHeader, { space }: NrrdRoles, shape: Vector3, warnings: string[]): Grid {
  warnings.push(
    'The header gives no orientation; axes are taken to run left, posterior and superior, which may be wrong.',
  );
  const axes = space.map((n) => header.axes[n]!);
  const unit = unitOf(header, warnings);
  const isKnown = axes.every(({ spacing }) => Number.isFinite(spacing) && spacing !== 0);
  if (!isKnown) warnings.push('The header gives no voxel sides; lengths are counted in voxels.');
  const side = (n: number) => (isKnown ? Math.abs((axes[n]?.spacing ?? 1) * unit) : 1);
  const origin = (n: number) => {
    const least = axes[n]?.least ?? 0;
    return isKnown && Number.isFinite(least) ? least * unit : 0;
  };
  return {
    shape,
    spacing: [side(0), side(1), side(2)],
    unit: isKnown ? 'mm' : 'voxel',
    origin: [origin(0), origin(1), origin(2)],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
}
