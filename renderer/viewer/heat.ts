/** The largest value of a map: one, or the entropy of all classes alike, bits. @param structures Without the background. */
export const heatMost = (heat: 'entropy' | 'probability', structures: number): number =>
  heat === 'probability' ? 1 : Math.log2(Math.max(structures, 1) + 1);
