/** Numbers of other units as the text of an event's field: exact in decimal, whatever their size. */
import type { Unit } from './mapping.js';

const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * `text` times ten to the power of `shift`, as a whole number, rounded half up; `undefined` when it is no decimal
 * number or beyond 40 digits.
 */
export function shifted(text: string, shift: number): bigint | undefined {
  const parts = DECIMAL.exec(text.trim());
  const digits = parts && parts[2]! + parts[3]!;
  if (!parts || !digits) {
    return undefined;
  }
  const power = shift + Number(parts[4] ?? 0) - parts[3]!.length;
  if (digits.length > 40 || Math.abs(power) > 60) {
    return undefined;
  }
  const whole =
    power >= 0
      ? BigInt(digits) * 10n ** BigInt(power)
      : (BigInt(digits) + 10n ** BigInt(-power) / 2n) / 10n ** BigInt(-power);
  return parts[1] === '-' ? -whole : whole;
}

const SECONDS: Readonly<Partial<Record<Unit, number>>> = { s: 0, ms: -3, us: -6, ns: -9 };

/** A time since 1970 in that unit as ISO 8601; the text itself when it is no number or the unit is `iso`. */
export function timeIn(text: string, unit: Unit = 'iso'): string {
  const power = SECONDS[unit];
  const nanos = power === undefined ? undefined : shifted(text, power + 9);
  const ms = nanos === undefined ? Number.NaN : Number(nanos / 1_000_000n);
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : text;
}

/** A duration in microseconds; the text itself when it is no number. */
export function microsecondsIn(text: string, unit: Unit = 'us'): string {
  return String(shifted(text, (SECONDS[unit] ?? -6) + 6) ?? text);
}

/** An amount of money in billionths; the text itself when it is no number. */
export function nanosIn(text: string, unit: Unit = 'nano'): string {
  return String(shifted(text, unit === 'unit' ? 9 : 0) ?? text);
}
