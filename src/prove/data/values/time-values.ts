import { counted, type TypeValues } from './type-values.js';

const START_MS = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** The day that is `days` after the first, `YYYY-MM-DD`. */
const day = (days: number): string => new Date(START_MS + days * DAY_MS).toISOString().slice(0, 10);

/** `YYYY-MM-DD HH:MM:SS`, half an hour a step. */
const moment = (steps: number): string =>
  new Date(START_MS + steps * 1_800_000).toISOString().slice(0, 19).replace('T', ' ');

const clock = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(11, 19);

/** Dates, times and intervals; `undefined` for other types. */
export function timeValues(name: string): TypeValues | undefined {
  switch (name) {
    case 'date':
      return counted(3000, day, ['infinity', '-infinity', '0044-03-15 BC', '2024-02-29', '9999-12-31']);
    case 'timestamp':
      return counted(40_000, moment, ['infinity', '-infinity', '1969-12-31 23:59:59.999999']);
    case 'timestamptz':
      return counted(40_000, (n) => `${moment(n)}+00`, [
        'infinity',
        '-infinity',
        '1969-12-31 23:59:59.999999+00',
        '2024-03-31 02:30:00+14',
      ]);
    case 'time':
      return counted(86_400, clock, ['00:00:00', '24:00:00', '23:59:59.999999']);
    case 'timetz':
      return counted(86_400, (n) => `${clock(n)}+00`, ['24:00:00+00', '23:59:59.999999-12']);
    case 'interval':
      return counted(1_000_000, (n) => `${n + 1} minutes`, [
        '0',
        '-1 day',
        '1 year 2 mons 3 days 04:05:06.789',
      ]);
    default:
      return undefined;
  }
}
