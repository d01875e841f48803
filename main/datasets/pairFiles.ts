import { Problem } from '../../ml/check/problem.ts';

/** Images and mask of one case, by file. */
export interface FilePair {
  readonly id: string;
  readonly images: readonly string[];
  readonly label: string | undefined;
}

const channelName = /^(.+)_(\d{4})$/;

/**
 * Puts images and masks of one name together. Where images end in nnU-Net's channel number (`CASE_0000`, `CASE_0001`), those of one
 * case go together in that order.
 *
 * @param labels Undefined for images that are not expected to have masks.
 * @throws Problem 'data' where one is without the other.
 */
export function pairFiles(
  folder: string,
  images: ReadonlyMap<string, string>,
  labels: ReadonlyMap<string, string> | undefined,
): FilePair[] {
  const cases = labels ? groupChannels(images, (name) => labels.has(name)) : groupChannels(images, () => false);
  if (labels) {
    const unlabelled = [...cases.keys()].filter((id) => !labels.has(id));
    refuse(unlabelled, 'has no label', folder, 'Add the label, or move the image out of the training images.');
    const alone = [...labels.keys()].filter((id) => !cases.has(id));
    refuse(alone, 'has a label but no image', folder, 'Add the image, or remove the label.');
  }
  return [...cases].map(([id, files]) => ({ id, images: files, label: labels?.get(id) }));
}

/** @param isCase Whether a name is a whole case although it ends like a channel number. */
function groupChannels(images: ReadonlyMap<string, string>, isCase: (name: string) => boolean): Map<string, string[]> {
  const cases = new Map<string, string[]>();
  for (const [name, path] of images) {
    const id = isCase(name) ? name : (channelName.exec(name)?.[1] ?? name);
    cases.set(id, [...(cases.get(id) ?? []), path]);
  }
  return cases;
}

function refuse(ids: readonly string[], what: string, folder: string, remedy: string): void {
  const [first] = ids;
  if (first === undefined) return;
  const others = ids.length > 1 ? ` (and so it is with ${ids.length - 1} more)` : '';
  throw new Problem('data', `${first} ${what}${others}`, folder, remedy);
}
