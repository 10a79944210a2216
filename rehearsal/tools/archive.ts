import { gunzipSync, inflateRawSync } from 'node:zlib';

/** One file out of a .tar.gz or .zip; enough for release archives, and no dependency. */
export function extractMember(archive: Buffer, kind: 'tar.gz' | 'zip', member: string): Buffer {
  const found = kind === 'zip' ? fromZip(archive, member) : fromTar(gunzipSync(archive), member);
  if (!found) throw new Error(`the archive holds no '${member}'`);
  return found;
}

const BLOCK = 512;

function fromTar(tar: Buffer, member: string): Buffer | undefined {
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const name = text(tar, at, 100);
    if (name === '') return undefined;
    const prefix = text(tar, at + 345, 155);
    const size = Number.parseInt(text(tar, at + 124, 12), 8) || 0;
    const path = (prefix ? `${prefix}/${name}` : name).replace(/^\.\//, '');
    if (path === member) return tar.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return undefined;
}

const text = (buffer: Buffer, at: number, length: number): string =>
  buffer
    .subarray(at, at + length)
    .toString('utf8')
    .replace(/\0.*$/s, '')
    .trim();

const END_OF_DIRECTORY = 0x06054b50;
const ENTRY = 0x02014b50;
const DEFLATED = 8;

function fromZip(zip: Buffer, member: string): Buffer | undefined {
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== END_OF_DIRECTORY) end--;
  if (end < 0) throw new Error('not a zip file');
  let at = zip.readUInt32LE(end + 16);
  while (at + 46 <= zip.length && zip.readUInt32LE(at) === ENTRY) {
    const method = zip.readUInt16LE(at + 10);
    const size = zip.readUInt32LE(at + 20);
    const nameLength = zip.readUInt16LE(at + 28);
    const rest = zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    const local = zip.readUInt32LE(at + 42);
    if (zip.toString('utf8', at + 46, at + 46 + nameLength) === member) {
      // The local header repeats the name, with an extra field of its own length.
      const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const stored = zip.subarray(data, data + size);
      return method === DEFLATED ? inflateRawSync(stored) : stored;
    }
    at += 46 + nameLength + rest;
  }
  return undefined;
}
