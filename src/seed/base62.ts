/** Base 62: digits, capitals, small letters. In ASCII's order, so that equally long texts sort as their numbers. */
export const BASE62_DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Base-62 digits that hold any UUID: 62²² is more than 2¹²⁸. */
const UUID_BASE62_LENGTH = 22;

const BASE = 62n;
const UUID_END = 1n << 128n;

/** Digits that are taken from a UUID at once: 62⁸ is less than 2⁵³, so plain numbers hold them. */
const GROUP_LENGTH = 8;
const GROUP_VALUES = BASE ** BigInt(GROUP_LENGTH);

/** A UUID's canonical text as 22 base-62 digits. */
export function uuidToBase62(uuid: string): string {
  let rest = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let text = '';
  while (text.length < UUID_BASE62_LENGTH) {
    text = toBase62(Number(rest % GROUP_VALUES), GROUP_LENGTH) + text;
    rest /= GROUP_VALUES;
  }
  return text.slice(-UUID_BASE62_LENGTH);
}

/** The last `length` base-62 digits of a whole number below 2⁵³. */
export function toBase62(value: number, length: number): string {
  let rest = value;
  let text = '';
  for (let digit = 0; digit < length; digit += 1) {
    const higher = Math.floor(rest / BASE62_DIGITS.length);
    text = BASE62_DIGITS[rest - higher * BASE62_DIGITS.length] + text;
    rest = higher;
  }
  return text;
}

/** The UUID that those 22 digits are, in canonical text; undefined when they are not digits or are too great. */
export function base62ToUuid(text: string): string | undefined {
  if (!/^[0-9A-Za-z]{22}$/.test(text)) {
    return undefined;
  }
  let value = 0n;
  for (const digit of text) {
    value = value * BASE + BigInt(BASE62_DIGITS.indexOf(digit));
  }
  if (value >= UUID_END) {
    return undefined;
  }
  const hex = value.toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
