/** Tells how far a long measurement is: in one line that renews itself, or, in a log, a line every ten seconds. */

const LOG_EVERY_MS = 10_000;

export interface ProgressLine {
  /** So much of `total` is done. */
  update(done: number): void;
  /** Leaves the line for the next one. */
  end(): void;
}

/** @param found how many an earlier run has made: the time that is left follows from those of this run */
export function progressLine(task: string, total: number, unit: string, found = 0): ProgressLine {
  const startedMs = performance.now();
  let toldMs = startedMs;
  let told = -1;
  const tell = (done: number): void => {
    const elapsed = (performance.now() - startedMs) / 1000;
    const made = done - found;
    const left = made > 0 ? `, ${durationText((elapsed / made) * (total - done))} left` : '';
    const before = found > 0 ? ` (${count(found)} found)` : '';
    const text = `${task}: ${count(done)} of ${count(total)} ${unit}${before} in ${durationText(elapsed)}${left}`;
    process.stderr.write(process.stderr.isTTY ? `\r${text}\u001b[K` : `${text}\n`);
  };
  return {
    update: (done) => {
      const now = performance.now();
      const isDue = process.stderr.isTTY || done === total || now - toldMs >= LOG_EVERY_MS;
      if (isDue && done !== told) {
        toldMs = now;
        told = done;
        tell(done);
      }
    },
    end: () => {
      if (process.stderr.isTTY) {
        process.stderr.write('\n');
      }
    },
  };
}

/** `1 h 02 min`, `3 min 20 s` or `4 s`. */
function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  if (whole >= 3600) {
    return `${Math.floor(whole / 3600)} h ${twoDigits(Math.floor((whole % 3600) / 60))} min`;
  }
  return whole >= 60 ? `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s` : `${whole} s`;
}

/** With a comma at each thousand. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
