/** A structure that masks of a data set show. */
export interface Label {
  /** In the mask files. The class that a network knows it by is its place in the list. */
  readonly value: number;
  readonly name: string;
  /** `#rrggbb`, where the data set says one. */
  readonly colour?: string | undefined;
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
  /** Background first, then by rising value. */
  readonly labels: readonly Label[];
  /** By rising id. */
  readonly cases: readonly DatasetCase[];
  /** From a split file; where there is none, `splitCases` makes one. */
  readonly split: Split | undefined;
}

export function isLabelled(entry: DatasetCase): entry is LabelledCase {
  return entry.label !== undefined;
}
