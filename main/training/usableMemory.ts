/** Some is left to the system and to what else is running. */
const USABLE_SHARE = 0.8;

export const usableMiB = (asked: number | undefined): number =>
  asked ?? Math.floor((USABLE_SHARE * process.availableMemory()) / 2 ** 20);
