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

/** Whether the failure came from others at work at the same time, so that another try may succeed. */
export function isPassing(failure: unknown): boolean {
  return PASSING.has(sqlstateOfFailure(failure));
}

function sqlstateOfFailure(failure: unknown): string {
  return sqlstateOf(failure instanceof PartFailure ? failure.cause : failure) ?? '';
}

export interface RetryOptions {
  /** How long to go on trying, in milliseconds from the first failure. */
  readonly forMs: number;
  readonly signal: AbortSignal | undefined;
  /** What to do at once after a failure that is to be followed by another try. */
  readonly beforePause: () => Promise<void>;
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
      deadline ??= performance.now() + options.forMs;
      const ceilingMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** retries);
      const pauseMs = Math.round(ceilingMs * (0.5 + Math.random() / 2));
      if (!isPassing(failure) || performance.now() + pauseMs > deadline || options.signal?.aborted) {
        throw failure;
      }
      await options.beforePause();
      options.onRetry({ attempt: retries + 1, pauseMs, sqlstate: sqlstateOfFailure(failure) });
      await sleep(pauseMs, undefined, options.signal ? { signal: options.signal } : {});
    }
  }
}
