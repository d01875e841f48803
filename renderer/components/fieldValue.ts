/** The number in the field that an event came from; NaN where it is no field. */
export const numberOf = ({ target }: Event): number =>
  target instanceof HTMLInputElement ? target.valueAsNumber : NaN;

/** The text in the field that an event came from; empty where it is no field. */
export const textOf = ({ target }: Event): string => (target instanceof HTMLInputElement ? target.value : '');
