import type { Dataset } from '../dataset.ts';
import { decodeFrame } from '../frames.ts';
import type { DicomObject } from '../object.ts';
import { tags } from '../tags.ts';
import { damaged } from './definitions.ts';

/** The numbers of one frame as they are stored, row-major. */
export type StoredFrame = ArrayLike<number>;

/**
 * One frame of a segmentation, whatever its transfer syntax.
 *
 * @param area Pixels of a frame.
 * @throws Problem `data` where it is missing, damaged, or no picture of one number a pixel.
 */
export async function storedFrame(object: DicomObject, frame: number, area: number): Promise<StoredFrame> {
  const { data } = await decodeFrame(object, frame);
  if (data.length !== area)
    throw damaged(`frame ${frame + 1} is of another size than the segmentation says`, object.path);
  return data;
}

/** The object as one of grey values: the numbers of a label map stay numbers where it has a palette to show them by. */
export function withoutPalette(object: DicomObject): DicomObject {
  const { dataset } = object;
  if (dataset.text(tags.PhotometricInterpretation) !== 'PALETTE COLOR') return object;
  const grey: Dataset = {
    has: (tag) => dataset.has(tag),
    vr: (tag) => dataset.vr(tag),
    text: (tag) => (tag === tags.PhotometricInterpretation ? 'MONOCHROME2' : dataset.text(tag)),
    texts: (tag) => dataset.texts(tag),
    number: (tag) => dataset.number(tag),
    numbers: (tag) => dataset.numbers(tag),
    tags: (tag) => dataset.tags(tag),
    items: (tag) => dataset.items(tag),
    bytes: (tag) => dataset.bytes(tag),
  };
  return { ...object, dataset: grey };
}
