import type { Session } from '../database/index.js';

/**
 * Runs `work`, whose statements the signal interrupts even where the server waits for somebody's lock: the server
 * is asked to cancel the one that runs.
 * @throws the signal's reason once it is given, in place of whatever the interruption made `work` fail with
 */
export async function interruptible<T>(
  session: Session,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  let cancelling: Promise<void> | undefined;
  const cancel = (): void => {
    cancelling = session.cancel().catch(() => {});
  };
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', cancel);
    // A cancellation that is still on its way would hit the next statement.
    await cancelling;
  }
}
