import { Problem } from '../../../../ml/check/problem.ts';
import type { Dataset } from '../dataset.ts';
import { type Tag, tags } from '../tags.ts';

/** Red, green and blue of each stored value from `first` on, 8 or 16 bits each; values beyond the ends take the colour there. */
export interface Palette {
  readonly first: number;
  readonly bits: 8 | 16;
  readonly red: Uint16Array;
  readonly green: Uint16Array;
  readonly blue: Uint16Array;
}

/** PS3.3 section C.7.9, with segmented tables. */
export function readPalette(dataset: Dataset, path: string): Palette {
  const descriptor = dataset.numbers(tags.RedPaletteColorLookupTableDescriptor);
  const [length = 0, first = 0, entryBits = 0] = descriptor;
  const entries = length === 0 ? 65536 : length;
  const bits = entryBits === 8 ? 8 : entryBits === 16 ? 16 : undefined;
  const [red, green, blue] = channels.map((channel) => readChannel(dataset, channel, entries, entryBits));
  if (bits !== undefined && descriptor.length === 3 && red && green && blue) return { first, bits, red, green, blue };
  const remedy = 'Get the file again from its source, or have it saved with colours of its own (RGB).';
  throw new Problem('data', 'the colour table of the picture is missing or damaged', path, remedy);
}

interface Channel {
  readonly whole: Tag;
  readonly segmented: Tag;
}

const channels: readonly Channel[] = [
  { whole: tags.RedPaletteColorLookupTableData, segmented: tags.SegmentedRedPaletteColorLookupTableData },
  { whole: tags.GreenPaletteColorLookupTableData, segmented: tags.SegmentedGreenPaletteColorLookupTableData },
  { whole: tags.BluePaletteColorLookupTableData, segmented: tags.SegmentedBluePaletteColorLookupTableData },
];

function readChannel(
  dataset: Dataset,
  { whole, segmented }: Channel,
  entries: number,
  bits: number,
): Uint16Array | undefined {
  const words = dataset.numbers(whole);
  if (words.length >= entries) return Uint16Array.from(words.slice(0, entries));
  // Eight-bit entries are packed two to a word.
  if (words.length > 0) {
    const bytes = bits === 8 ? words.flatMap((word) => [word & 0xff, word >> 8]) : [];
    return bytes.length >= entries ? Uint16Array.from(bytes.slice(0, entries)) : undefined;
  }
  return expandSegments(dataset.numbers(segmented), entries);
}

/** PS3.3 section C.7.9.2: discrete, linear and indirect segments. `undefined` where they do not give every entry. */
export function expandSegments(words: readonly number[], entries: number): Uint16Array | undefined {
  const table: number[] = [];
  const starts: number[] = [];
  const run = (at: number, isIndirect: boolean): number | undefined => {
    const [kind, length = 0] = words.slice(at, at + 2);
    if (!isIndirect) starts.push(at);
    if (kind === 0) {
      table.push(...words.slice(at + 2, at + 2 + length));
      return at + 2 + length;
    }
    if (kind === 1) {
      const [from, to] = [table.at(-1), words[at + 2]];
      if (from === undefined || to === undefined) return undefined;
      for (let step = 1; step <= length; step++) table.push(Math.round(from + ((to - from) * step) / length));
      return at + 3;
    }
    if (kind !== 2 || isIndirect) return undefined;
    const target = starts.indexOf((words[at + 2] ?? 0) + (words[at + 3] ?? 0) * 0x10000);
    if (target < 0) return undefined;
    for (const start of starts.slice(target, target + length)) if (run(start, true) === undefined) return undefined;
    return at + 4;
  };
  for (let at: number | undefined = 0; at < words.length && table.length < entries;) {
    at = run(at, false);
    if (at === undefined) return undefined;
  }
  return table.length < entries ? undefined : Uint16Array.from(table.slice(0, entries));
}
