import type { FoundImage, FoundLabel, Inventory, LeftOut } from './found.ts';

/** A sequence that every case has, by what its description, modality or file name says. */
export interface ChannelPattern {
  readonly name: string;
  readonly pattern: RegExp;
}

/** What belongs together, not yet read. */
export interface Draft {
  readonly key: string;
  /** In the order of the channels. */
  readonly images: readonly FoundImage[];
  /** At least one. */
  readonly labels: readonly FoundLabel[];
  /** The image whose grid the case gets: the first that a label was drawn on. */
  readonly reference: FoundImage;
}

export interface Matched {
  readonly drafts: readonly Draft[];
  readonly leftOut: readonly LeftOut[];
}

/** A label with the images that it may have been drawn on. */
interface Attached {
  readonly label: FoundLabel;
  readonly targets: readonly FoundImage[];
}

/**
 * Puts images and labels together: a DICOM label goes to the series that it references, else to the one beside it in its frame of
 * reference; a label in a file to the image of its stem, else to the series of its folder. Without patterns each labelled series, and
 * each stem, is a case; with them each study, and each stem, in which every pattern finds one image.
 */
export function matchCases({ images, labels }: Inventory, patterns: readonly ChannelPattern[]): Matched {
  const attached = labels.map((label) => ({ label, targets: targetsOf(label, images) }));
  const lost = attached
    .filter(({ targets }) => targets.length === 0)
    .map(({ label }) => ({ path: label.path, why: 'the image that it was drawn on is not here' }));
  const found = attached.filter(({ targets }) => targets.length > 0);
  const { drafts, leftOut } = patterns.length > 0 ? byPatterns(images, found, patterns) : bySeries(images, found);
  const unlabelled = images
    .filter((image) => found.every(({ targets }) => !targets.some(({ exam }) => exam === image.exam)))
    .map(({ path }) => ({ path, why: 'an image without a label' }));
  return { drafts, leftOut: [...lost, ...leftOut, ...unlabelled] };
}

function targetsOf(label: FoundLabel, images: readonly FoundImage[]): readonly FoundImage[] {
  const isSameFrame = ({ frames }: FoundImage) => label.frame !== undefined && frames.includes(label.frame);
  const tries: readonly ((image: FoundImage) => boolean)[] = label.isDicom
    ? [
        ({ series }) => series !== undefined && label.series.includes(series),
        (image) => isSameFrame(image) && image.places.includes(label.places[1]!),
      ]
    : [
        ({ series, exam }) => series === undefined && exam === label.exam,
        ...label.places.map(
          (place) =>
            ({ series, places }: FoundImage) =>
              series !== undefined && places.includes(place),
        ),
      ];
  return tries.map((matches) => images.filter(matches)).find((matching) => matching.length > 0) ?? [];
}

function bySeries(images: readonly FoundImage[], attached: readonly Attached[]): Matched {
  const leftOut: LeftOut[] = [];
  const cases = new Map<string, { images: readonly FoundImage[]; labels: FoundLabel[] }>();
  for (const { label, targets } of attached) {
    const [first] = targets;
    const isFile = first!.series === undefined;
    if (!isFile && targets.length > 1) {
      const why = `it could belong to any of ${targets.length} volumes: choose by a pattern, --channel`;
      leftOut.push({ path: label.path, why });
      continue;
    }
    const members = isFile ? images.filter(({ exam }) => exam === first!.exam).toSorted(byNumber) : targets;
    const key = isFile ? first!.exam : JSON.stringify([first!.exam, first!.path]);
    const before = cases.get(key);
    if (before) before.labels.push(label);
    else if (members.some(({ number }, n) => number !== n)) leftOut.push({ path: first!.path, why: notInOrder });
    else cases.set(key, { images: members, labels: [label] });
  }
  const drafts = [...cases].map(([key, one]) => ({ key, ...one, reference: one.images[0]! }));
  return { drafts, leftOut: [...leftOut, ...unlabelledSeries(images, attached)] };
}

const notInOrder = 'its sequences are not numbered 0000, 0001 and so on';

const byNumber = (a: FoundImage, b: FoundImage): number => a.number - b.number;

/** Of a study in which another series has a label. */
function unlabelledSeries(images: readonly FoundImage[], attached: readonly Attached[]): readonly LeftOut[] {
  const labelled = new Set(attached.flatMap(({ targets }) => targets));
  const exams = new Set([...labelled].map(({ exam }) => exam));
  return images
    .filter((image) => image.series !== undefined && exams.has(image.exam) && !labelled.has(image))
    .map(({ path }) => ({ path, why: 'a series without a label' }));
}

function byPatterns(
  images: readonly FoundImage[],
  attached: readonly Attached[],
  patterns: readonly ChannelPattern[],
): Matched {
  const leftOut: LeftOut[] = [];
  const drafts: Draft[] = [];
  for (const key of new Set(attached.map(({ targets }) => targets[0]!.exam))) {
    const members = images.filter(({ exam }) => exam === key);
    const chosen = patterns.map(({ pattern }) => members.filter(({ words }) => pattern.test(words)));
    const wrong = chosen.findIndex(({ length }) => length !== 1);
    if (wrong >= 0) {
      const found = chosen[wrong]!.length === 0 ? 'no image is' : `${chosen[wrong]!.length} images are`;
      leftOut.push({ path: members[0]!.path, why: `${found} ${patterns[wrong]!.name}` });
      continue;
    }
    const sequences = chosen.flat();
    const own = attached.filter(({ targets }) => targets[0]!.exam === key);
    const reference = sequences.find((image) => own.some(({ targets }) => targets.includes(image)));
    const used = new Set(sequences);
    leftOut.push(
      ...members.filter((image) => !used.has(image)).map(({ path }) => ({ path, why: 'none of the channels' })),
    );
    drafts.push({
      key,
      images: sequences,
      labels: own.map(({ label }) => label),
      reference: reference ?? sequences[0]!,
    });
  }
  return { drafts, leftOut };
}
