/** Says that an effect depends on values that it does not need: being read is enough. */
export const track = (...values: readonly unknown[]): number => values.length;
