import type { Volume } from '../../ml/volume/volume.ts';
import { emptyLike } from '../../ml/volume/emptyLike.ts';

/** The channels of a colour picture, in the order of its numbers. */
export const colours: readonly string[] = ['red', 'green', 'blue'];

/** Whether channels are those of a colour picture. */
export const isColour = (channels: readonly string[]): boolean =>
  channels.length === colours.length && channels.every((name, n) => name === colours[n]);

/** A grey image where colours are expected shows its value in each of them; every other image is itself. */
export function inColour(volume: Volume, channels: readonly string[]): Volume {
  if (!isColour(channels) || volume.channels !== 1) return volume;
  const data = emptyLike(volume.data, volume.data.length * colours.length);
  colours.forEach((_, n) => {
    data.set(volume.data, n * volume.data.length);
  });
  return { ...volume, channels: colours.length, data };
}
