/** Numbers, durations and sizes as a person reads them. */

/** `12,345`; decimals only as many as given. */
export function formatCount(value: number | bigint, decimals = 0): string {
  // By hand: making the first Intl.NumberFormat takes 20 ms.
  const [whole, ...fraction] = (typeof value === 'bigint' ? String(value) : value.toFixed(decimals)).split(
    '.',
  );
  return [whole!.replace(/\B(?=(\d{3})+$)/g, ','), ...fraction].join('.');
}

/** `850 µs`, `12 ms`, `1.5 s`, `2 min 5 s`, `3 h 10 min`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1) {
    return `${Math.round(milliseconds * 1000)} µs`;
  }
  if (milliseconds < 1000) {
    return `${Math.round(milliseconds)} ms`;
  }
  if (milliseconds < 60_000) {
    return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`;
  }
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 60) {
    return `${minutes} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
  }
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const SIZE_UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `512 bytes`, `8 kB`, `1.4 GB` (powers of 1024, as PostgreSQL prints them). */
export function formatBytes(bytes: number | bigint): string {
  let value = Number(bytes);
  let unit = 0;
  while (value >= 1024 && unit < SIZE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const decimals = unit === 0 || value >= 10 ? 0 : 1;
  return `${value.toFixed(decimals).replace(/\.0$/, '')} ${SIZE_UNITS[unit]}`;
}

/** `1.2M`, `345k`, `999`: for columns where the exact figure matters less than its size. */
export function formatShort(value: number | bigint): string {
  const number = Number(value);
  const [divisor, suffix] =
    number >= 1e9 ? [1e9, 'G'] : number >= 1e6 ? [1e6, 'M'] : number >= 1e4 ? [1e3, 'k'] : [1, ''];
  const scaled = number / divisor;
  return suffix === ''
    ? formatCount(Math.round(scaled))
    : `${scaled.toFixed(scaled < 10 ? 2 : scaled < 100 ? 1 : 0)}${suffix}`;
}

/**
 * An amount of money kept in billionths of its currency's unit: `$1,234.57`, `$0.0042` for small ones.
 * Exact: no floating point is involved.
 */
export function formatMoney(nanos: bigint, currency: string): string {
  const negative = nanos < 0n;
  const magnitude = negative ? -nanos : nanos;
  const decimals = magnitude >= 1_000_000_000n || magnitude === 0n ? 2 : 4;
  const unit = 10n ** BigInt(9 - decimals);
  const rounded = (magnitude + unit / 2n) / unit;
  const scale = 10n ** BigInt(decimals);
  const text = `${formatCount(rounded / scale)}.${String(rounded % scale).padStart(decimals, '0')}`;
  return `${negative ? '-' : ''}${currency === 'USD' ? `$${text}` : `${text} ${currency}`}`;
}

/** A timestamp in UTC without needless precision: `2026-11-21 06:00`. */
export function formatTime(time: Date): string {
  return time.toISOString().slice(0, 16).replace('T', ' ');
}

/** `1 migration`, `3 migrations`. */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : many}`;
}
