/** A structure that masks of a data set show. */
export interface Label {
  /** In the mask files. The class that a network knows it by is its place in the list. */
  readonly value: number;
  readonly name: string;
  /** `#rrggbb`, where the data set says one. */
  readonly colour?: string | undefined;
  /** The values in mask files whose voxels belong to it, where structures overlap (nnU-Net's regions); else its own value alone. */
  readonly covers?: readonly number[] | undefined;
}

export interface DatasetCase {
  /** Unique: the file name without channel number and extension. */
  readonly id: string;
  /** The person, exam or slide; what shares a group stays on one side of every split. */
  readonly group: string;
  /** One file that holds all channels, or one a channel. */
  readonly images: readonly string[];
  /** Absent where the image has no mask (`imagesTs`). */
  readonly label?: string | undefined;
}

/** A case that can be trained on. */
export interface LabelledCase extends DatasetCase {
  readonly label: string;
}

/** Ids of the cases of each part. */
export interface Split {
  readonly train: readonly string[];
  readonly validation: readonly string[];
  readonly test: readonly string[];
}

/** A folder of images and masks; nothing of the voxels is read yet but label values where no file names them. */
export interface Dataset {
  readonly name: string;
  readonly licence: string | undefined;
  readonly channels: readonly string[];
  /** Background first, then by rising value; those that overlap in the order in which a mask of one value a voxel shows them. */
  readonly labels: readonly Label[];
  /** By rising id. */
  readonly cases: readonly DatasetCase[];
  /** From a split file; where there is none, `splitCases` makes one. */
  readonly split: Split | undefined;
}

export function isLabelled(entry: DatasetCase): entry is LabelledCase {
  return entry.label !== undefined;
}

type Covering = Pick<Label, 'value' | 'covers'>;

/** Whether voxels may belong to several structures. */
export const overlap = (labels: readonly Covering[]): boolean => labels.some(({ covers }) => covers !== undefined);

/** The values that mask files may hold, rising from 0. */
export const valuesInFiles = (labels: readonly Covering[]): readonly number[] =>
  [...new Set(labels.flatMap(({ value, covers }) => covers ?? value))].toSorted((a, b) => a - b);

/** For each label the places in `valuesInFiles` of the values that belong to it. */
export function regionsOf(labels: readonly Covering[]): readonly (readonly number[])[] {
  const values = valuesInFiles(labels);
  return labels.map(({ value, covers }) => (covers ?? [value]).map((covered) => values.indexOf(covered)));
}
