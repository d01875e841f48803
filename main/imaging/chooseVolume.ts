import { Problem } from '../../ml/check/problem.ts';
import type { ImageSource } from './reader.ts';

/**
 * The volumes found at `place`, each under a path that chooses it, `PATH#N` from 1 on where there are several; or the one of
 * the given number.
 *
 * @throws Problem `data` where there is none of that number.
 */
export function chooseVolume(found: readonly ImageSource[], place: string, number?: number): readonly ImageSource[] {
  const sources = found.length === 1 ? found : found.map((source, n) => named(source, `${place}#${n + 1}`));
  if (number === undefined) return sources;
  const source = sources[number - 1];
  if (source !== undefined) return [source];
  const what = found.length === 1 ? 'there is only one volume' : `there are only ${found.length} volumes`;
  throw new Problem('data', what, `${place}#${number}`, 'See `sfumato info` for what there is.');
}

/** The only image of a path, or where there is none its only segmentation; `undefined` where there are several. */
export function onlyImage(sources: readonly ImageSource[]): ImageSource | undefined {
  const images = sources.filter(({ description }) => description.kind !== 'segmentation');
  const [only, ...others] = images.length > 0 ? images : sources;
  return others.length === 0 ? only : undefined;
}

function named(source: ImageSource, path: string): ImageSource {
  return {
    ...source,
    description: { ...source.description, path },
    read: async (options) => ({ ...(await source.read(options)), path }),
  };
}
