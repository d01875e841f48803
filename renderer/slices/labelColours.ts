import { type Colour, packColour } from './colour.ts';
import type { ColourTable } from './shading.ts';

/** How one structure is filled. */
export interface LabelColour {
  /** The value of its voxels, 1..65535. */
  readonly label: number;
  readonly colour: Colour;
  /** In [0, 1]; 0 hides it. */
  readonly opacity: number;
}

/** Fills a table with the colours of structures; background and labels without a structure stay clear. */
export function fillLabelTable({ entries }: ColourTable, structures: readonly LabelColour[]): void {
  entries.fill(0);
  for (const { label, colour, opacity } of structures) {
    // A label beyond the table is left out: voxels of a byte cannot have it.
    if (opacity > 0) entries[label] = packColour(colour, opacity);
  }
}
