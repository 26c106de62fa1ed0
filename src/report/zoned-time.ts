import { formatTime } from './units.js';

/** A moment as clocks of a time zone show it: `2026-11-21 06:00`. */
export function formatZonedTime(time: Date, timeZone: string): string {
  // The zone that is asked for mostly; making an Intl.DateTimeFormat takes 20 ms.
  if (timeZone === 'UTC') {
    return formatTime(time);
  }
  return formatterOf(timeZone).format(time).replace(',', '');
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  const formatter =
    known ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  formatters.set(timeZone, formatter);
  return formatter;
}
