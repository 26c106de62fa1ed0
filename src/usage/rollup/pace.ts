/** The share of a worker's time that one bucket may have: a bucket rests so many times as long as it last took. */
const REST = 3;

/**
 * How long buckets took, from round to round of a worker that goes on. A bucket that a hot tenant changes all the time
 * would else be computed all the time, and the others would wait behind it.
 */
export class Pace {
  readonly #clock: () => number;
  readonly #last = new Map<string, { readonly endedMs: number; readonly tookMs: number }>();

  /** @param clock milliseconds of a clock that only goes forward */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** Notes that a bucket was computed just now. */
  worked(bucket: string, tookMs: number): void {
    // Last, so that the oldest come first.
    this.#last.delete(bucket);
    this.#last.set(bucket, { endedMs: this.#clock(), tookMs });
    for (const [one, { endedMs, tookMs: took }] of this.#last) {
      // What has rested is as good as new.
      if (this.#clock() < endedMs + REST * took) {
        break;
      }
      this.#last.delete(one);
    }
  }

  isResting(bucket: string): boolean {
    const last = this.#last.get(bucket);
    return last !== undefined && this.#clock() < last.endedMs + REST * last.tookMs;
  }
}
