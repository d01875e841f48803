// Specific Character Set (0008,0005): PS3.3 section C.12.1.1.2 and PS3.5 section 6.1.

/** Defined terms with what the WHATWG Encoding Standard calls their repertoire; each takes ASCII in its lower half. */
const encodings: Readonly<Record<string, string>> = {
  'IR 6': 'utf-8',
  'IR 13': 'shift_jis',
  'IR 100': 'iso-8859-1',
  'IR 101': 'iso-8859-2',
  'IR 109': 'iso-8859-3',
  'IR 110': 'iso-8859-4',
  'IR 126': 'iso-8859-7',
  'IR 127': 'iso-8859-6',
  'IR 138': 'iso-8859-8',
  'IR 144': 'iso-8859-5',
  'IR 148': 'iso-8859-9',
  'IR 149': 'euc-kr',
  'IR 166': 'windows-874',
  'IR 192': 'utf-8',
  'IR 203': 'iso-8859-15',
  'IR 58': 'gb18030',
  'IR 87': 'euc-jp',
  'IR 159': 'euc-jp',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/** What an escape sequence (PS3.3 tables C.12-3 and C.12-4) switches to. */
interface CodeElement {
  readonly encoding: string;
  /** Two-byte characters in the lower half, kept as EUC without the high bits; `prefix` selects its third plane. */
  readonly pairs?: { readonly prefix: readonly number[] };
}

const escapes: Readonly<Record<string, CodeElement>> = {
  '(B': { encoding: 'iso-8859-1' },
  '(J': { encoding: 'shift_jis' },
  ')I': { encoding: 'shift_jis' },
  '-A': { encoding: 'iso-8859-1' },
  '-B': { encoding: 'iso-8859-2' },
  '-C': { encoding: 'iso-8859-3' },
  '-D': { encoding: 'iso-8859-4' },
  '-F': { encoding: 'iso-8859-7' },
  '-G': { encoding: 'iso-8859-6' },
  '-H': { encoding: 'iso-8859-8' },
  '-L': { encoding: 'iso-8859-5' },
  '-M': { encoding: 'iso-8859-9' },
  '-T': { encoding: 'windows-874' },
  '-b': { encoding: 'iso-8859-15' },
  '$)A': { encoding: 'gbk' },
  '$)C': { encoding: 'euc-kr' },
  $B: { encoding: 'euc-jp', pairs: { prefix: [] } },
  '$@': { encoding: 'euc-jp', pairs: { prefix: [] } },
  '$(D': { encoding: 'euc-jp', pairs: { prefix: [0x8f] } },
};

const escape = 0x1b;

/** Decodes the text of one object: bytes to Unicode, with replacement characters for what cannot be. */
export type DecodeText = (bytes: Uint8Array) => string;

const decoders = new Map<string, InstanceType<typeof TextDecoder>>();

function decode(encoding: string, bytes: Uint8Array): string {
  let decoder = decoders.get(encoding);
  if (decoder === undefined) decoders.set(encoding, (decoder = new TextDecoder(encoding, { ignoreBOM: true })));
  return decoder.decode(bytes);
}

/** Without a stated character set only ASCII is allowed; what is found beyond is UTF-8 where it can be, Latin-1 else. */
export const decodeUndeclared: DecodeText = (bytes) => {
  const text = decode('utf-8', bytes);
  return text.includes('\uFFFD') ? decode('iso-8859-1', bytes) : text;
};

/** @param terms Values of (0008,0005); terms that nobody defined count as not stated. */
export function textDecoder(terms: readonly string[]): DecodeText {
  const term = (terms[0] ?? '')
    .toUpperCase()
    .replaceAll(/[_ -]+/g, ' ')
    .trim();
  const encoding = encodings[term.replace(/^ISO (2022 )?/, '')];
  const extended = terms.length > 1 || term.startsWith('ISO 2022');
  const plain: DecodeText =
    encoding === undefined || encoding === 'utf-8' ? decodeUndeclared : (b) => decode(encoding, b);
  return (bytes) =>
    extended && bytes.includes(escape) ? decodeExtended(bytes, encoding ?? 'iso-8859-1') : plain(bytes);
}

/** Text with code extensions (ISO/IEC 2022); every delimiter goes back to the first character set of the object. */
function decodeExtended(bytes: Uint8Array, initial: string): string {
  let state: CodeElement = { encoding: initial };
  let text = '';
  let start = 0;
  let position = 0;
  const flush = (next: number): void => {
    text += decodeElement(bytes.subarray(start, position), state);
    position = start = next;
  };
  while (position < bytes.length) {
    const byte = bytes[position]!;
    if (byte === escape) {
      const { code, element } = readEscape(bytes, position + 1);
      flush(position + 1 + code.length);
      state = element ?? state;
    } else if (state.pairs === undefined && isDelimiter(byte)) {
      position++;
      flush(position);
      state = { encoding: initial };
    } else position += 1;
  }
  flush(position);
  return text;
}

function readEscape(bytes: Uint8Array, at: number): { code: string; element: CodeElement | undefined } {
  const ahead = String.fromCharCode(...bytes.subarray(at, at + 3));
  const code = [ahead, ahead.slice(0, 2)].find((candidate) => candidate in escapes) ?? '';
  return { code, element: escapes[code] };
}

function decodeElement(bytes: Uint8Array, { encoding, pairs }: CodeElement): string {
  if (pairs === undefined) return decode(encoding, bytes);
  const euc: number[] = [];
  for (let at = 0; at + 1 < bytes.length; at += 2) euc.push(...pairs.prefix, bytes[at]! | 0x80, bytes[at + 1]! | 0x80);
  return decode(encoding, Uint8Array.from(euc));
}

/** Backslash, `^`, `=`, and the control characters of lines and pages (PS3.5 section 6.1.2.5.3). */
function isDelimiter(byte: number): boolean {
  return byte === 0x5c || byte === 0x5e || byte === 0x3d || (byte >= 0x09 && byte <= 0x0d && byte !== 0x0b);
}
