import type { SampleRow } from './sampleRow.ts';
import type { VoxelArray } from './volume.ts';

/** Reads one target row out of the channel of `data` that begins at `channel`, into `out` from `at` on. */
export type InterpolateRow = (
  data: VoxelArray,
  channel: number,
  row: SampleRow,
  out: VoxelArray,
  at: number,
  outside: number,
) => void;

export const linearRow: InterpolateRow = (
  data,
  channel,
  { base, steps: [si, sj, sk], weights: [wi, wj, wk] },
  out,
  at,
  outside,
) => {
  for (let n = 0; n < base.length; n++) {
    if (base[n]! < 0) {
      out[at + n] = outside;
      continue;
    }
    const b = channel + base[n]!;
    const i = si[n]!;
    const j = b + sj[n]!;
    const k = b + sk[n]!;
    const jk = j + sk[n]!;
    const u = wi[n]!;
    const v = wj[n]!;
    const low = data[b]! + (data[b + i]! - data[b]!) * u;
    const lowNext = data[j]! + (data[j + i]! - data[j]!) * u;
    const high = data[k]! + (data[k + i]! - data[k]!) * u;
    const highNext = data[jk]! + (data[jk + i]! - data[jk]!) * u;
    const below = low + (lowNext - low) * v;
    const above = high + (highNext - high) * v;
    out[at + n] = below + (above - below) * wk[n]!;
  }
};

export const nearestRow: InterpolateRow = (
  data,
  channel,
  { base, steps: [si, sj, sk], weights: [wi, wj, wk] },
  out,
  at,
  outside,
) => {
  for (let n = 0; n < base.length; n++) {
    const i = wi[n]! < 0.5 ? 0 : si[n]!;
    const j = wj[n]! < 0.5 ? 0 : sj[n]!;
    const k = wk[n]! < 0.5 ? 0 : sk[n]!;
    out[at + n] = base[n]! < 0 ? outside : data[channel + base[n]! + i + j + k]!;
  }
};

export const labelRow: InterpolateRow = (
  data,
  channel,
  { base, steps: [si, sj, sk], weights: [wi, wj, wk] },
  out,
  at,
  outside,
) => {
  const labels = new Float64Array(8);
  const shares = new Float64Array(8);
  for (let n = 0; n < base.length; n++) {
    if (base[n]! < 0) {
      out[at + n] = outside;
      continue;
    }
    const b = channel + base[n]!;
    let agree = true;
    for (let corner = 0; corner < 8; corner++) {
      const i = (corner & 1) === 0 ? 0 : si[n]!;
      const j = (corner & 2) === 0 ? 0 : sj[n]!;
      const k = (corner & 4) === 0 ? 0 : sk[n]!;
      labels[corner] = data[b + i + j + k]!;
      agree &&= labels[corner] === labels[0];
    }
    // Away from borders all eight agree, and there is nothing to weigh.
    if (!agree) fillShares(shares, wi[n]!, wj[n]!, wk[n]!);
    out[at + n] = agree ? labels[0]! : largestShare(labels, shares);
  }
};

function fillShares(shares: Float64Array, u: number, v: number, w: number): void {
  for (let corner = 0; corner < 8; corner++) {
    const across = ((corner & 1) === 0 ? 1 - u : u) * ((corner & 2) === 0 ? 1 - v : v);
    shares[corner] = across * ((corner & 4) === 0 ? 1 - w : w);
  }
}

/** Shares nearer than this are a tie: they differ by rounding. */
const tie = 1e-9;

function largestShare(labels: Float64Array, shares: Float64Array): number {
  let best = Infinity;
  let bestShare = 0;
  for (let first = 0; first < 8; first++) {
    const label = labels[first]!;
    let share = 0;
    for (let n = 0; n < 8; n++) if (labels[n] === label) share += shares[n]!;
    if (share > bestShare + tie || (share > bestShare - tie && label < best)) {
      best = label;
      bestShare = share;
    }
  }
  return best;
}
