/**
 * A tar archive in one form only: ustar, regular files, sorted by name, no times, owners or padding that could
 * differ. It is not compressed: zlib's output changes between its versions, and a bundle has to be the same bytes on
 * every machine. What is read is written again and compared, so that no byte of an archive is free to be changed.
 * Source: POSIX.1-2017, pax, "ustar Interchange Format".
 */

export interface TarEntry {
  /** Up to 99 ASCII characters, `/` between folders. */
  readonly path: string;
  readonly content: Uint8Array;
}

const BLOCK = 512;
const LONGEST_PATH = 99;

/** Limits that hostile archives meet. */
const MOST_ENTRIES = 100_000;
export const LARGEST_ENTRY_BYTES = 64 * 1024 * 1024;

/** The archive of the entries, in whatever order they come. */
export function writeTar(entries: readonly TarEntry[]): Buffer {
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
  const parts = sorted.flatMap(({ path, content }) => [
    header(path, content.length),
    content,
    Buffer.alloc(padding(content.length)),
  ]);
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

/**
 * The entries of an archive that `writeTar` made, in their order.
 * @throws RangeError, saying what is wrong, for any other bytes
 */
export function readTar(archive: Uint8Array): readonly TarEntry[] {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const entries: TarEntry[] = [];
  let at = 0;
  while (at < bytes.length && bytes[at] !== 0) {
    const entry = readEntry(bytes, at);
    entries.push(entry);
    if (entries.length > MOST_ENTRIES) {
      throw new RangeError(`it has more than ${MOST_ENTRIES} entries`);
    }
    at += BLOCK + entry.content.length + padding(entry.content.length);
  }
  if (at + 2 * BLOCK > bytes.length) {
    throw new RangeError('it is cut off');
  }
  const twin = entries.find(({ path }, index) => path === entries[index - 1]?.path);
  if (twin) {
    throw new RangeError(`it has ${twin.path} twice`);
  }
  if (!writeTar(entries).equals(bytes)) {
    throw new RangeError('it is not written as Plinth writes one');
  }
  return entries;
}

function readEntry(bytes: Buffer, at: number): TarEntry {
  if (at + BLOCK > bytes.length) {
    throw new RangeError('it is cut off');
  }
  const nameEnd = bytes.indexOf(0, at);
  const path = bytes.toString('latin1', at, Math.min(nameEnd === -1 ? at : nameEnd, at + LONGEST_PATH));
  const size = Number.parseInt(bytes.toString('latin1', at + 124, at + 135), 8);
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new RangeError('it is not a tar archive');
  }
  if (size > LARGEST_ENTRY_BYTES) {
    throw new RangeError(`one of its entries is larger than ${LARGEST_ENTRY_BYTES / 1024 / 1024} MiB`);
  }
  const start = at + BLOCK;
  if (start + size > bytes.length) {
    throw new RangeError('it is cut off');
  }
  return { path, content: bytes.subarray(start, start + size) };
}

function header(path: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  block.write(path, 0, LONGEST_PATH, 'latin1');
  block.write(octal(0o644, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write('        ', 148);
  block.write('0', 156);
  block.write('ustar\x0000', 257);
  block.write(octal(0, 7), 329);
  block.write(octal(0, 7), 337);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}
