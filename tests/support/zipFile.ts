import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly data: Uint8Array;
  /** What it claims to unpack to, where that is a lie. */
  readonly claims?: number;
  /** Bit 0 says that it is encrypted. */
  readonly flags?: number;
}

/** A zip archive (APPNOTE 4.3), each entry deflated. */
export function zipFile(entries: readonly ZipEntry[], claims: { readonly packed?: number } = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const packed = deflateRawSync(entry.data);
    const facts = factsOf(entry, claims.packed ?? packed.length);
    const name = Buffer.from(entry.name);
    const at = Buffer.alloc(4);
    at.writeUInt32LE(offset);
    parts.push(Buffer.concat([Buffer.from('PK\x03\x04'), facts, name, packed]));
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), facts, Buffer.alloc(10), at, name]));
    offset += parts.at(-1)!.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listing, end]);
}

/** Version, flags, method, time, checksum, sizes and lengths: the same in both headers. */
function factsOf({ name, data, claims = data.length, flags = 0 }: ZipEntry, packed: number): Buffer {
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(20, 0);
  facts.writeUInt16LE(flags, 2);
  facts.writeUInt16LE(8, 4);
  facts.writeUInt32LE(crc32(data), 10);
  facts.writeUInt32LE(packed, 14);
  facts.writeUInt32LE(claims, 18);
  facts.writeUInt16LE(Buffer.byteLength(name), 22);
  return facts;
}
