/** Why a frame cannot be decoded, for a person; every other error of a codec means damage. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable';
}

/** What codecs throw is theirs: numbers, objects of C++, errors about memory that is not ours. */
export function explainFailure(error: unknown): string {
  return error instanceof Undecodable ? error.message : 'it is damaged';
}
