/** PNG written and read: pixels without transparency, and one note, as text beside them. */
import { crc32, deflateSync } from 'node:zlib';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity, which is left out, of each pixel, line by line. */
  readonly rgba: Uint8Array;
}

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const BITS = 8;
const COLOUR_WITHOUT_OPACITY = 2;
/** Drawings are flat: lines that are not filtered get smaller than those that are. */
const UNFILTERED = 0;

/** `noteOf` makes the note from the compressed pixels. */
export function pngFile(pixels: Pixels, keyword: string, noteOf: (data: Buffer) => string): Uint8Array {
  const { width, height } = pixels;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([BITS, COLOUR_WITHOUT_OPACITY, 0, 0, 0], 8);
  const data = deflateSync(linesOf(pixels));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('tEXt', Buffer.from(`${keyword}\0${noteOf(data)}`, 'latin1')),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function linesOf({ width, height, rgba }: Pixels): Uint8Array {
  const lines = new Uint8Array(height * (width * 3 + 1));
  let from = 0;
  let to = 0;
  for (let line = 0; line < height; line += 1) {
    lines[to++] = UNFILTERED;
    for (let column = 0; column < width; column += 1) {
      lines[to++] = rgba[from++]!;
      lines[to++] = rgba[from++]!;
      lines[to++] = rgba[from++]!;
      from += 1;
    }
  }
  return lines;
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const result = Buffer.alloc(named.length + 8);
  result.writeUInt32BE(data.length, 0);
  result.set(named, 4);
  result.writeUInt32BE(crc32(named), named.length + 4);
  return result;
}

/** The note of a whole file of the form that `pngFile` writes, with the compressed pixels that it is about. */
export function readPng(
  file: Uint8Array,
  keyword: string,
): { readonly note: string; readonly data: Buffer } | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const chunks = new Map<string, Buffer>();
  let at = SIGNATURE.length;
  while (at + 12 <= bytes.length) {
    const end = at + 8 + bytes.readUInt32BE(at);
    chunks.set(bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, end));
    at = end + 4;
  }
  const [text, data] = [chunks.get('tEXt')?.toString('latin1'), chunks.get('IDAT')];
  const isWhole = bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE) && at === bytes.length;
  return isWhole && chunks.has('IEND') && data && text?.startsWith(`${keyword}\0`)
    ? { note: text.slice(keyword.length + 1), data }
    : undefined;
}
