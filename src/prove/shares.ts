/**
 * A row of tasks shared out among workers, each of which is best off with tasks that follow one another: an equal part
 * for each, and who is done early takes the second half of the longest part that is left.
 */
export interface Shares {
  /** The next task of the worker; `undefined` when there is nothing left that is worth taking over. */
  next(worker: number): number | undefined;
}

interface Part {
  next: number;
  end: number;
}

/** Fewer than this are done before another has made ready for them. */
const FEWEST_TO_TAKE_OVER = 4;

export function shareOut(tasks: number, workers: number): Shares {
  const parts = Array.from(
    { length: workers },
    (_, worker): Part => ({
      next: Math.floor((tasks * worker) / workers),
      end: Math.floor((tasks * (worker + 1)) / workers),
    }),
  );
  return {
    next(worker) {
      const own = parts[worker]!;
      if (own.next === own.end) {
        takeOver(own, parts);
      }
      return own.next < own.end ? own.next++ : undefined;
    },
  };
}

function takeOver(own: Part, parts: readonly Part[]): void {
  const longest = parts.reduce((a, b) => (b.end - b.next > a.end - a.next ? b : a));
  const left = longest.end - longest.next;
  if (left >= FEWEST_TO_TAKE_OVER) {
    own.end = longest.end;
    own.next = longest.end - Math.floor(left / 2);
    longest.end = own.next;
  }
}
