import { Problem } from '../../../ml/check/problem.ts';
import { isList as isListOfFiles } from '../dataFileNames.ts';

/** The text of a NRRD header, before anything is made of it (teem, "Definition of NRRD File Format"). */
export interface NrrdText {
  /** `field: value`, by lower-case name without spaces. */
  readonly fields: ReadonlyMap<string, string>;
  /** `key:=value`, names as they stand. */
  readonly keys: ReadonlyMap<string, string>;
  /** The lines after `data file: LIST`. */
  readonly list: readonly string[];
  /** Length of the header with the empty line that ends it. */
  readonly bytes: number;
}

/** A header longer than this is none. */
export const largestNrrdHeader = 1 << 22;

export const looksLikeNrrd = (bytes: Uint8Array) => /^NRRD000\d\r?\n/.test(latin1(bytes.subarray(0, 10)));

/** @throws Problem `data` where there is no such header in `bytes`, or it does not end. */
export function parseNrrdText(bytes: Uint8Array, path: string): NrrdText {
  if (!looksLikeNrrd(bytes)) throw brokenNrrd('it does not begin with NRRD0001 to NRRD0005', path);
  const fields = new Map<string, string>();
  const keys = new Map<string, string>();
  let isList = false;
  const list: string[] = [];
  for (let at = bytes.indexOf(10) + 1; at < bytes.length;) {
    const end = bytes.indexOf(10, at);
    const line = text(bytes.subarray(at, end < 0 ? bytes.length : end)).replace(/\r$/, '');
    at = end < 0 ? bytes.length : end + 1;
    if (line === '' && !isList) return { fields, keys, list, bytes: at };
    if (isList) list.push(line);
    else addLine(line, fields, keys, path);
    isList ||= isListOfFiles(fields.get('datafile') ?? '');
  }
  if (bytes.length === largestNrrdHeader) throw brokenNrrd('its header does not end', path);
  // A detached header may end with the file.
  if (!fields.has('datafile')) throw brokenNrrd('its header is cut off', path);
  return { fields, keys, list: list.filter((line) => line.trim() !== ''), bytes: bytes.length };
}

function addLine(line: string, fields: Map<string, string>, keys: Map<string, string>, path: string): void {
  if (line.startsWith('#')) return;
  const [, key, assign, value = ''] = /^(.+?)(:=|: ?)(.*)$/.exec(line) ?? [];
  if (key === undefined) throw brokenNrrd(`the line "${line.slice(0, 60)}" is no field`, path);
  if (assign === ':=') keys.set(key, unescaped(value));
  else fields.set(key.toLowerCase().replaceAll(' ', ''), value.trim());
}

const unescaped = (value: string) => value.replace(/\\([\\n])/g, (_, letter) => (letter === 'n' ? '\n' : '\\'));

/** Slicer writes UTF-8, older programs whatever they liked. */
function text(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return latin1(bytes);
  }
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

export function brokenNrrd(what: string, path: string): Problem {
  const remedy = 'Get the file again from its source, or convert it anew.';
  return new Problem('data', `a NRRD file that cannot be used: ${what}`, path, remedy);
}
