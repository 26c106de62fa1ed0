import { count } from '../telling/progress-line.js';

/** What a load took. */
export interface LoadRate {
  readonly rows: number;
  readonly seconds: number;
}

export function rowsPerSecond({ rows, seconds }: LoadRate): number {
  return rows / seconds;
}

export function rateText(rate: LoadRate): string {
  return `${count(rate.rows)} rows in ${rate.seconds.toFixed(1)} s, ${count(rowsPerSecond(rate))} rows/s`;
}
