/** What became of a transaction when the connection was lost before the server had answered. */
import { isPlinthError } from '../../core/index.js';
import type { RunContext } from './context.js';
import { PartFailure } from './message.js';

/** A server that crashes again during the lookup is asked again for so long. */
const LOOK_FOR_MS = 60_000;

export function isConnectionLost(failure: unknown): boolean {
  const cause = failure instanceof PartFailure ? failure.cause : failure;
  return isPlinthError(cause, 'DATABASE_CONNECTION_LOST');
}

/**
 * Looks whether the transaction's record is in the ledger. Regaining the lease waits until the old transaction
 * has ended, and keeps one that has not begun yet from taking effect later.
 * @param proof an SQL condition that is true once the transaction has been committed
 * @throws MIGRATE_LOCK_LOST; DATABASE_UNREACHABLE when the server does not come back
 */
export async function tookEffect(context: RunContext, proof: string): Promise<boolean> {
  return (await countCommitted(context, [proof])) === 1;
}

/** The same for transactions that follow one another in a message: how many took effect, from the first on. */
export async function countCommitted(context: RunContext, proofs: readonly string[]): Promise<number> {
  const deadline = performance.now() + LOOK_FOR_MS;
  for (;;) {
    try {
      const session = await context.connection.reconnect();
      await context.lease.regain(session);
      const [row] = await session.query<{ recorded: boolean[] }>(
        `select array[${proofs.join(', ')}] as recorded`,
      );
      const { recorded } = row!;
      return recorded.includes(false) ? recorded.indexOf(false) : recorded.length;
    } catch (error) {
      if (!isConnectionLost(error) || performance.now() > deadline || context.signal?.aborted) {
        throw error;
      }
    }
  }
}
