import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { FILE_ERRORS, reasonOf } from '../../core/index.js';

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
  readonly chunks: AsyncIterable<string | Uint8Array>;
}

/** Larger pieces are slower: what is made of their lines outlives the first garbage collections. */
const CHUNK_BYTES = 64 * 1024;

/** @throws FILE_NOT_READ */
export function openInput(input: UsageInput): OpenInput {
  if ('stream' in input) {
    const name = input.name ?? 'standard input';
    return { name, fileName: undefined, totalBytes: undefined, chunks: readChunks(() => input.stream, name) };
  }
  const { path } = input;
  try {
    const stats = statSync(path);
    return {
      name: path,
      fileName: basename(path),
      totalBytes: stats.isFile() ? stats.size : undefined,
      chunks: readChunks(() => createReadStream(path, { highWaterMark: CHUNK_BYTES }), path),
    };
  } catch (cause) {
    throw notRead(path, cause);
  }
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
