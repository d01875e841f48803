import { Problem } from '../../../../ml/check/problem.ts';
import type { Salt } from '../../salt.ts';
import { type Element, encodingOfItems, isSequence, readElements, readItems, type Stretch } from '../elements.ts';
import { implicitVr } from '../implicitVr.ts';
import { type Tag, tags } from '../tags.ts';
import { elementHeader, encodeElement, encodeItem, evenText } from '../write/encode.ts';
import { uidOf } from '../write/uid.ts';
import { dummyOf } from './dummy.ts';
import { type Action, actionOn } from './profile.ts';

/** An object that is being cleaned. */
export interface Cleaning {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly salt: Salt;
}

/**
 * The elements of a data set, and of those within it, after what the profile does with each; in the same encoding, all lengths explicit but
 * that of encapsulated pixel data.
 *
 * @param within What is done with everything here, where the profile names the sequence that it is in.
 * @throws Problem `data` where the data set is damaged: what cannot be read cannot be cleaned.
 */
export function clean(cleaning: Cleaning, stretch: Stretch, within?: Action): Map<Tag, Buffer> {
  const { byTag, isWhole } = readElements(cleaning.bytes, stretch);
  if (!isWhole) throw damaged(cleaning);
  const cleaned = new Map<Tag, Buffer>();
  for (const element of byTag.values()) {
    const action = actionOn(element.tag);
    const one = cleanElement(cleaning, element, stretch, action.kind === 'keep' ? (within ?? action) : action);
    if (one !== undefined) cleaned.set(element.tag, one);
  }
  return cleaned;
}

function cleanElement(cleaning: Cleaning, element: Element, stretch: Stretch, action: Action): Buffer | undefined {
  const { tag, offset, length } = element;
  const { bytes, salt } = cleaning;
  const vr = element.vr ?? implicitVr(tag) ?? 'UN';
  const encode = (value: Uint8Array) => encodeElement(tag, vr, value, stretch.encoding);
  const value = bytes.subarray(offset, offset + length);
  if (action.kind === 'remove') return undefined;
  if (action.kind === 'empty') return encode(new Uint8Array(0));
  if (pixelTags.has(tag)) return pixelData(element, value, stretch);
  if (isSequence(bytes, element, stretch.encoding))
    return encode(cleanItems(cleaning, element, stretch, action.kind === 'dummy' ? action : undefined));
  const known = action.kind === 'dummy' && (vr === 'UN' || vr === 'SQ') ? action.vr : vr;
  if (action.kind === 'renew' || (action.kind === 'dummy' && known === 'UI')) return encode(renewed(value, salt));
  return encode(action.kind === 'dummy' ? dummyOf(known) : value);
}

function cleanItems(cleaning: Cleaning, element: Element, stretch: Stretch, within?: Action): Buffer {
  const encoding = encodingOfItems(element, stretch.encoding);
  const end = element.offset + element.length;
  const { items } = readItems(cleaning.bytes, { start: element.offset, end, encoding });
  if (items.length > 0 && items.at(-1)?.end !== end) throw damaged(cleaning);
  return Buffer.concat(
    items.map((item) => encodeItem(Buffer.concat([...clean(cleaning, item, within).values()]), encoding)),
  );
}

const pixelTags = new Set<Tag>([tags.PixelData, tags.FloatPixelData, tags.DoubleFloatPixelData]);

function pixelData({ tag, vr = 'OW', isUndefined }: Element, value: Uint8Array, { encoding }: Stretch): Buffer {
  if (!isUndefined) return encodeElement(tag, vr, value, encoding);
  const endMark = encodeElement('fffee0dd', '', new Uint8Array(0), { ...encoding, explicit: false });
  return Buffer.concat([elementHeader(tag, vr, 0xffffffff, encoding), value, endMark]);
}

/** UIDs of the standard itself name no instance and stay. */
const standardRoot = '1.2.840.10008.';

function renewed(value: Uint8Array, salt: Salt): Buffer {
  const uids = Buffer.from(value).toString('latin1').split('\\');
  return evenText(uids.map((uid) => renewedUid(uid.replace(/[\0 ]+$/, ''), salt)).join('\\'), 'UI');
}

/** The UID that stands for another one under this salt. */
export function renewedUid(uid: string, salt: Salt): string {
  return uid === '' || uid.startsWith(standardRoot) ? uid : uidOf(salt.digest('uid', uid), 8);
}

const damaged = ({ path }: Cleaning) =>
  new Problem('data', 'its header is damaged, and what cannot be read cannot be cleaned', path, 'Get the file again.');
