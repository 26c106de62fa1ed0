/**
 * Tries a migration again when it lost a race for locks. Waiting in a lock queue blocks everybody behind, so
 * the time-out is short and the pause between tries grows, with jitter, up to a deadline.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { sqlstateOf } from '../../database/index.js';
import { PartFailure } from './message.js';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

/** SQLSTATEs after which the same work may succeed: lock not available, deadlock, serialization failure. */
const PASSING = new Set(['55P03', '40P01', '40001']);

export interface RetryOptions {
  /** How long to go on trying, in milliseconds from the first failure. */
  readonly forMs: number;
  readonly signal: AbortSignal | undefined;
  /** Called before each pause. */
  readonly onRetry: (retry: {
    readonly attempt: number;
    readonly pauseMs: number;
    readonly sqlstate: string;
  }) => void;
}

/** The result of `work`, and how many times it was tried again. */
export async function withRetries<T>(
  work: () => Promise<T>,
  options: RetryOptions,
): Promise<{ readonly result: T; readonly retries: number }> {
  let deadline: number | undefined;
  for (let retries = 0; ; retries += 1) {
    try {
      return { result: await work(), retries };
    } catch (failure) {
      const sqlstate = sqlstateOf(failure instanceof PartFailure ? failure.cause : failure) ?? '';
      deadline ??= performance.now() + options.forMs;
      const ceilingMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** retries);
      const pauseMs = Math.round(ceilingMs * (0.5 + Math.random() / 2));
      if (!PASSING.has(sqlstate) || performance.now() + pauseMs > deadline || options.signal?.aborted) {
        throw failure;
      }
      options.onRetry({ attempt: retries + 1, pauseMs, sqlstate });
      await sleep(pauseMs, undefined, options.signal ? { signal: options.signal } : {});
    }
  }
}
