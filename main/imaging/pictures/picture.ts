import { Problem } from '../../../ml/check/problem.ts';
import type { Vector3 } from '../../../ml/volume/grid.ts';
import type { VoxelArray } from '../../../ml/volume/volume.ts';
import type { NumberType } from '../decodeNumbers.ts';

/** What a picture's header says. */
export interface PictureHeader {
  readonly width: number;
  readonly height: number;
  /** Pages one behind the other; 1 but for stacks. */
  readonly slices: number;
  readonly frames: number;
  /** Numbers a pixel, after a palette's colours took the place of indices. */
  readonly components: number;
  readonly hasAlpha: boolean;
  readonly type: NumberType;
  /** mm; absent where the file knows no size of what it shows. */
  readonly spacing: Vector3 | undefined;
  readonly lossy: boolean;
  readonly warnings: readonly string[];
}

export interface OpenPicture {
  readonly header: PictureHeader;
  /** Stored values `[frames, slices, height, width, components]`, components fastest. */
  readonly read: () => Promise<VoxelArray>;
}

/** A kind of picture, told by its first bytes. */
export interface PictureFormat {
  readonly looksLike: (start: Uint8Array) => boolean;
  /** @throws Problem `data` where the file is damaged, not supported, or claims more than it can hold. */
  readonly open: (path: string) => Promise<OpenPicture>;
}

/** Bytes enough for every `looksLike`. */
export const pictureStart = 8;

export function brokenPicture(what: string, path: string, cause?: unknown): Problem {
  const remedy = 'Get the file again from its source, or save it anew with another program.';
  return new Problem('data', `a picture that cannot be used: ${what}`, path, remedy, { cause });
}

/** @throws Problem `data` where a file of `size` bytes cannot hold what it claims, however well it is compressed. */
export function checkClaim(bytes: number, size: number, ratio: number, path: string): void {
  if (bytes <= size * ratio && Number.isSafeInteger(bytes)) return;
  throw brokenPicture(`its header claims ${bytes} bytes of pixels, which ${size} bytes cannot hold`, path);
}
