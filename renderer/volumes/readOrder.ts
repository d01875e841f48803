/** Slices `[from, to)` along k. */
export interface SliceSpan {
  readonly from: number;
  readonly to: number;
}

/** Spans of at most `most` slices that cover them all, the one around `first` first and then outwards, so that what is seen comes first. */
export function readOrder(slices: number, most: number, first: number): readonly SliceSpan[] {
  const spans: SliceSpan[] = [];
  for (let from = 0; from < slices; from += most) spans.push({ from, to: Math.min(from + most, slices) });
  const distance = ({ from, to }: SliceSpan) => Math.abs((from + to - 1) / 2 - first);
  return spans.sort((a, b) => distance(a) - distance(b));
}
