import type { SliceToReview } from '../../ml/uncertainty/sliceRanking.ts';
import type { VolumeRange } from '../../ml/uncertainty/volumeRange.ts';
import type { Colour } from './canvas.ts';
import { html, Markup } from './html.ts';
import { page, shown, table } from './page.ts';

/** A segmentation for people; plain data. */
export interface Segmentation {
  readonly case: string;
  readonly structures: readonly SegmentedStructure[];
  readonly slicesToReview: readonly SliceToReview[];
  /** What was done, as pairs of words: method, model, device, times, ... */
  readonly settings: readonly (readonly [name: string, value: string])[];
  readonly warnings: readonly string[];
  /** PNG. */
  readonly montage: Uint8Array;
}

interface SegmentedStructure {
  readonly name: string;
  readonly colour: Colour;
  /** Of the mask that was written. */
  readonly voxels: number;
  /** Of the mask that was written, in the unit of `range`. */
  readonly volume: number;
  /** Over the samples. */
  readonly range: VolumeRange;
  /** undefined where the structure was not found. */
  readonly meanEntropyBits: number | undefined;
}

/** The report of one segmented image: one HTML file, its picture inside. */
export function segmentPage({
  case: name,
  structures,
  slicesToReview,
  settings,
  warnings,
  montage,
}: Segmentation): string {
  const picture = Buffer.from(montage).toString('base64');
  const slices = slicesToReview.map(({ axis, index, score }) => [`${axis} = ${index}`, shown(score, 1)]);
  return page(
    name,
    html`<h1>${name}</h1>
      ${warnings.map((warning) => html`<p class="warning">${warning}</p>`)}
      <figure>
        <img
          alt="Slices with the outlines of the structures, and their entropy"
          src="data:image/png;base64,${picture}"
        />
      </figure>
      <h2>Structures</h2>
      ${table(['Structure', 'Volume', 'Median of samples', 'Low', 'High', 'Range', 'Voxels', 'Mean entropy, bits'], structures.map(structureRow), [5])}
      <h2>Slices to review</h2>
      ${
        slices.length === 0
          ? html`<p>No slice is uncertain.</p>`
          : html`<p class="soft">
                The most uncertain first. Slices are voxel indices from 0; the score is the entropy summed near the
                boundaries.
              </p>
              ${table(['Slice', 'Score, bits'], slices)}`
      }
      <h2>How it was made</h2>
      ${table(['Setting', 'Value'], settings, [1])}`,
  );
}

function structureRow({
  name,
  colour,
  voxels,
  volume,
  range,
  meanEntropyBits,
}: SegmentedStructure): (string | Markup)[] {
  const size = (value: number) => (range.unit === 'mL' ? `${shown(value, 2)} mL` : `${Math.round(value)} voxels`);
  const swatch = html`<span class="swatch" style="background: rgb(${colour.join(', ')})"></span>${name}`;
  return [
    swatch,
    size(volume),
    size(range.median),
    size(range.low),
    size(range.high),
    range.range,
    String(voxels),
    shown(meanEntropyBits),
  ];
}
