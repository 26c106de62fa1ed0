import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { FILE_ERRORS, reasonOf } from '../../core/index.js';
import { isParquet, parquetLines } from './parquet-lines.js';

/** Where the lines of an import come from. */
export type UsageInput =
  | { readonly path: string }
  | {
      /** The bytes or the text in pieces of any size, such as `process.stdin`. */
      readonly stream: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;
      /** What messages call it; `standard input` unless given. */
      readonly name?: string;
    };

/** An input that has been opened. */
export interface OpenInput {
  /** The file as messages show it. */
  readonly name: string;
  /** The file's name without folders; `undefined` for a stream. */
  readonly fileName: string | undefined;
  /** Its size, where it is known before reading. */
  readonly totalBytes: number | undefined;
  /** Lines of text, cut anywhere. */
  readonly chunks: AsyncIterable<string | Uint8Array>;
  /** SHA-256 of the file, where the chunks are not its bytes. */
  readonly sha256: (() => Promise<Buffer>) | undefined;
}

/** Larger pieces are slower: what is made of their lines outlives the first garbage collections. */
const CHUNK_BYTES = 64 * 1024;

/** @throws FILE_NOT_READ */
export function openInput(input: UsageInput): OpenInput {
  if ('stream' in input) {
    const name = input.name ?? 'standard input';
    const chunks = readChunks(() => input.stream, name);
    return { name, fileName: undefined, totalBytes: undefined, chunks, sha256: undefined };
  }
  const { path } = input;
  try {
    const stats = statSync(path);
    const isConverted = stats.isFile() && isParquet(path);
    return {
      name: path,
      fileName: basename(path),
      totalBytes: stats.isFile() && !isConverted ? stats.size : undefined,
      chunks: readChunks(
        () => (isConverted ? parquetLines(path) : createReadStream(path, { highWaterMark: CHUNK_BYTES })),
        path,
      ),
      sha256: isConverted ? () => digestOf(path) : undefined,
    };
  } catch (cause) {
    throw notRead(path, cause);
  }
}

async function digestOf(path: string): Promise<Buffer> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(path)) {
    digest.update(chunk as Buffer);
  }
  return digest.digest();
}

/** Opens nothing before the first chunk is asked for. */
async function* readChunks(
  open: () => AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  name: string,
): AsyncGenerator<string | Uint8Array> {
  try {
    yield* open();
  } catch (cause) {
    throw isFileFailure(cause) ? notRead(name, cause) : cause;
  }
}

function isFileFailure(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause;
}

function notRead(path: string, cause: unknown): Error {
  return FILE_ERRORS.NOT_READ({
    message: `Cannot read ${path}: ${reasonOf(cause)}`,
    details: { path },
    cause,
  });
}
