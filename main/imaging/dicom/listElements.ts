import { type Encoding, encodingOfItems, isSequence, readElements, readItems, type Element } from './elements.ts';
import type { DicomObject } from './object.ts';
import { type Tag, tags } from './tags.ts';
import type { Dataset } from './dataset.ts';
import type { HeaderElement } from '../reader.ts';

/** Keywords (PS3.6) of the attributes that are read here; others are known by their tags. */
const keywords: ReadonlyMap<Tag, string> = new Map(Object.entries(tags).map(([keyword, tag]) => [tag, keyword]));

/** Values of an attribute that are listed; more say nothing to a person. */
const MOST_VALUES = 32;
/** Characters of text of which nothing else is known. */
const MOST_TEXT = 256;
/** No header of a single object is longer, and no list of it readable. */
const MOST_ELEMENTS = 20_000;

/** The elements of an object before its pixels, in their order, sequences followed by their items' elements. */
export async function listElements(object: DicomObject): Promise<readonly HeaderElement[]> {
  const { bytes: reader, start, encoding, pixels, dataset } = object;
  const bytes = await reader.read(0, pixels?.offset ?? 1 << 27);
  const { byTag } = readElements(bytes, { start, end: bytes.length, encoding }, (tag) => tag >= '7fe00008');
  const listed: HeaderElement[] = [];
  for (const row of rowsOf({ bytes, encoding, dataset, byTag }, 0)) {
    listed.push(row);
    if (listed.length === MOST_ELEMENTS) break;
  }
  return listed;
}

interface Level {
  readonly bytes: Uint8Array;
  readonly encoding: Encoding;
  readonly dataset: Dataset;
  readonly byTag: ReadonlyMap<Tag, Element>;
}

function* rowsOf({ bytes, encoding, dataset, byTag }: Level, depth: number): Generator<HeaderElement> {
  for (const element of byTag.values()) {
    const { tag, offset, length } = element;
    const named = { tag: `(${tag.slice(0, 4)},${tag.slice(4)})`, name: keywords.get(tag) ?? '', depth };
    if (!isSequence(bytes, element, encoding)) {
      const type = dataset.vr(tag) ?? 'UN';
      yield { ...named, type, value: type === 'UN' ? unknownValue(bytes, element) : valueOf(dataset, element) };
      continue;
    }
    const within = encodingOfItems(element, encoding);
    const { items } = readItems(bytes, { start: offset, end: offset + length, encoding: within });
    yield { ...named, type: 'SQ', value: `${items.length} item${items.length === 1 ? '' : 's'}` };
    const datasets = dataset.items(tag);
    for (const [n, item] of items.entries()) {
      const inner = { bytes, encoding: within, dataset: datasets[n]!, byTag: readElements(bytes, item).byTag };
      yield* rowsOf(inner, depth + 1);
    }
  }
}

/** Text where every byte is printable ASCII or padding; else nobody knows what the bytes mean. */
function unknownValue(bytes: Uint8Array, { offset, length }: Element): string {
  const text = String.fromCharCode(...bytes.subarray(offset, offset + Math.min(length, MOST_TEXT))).trimEnd();
  return length <= MOST_TEXT && /^[\x20-\x7e]*\0?$/.test(text) ? text.replace('\0', '') : `${length} bytes`;
}

/** Values as DICOM writes them, `\` between; of long binary ones their length. */
function valueOf(dataset: Dataset, { tag, length }: Element): string {
  const texts = dataset.texts(tag);
  if (texts.length > 0) return texts.slice(0, MOST_VALUES).join('\\');
  const values = [...dataset.tags(tag), ...dataset.numbers(tag).slice(0, MOST_VALUES + 1)];
  if (length === 0 || (values.length > 0 && values.length <= MOST_VALUES)) return values.join('\\');
  return `${length} bytes`;
}
