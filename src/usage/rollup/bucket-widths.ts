import type { Grain } from '../grain.js';

/** The widths of buckets as intervals, on both engines. */
export const BUCKET_WIDTHS: Readonly<Record<Grain, string>> = {
  minute: '1 minute',
  'quarter-hour': '15 minutes',
  hour: '1 hour',
  day: '1 day',
  month: '1 month',
};
