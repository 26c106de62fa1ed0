/**
 * UUIDs of version 7 (RFC 9562, 5.7) that are chosen, not clocked: 48 bits of Unix milliseconds, a 12-bit counter
 * where the standard allows one (6.2, method 1), and 62 random bits from the generator.
 */

/** The canonical text of the UUID with those parts. `counter` is from 0 to 4095; the words give 62 of 64 bits. */
export function seedUuid(timeMs: number, counter: number, wordA: number, wordB: number): string {
  const timeHigh = Math.floor(timeMs / 0x10000);
  return (
    `${hex16(timeHigh >>> 16)}${hex16(timeHigh & 0xffff)}-${hex16(timeMs % 0x10000)}-${hex16(0x7000 | counter)}-` +
    `${hex16(0x8000 | ((wordA >>> 16) & 0x3fff))}-${hex16(wordA & 0xffff)}${hex16(wordB >>> 16)}${hex16(wordB & 0xffff)}`
  );
}

/** The smallest UUID of version 7 with that time: where a range of times begins as a range of ids. */
export function firstUuidAt(timeMs: number): string {
  return seedUuid(timeMs, 0, 0, 0);
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hex16(value: number): string {
  return HEX[value >>> 8]! + HEX[value & 0xff]!;
}
