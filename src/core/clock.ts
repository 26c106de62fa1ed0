/** Where the time comes from; passed in so that results can be deterministic. */
export interface Clock {
  /** The wall-clock time. */
  now(): Date;
  /** Milliseconds from an arbitrary start, never going back. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};
