/** Base 62: digits, capitals, small letters. In ASCII's order, so that equally long texts sort as their numbers. */
export const BASE62_DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Base-62 digits that hold any UUID: 62²² is more than 2¹²⁸. */
const UUID_BASE62_LENGTH = 22;

const BASE = 62n;
const UUID_END = 1n << 128n;

/** A UUID's canonical text as 22 base-62 digits. */
export function uuidToBase62(uuid: string): string {
  let rest = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let text = '';
  while (text.length < UUID_BASE62_LENGTH) {
    text = BASE62_DIGITS[Number(rest % BASE)] + text;
    rest /= BASE;
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
