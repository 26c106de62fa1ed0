/**
 * COPY over the driver's streams, written to and read from by hand. Everything that destroys a stream (`pipeline`,
 * `for await`) is kept away from them: a destroyed one waits for an answer of the server that may have come
 * already, or stops reading in the middle of the server's messages, and the session with it.
 */
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { CopyStreamQuery } from 'pg-copy-streams';

type Chunk = string | Uint8Array;

/** The rows of a COPY in pieces of any size. */
export type Chunks = AsyncIterable<Chunk> | Iterable<Chunk>;

/** An error of the source of the rows, told apart from those of the server and the connection. */
export class CopySourceFailure {
  readonly cause: unknown;

  constructor(cause: unknown) {
    this.cause = cause;
  }
}

/**
 * Writes all chunks into a copy that was submitted, and returns the number of rows once the server has them.
 * @throws CopySourceFailure when `chunks` fails, after the server has undone the copy; the driver's errors
 */
export async function copyChunksIn(sink: CopyStreamQuery, chunks: Chunks): Promise<number> {
  const orFailure = failureWatch(sink);
  const source = generatorOf(chunks);
  try {
    for (;;) {
      const next = await orFailure(nextOf(source));
      if (next.done) {
        break;
      }
      if (!sink.write(next.value)) {
        await orFailure(once(sink, 'drain'));
      }
    }
    sink.end();
    await orFailure(once(sink, 'finish'));
    return sink.rowCount;
  } catch (cause) {
    if (cause instanceof CopySourceFailure) {
      await giveUp(sink);
    } else {
      // The source may be waiting for something of its own, so its end is not waited for.
      source.return(undefined).catch(() => {});
    }
    throw cause;
  }
}

/** Makes a promise end with the stream's error, also one that came before; keeps nothing of settled promises. */
function failureWatch(stream: CopyStreamQuery): <T>(promise: Promise<T>) => Promise<T> {
  let failure: { readonly cause: unknown } | undefined;
  let failCurrent: (cause: unknown) => void = () => {};
  stream.on('error', (cause) => {
    failure = { cause };
    failCurrent(cause);
  });
  return (promise) =>
    new Promise((settle, fail) => {
      failCurrent = fail;
      promise.then(settle, fail);
      if (failure) {
        fail(failure.cause);
      }
    });
}

async function nextOf(source: AsyncGenerator<Chunk>): Promise<IteratorResult<Chunk>> {
  try {
    return await source.next();
  } catch (cause) {
    throw new CopySourceFailure(cause);
  }
}

/** Tells the server that no more rows come, and waits until it has undone the copy. */
async function giveUp(sink: CopyStreamQuery): Promise<void> {
  const closed = once(sink, 'close').catch(() => {});
  sink.destroy(new Error('the source of the rows failed'));
  await closed;
}

async function* generatorOf(chunks: Chunks): AsyncGenerator<Chunk> {
  yield* chunks;
}

/**
 * Yields the bytes of a copy that was submitted. Where the reader stops early, `stop` is called to end the copy on
 * the server, and what is under way is read and dropped.
 */
export async function* copyChunksOut(
  source: Readable,
  stop: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  let failure: { readonly cause: unknown } | undefined;
  source.once('error', (cause) => {
    failure = { cause };
  });
  const isOver = (): boolean => failure !== undefined || source.readableEnded;
  try {
    for (;;) {
      const chunk = source.read() as Uint8Array | null;
      if (chunk !== null) {
        yield chunk;
      } else if (!isOver()) {
        await somethingNew(source);
      } else if (failure) {
        throw failure.cause;
      } else {
        return;
      }
    }
  } finally {
    if (!isOver()) {
      await stop().catch(() => {});
      await readToEnd(source, isOver);
    }
  }
}

async function readToEnd(source: Readable, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    if (source.read() === null) {
      await somethingNew(source);
    }
  }
}

/** Returns when the stream has bytes, has ended, or has failed. */
function somethingNew(source: Readable): Promise<void> {
  return new Promise((settle) => {
    const done = (): void => {
      for (const event of EVENTS) {
        source.off(event, done);
      }
      settle();
    };
    for (const event of EVENTS) {
      source.once(event, done);
    }
  });
}

const EVENTS = ['readable', 'end', 'error', 'close'] as const;
