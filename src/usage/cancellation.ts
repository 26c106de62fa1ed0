import type { Session } from '../database/index.js';
import { USAGE_ERRORS } from './errors.js';

/** @throws USAGE_CANCELLED when the signal has been given */
export function throwIfCancelled(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted) {
    throw cancelled(what);
  }
}

/**
 * Runs statements that a signal may interrupt: the server is asked to cancel the one that runs.
 * @throws USAGE_CANCELLED in place of whatever the interruption made them fail with
 */
export async function cancellable<T>(
  session: Session,
  signal: AbortSignal | undefined,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  throwIfCancelled(signal, what);
  let cancelling: Promise<void> | undefined;
  const cancel = (): void => {
    cancelling = session.cancel().catch(() => {});
  };
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await work();
  } catch (error) {
    throwIfCancelled(signal, what);
    throw error;
  } finally {
    signal?.removeEventListener('abort', cancel);
    // A cancellation that is still on its way would hit the next statement.
    await cancelling;
  }
}

/**
 * The items of `source` until the signal is given, also while the next one is long in coming.
 * @throws USAGE_CANCELLED
 */
export async function* untilCancelled<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal | undefined,
  what: string,
): AsyncGenerator<T> {
  if (!signal) {
    yield* source;
    return;
  }
  const iterator = source[Symbol.asyncIterator]();
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(cancelled(what));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  aborted.catch(() => {});
  try {
    for (;;) {
      throwIfCancelled(signal, what);
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done) {
        return;
      }
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Not awaited: a source that is waiting for input would keep us waiting with it.
    iterator.return?.(undefined)?.catch(() => {});
  }
}

function cancelled(what: string): Error {
  return USAGE_ERRORS.CANCELLED({
    message: `Cannot go on to ${what}: it was interrupted; nothing of it was kept`,
  });
}
