// A zip of a few texts (the logs of a run), stored as they are; what jobs upload is zipped by their own client.
import { crc32 } from "node:zlib";

export interface ZipEntry {
  readonly name: string;
  readonly content: Buffer;
}

/** The bytes of an archive with the entries in their order. */
export function zipFiles(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const fields = describeEntry(Buffer.from(name), content);
    const local = Buffer.concat([uint32(0x04034b50), uint16(20), fields, Buffer.from(name), content]);
    directory.push(
      Buffer.concat([
        ...[uint32(0x02014b50), uint16(20), uint16(20), fields],
        ...[uint16(0), uint16(0), uint16(0), uint32(0), uint32(offset), Buffer.from(name)],
      ]),
    );
    parts.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const count = uint16(entries.length);
  const end = [uint32(0x06054b50), uint16(0), uint16(0), count, count, uint32(index.length), uint32(offset), uint16(0)];
  return Buffer.concat([...parts, index, ...end]);
}

/** Flags (names are UTF-8), method, time, CRC, sizes, length of the name, no extra field. */
function describeEntry(name: Buffer, content: Buffer): Buffer {
  const size = uint32(content.length);
  const head = [uint16(0x0800), uint16(0), uint16(0), uint16(0x21), uint32(crc32(content)), size, size];
  return Buffer.concat([...head, uint16(name.length), uint16(0)]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
