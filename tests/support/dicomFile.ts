// A DICOM writer of its own for tests, Explicit VR Little Endian (PS3.5 7.1.2): what it writes wrongly, the reader must not read rightly.

/** Elements by `ggggeeee VR`, e.g. `{ '00280010 US': 64 }`; a sequence has an array of items. */
export type DicomElements = Readonly<Record<string, Value>>;

/** The objects are the items of a sequence, which are elements again: a record cannot name itself. */
type Value = string | number | readonly (string | number)[] | Uint8Array | readonly object[];

const numeric: Readonly<Record<string, { size: number; set: (view: DataView, at: number, value: number) => void }>> = {
  US: { size: 2, set: (view, at, value) => { view.setUint16(at, value, true); } },
  SS: { size: 2, set: (view, at, value) => { view.setInt16(at, value, true); } },
  UL: { size: 4, set: (view, at, value) => { view.setUint32(at, value, true); } },
  SL: { size: 4, set: (view, at, value) => { view.setInt32(at, value, true); } },
  FL: { size: 4, set: (view, at, value) => { view.setFloat32(at, value, true); } },
  FD: { size: 8, set: (view, at, value) => { view.setFloat64(at, value, true); } },
}; // prettier-ignore

const long = new Set(['OB', 'OW', 'OF', 'OD', 'SQ', 'UN', 'UT']);

/** A file with preamble, file meta information and the elements, which are put in order. */
export function dicomFile(elements: DicomElements, transferSyntax = '1.2.840.10008.1.2.1'): Buffer {
  const meta = dataset({ '00020010 UI': transferSyntax, '00020002 UI': text(elements['00080016 UI']) });
  const length = dataset({ '00020000 UL': meta.length });
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), length, meta, dataset(elements)]);
}

const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '1.2.840.10008.5.1.4.1.1.7');

function dataset(elements: DicomElements): Buffer {
  const sorted = Object.entries(elements).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat(sorted.map(([key, value]) => element(key.slice(0, 8), key.slice(9), value)));
}

function element(tag: string, vr: string, value: Value): Buffer {
  const content = even(encode(vr, value), vr);
  const header = Buffer.alloc(long.has(vr) ? 12 : 8);
  header.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 0);
  header.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 2);
  header.write(vr, 4);
  if (long.has(vr)) header.writeUInt32LE(content.length, 8);
  else header.writeUInt16LE(content.length, 6);
  return Buffer.concat([header, content]);
}

function encode(vr: string, value: Value): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  const values = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  if (vr === 'SQ') return Buffer.concat(values.map((item) => sequenceItem(item as DicomElements)));
  const number = numeric[vr];
  if (number === undefined) return Buffer.from(values.join('\\'), 'latin1');
  const bytes = Buffer.alloc(number.size * values.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  values.forEach((one, n) => {
    number.set(view, n * number.size, Number(one));
  });
  return bytes;
}

function sequenceItem(item: DicomElements): Buffer {
  const content = dataset(item);
  const header = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
  header.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, content]);
}

function even(bytes: Buffer, vr: string): Buffer {
  if (bytes.length % 2 === 0) return bytes;
  return Buffer.concat([bytes, Buffer.from(vr === 'UI' || vr.startsWith('O') ? [0] : [0x20])]);
}
