interface Described {
  readonly volume: string;
  readonly description: string;
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/**
 * A volume for each channel of a model, by the channel's name in the volume's description; empty where none or several bear it, for a wrong
 * sequence segments quietly wrong. No volume is taken twice.
 */
export function matchChannels(names: readonly string[], volumes: readonly Described[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const matching = volumes.filter(
      ({ volume, description }) => !taken.has(volume) && plain(description).includes(plain(name)),
    );
    const [only, ...others] = matching;
    if (only === undefined || others.length > 0) return '';
    taken.add(only.volume);
    return only.volume;
  });
}
