import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BASE62_DIGITS, uuidToBase62 } from '../../src/seed/base62.js';
import {
  formatApiKey,
  hashApiKey,
  isDevelopmentKey,
  matchesApiKeyHash,
  newApiKey,
  parseApiKey,
  seededApiKey,
} from '../../src/seed/index.js';

const base62 = (length: number) =>
  fc
    .array(fc.constantFrom(...BASE62_DIGITS), { minLength: length, maxLength: length })
    .map((digits) => digits.join(''));

/** Every UUID there is, not only the versions that standards know. */
const anyUuid = fc
  .bigInt({ min: 0n, max: (1n << 128n) - 1n })
  .map((value) => value.toString(16).padStart(32, '0'))
  .map((hex) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));

const anyKey = fc.record({ organizationId: anyUuid, prefix: base62(8), secret: base62(32) });

describe('the text of an API key', () => {
  test('holds its parts: parsing what was formatted gives them back', () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        expect(parseApiKey(formatApiKey(key))).toEqual(key);
      }),
    );
  });

  test('is the only text of its parts: formatting what was parsed gives it back', () => {
    fc.assert(
      fc.property(base62(22), base62(8), base62(32), (organization, prefix, secret) => {
        const text = `plk_${organization}_${prefix}_${secret}`;
        const key = parseApiKey(text);
        expect(key === undefined || formatApiKey(key) === text).toBe(true);
      }),
    );
  });

  test('is refused when the organization is more than a UUID can hold', () => {
    const greatest = uuidToBase62('ffffffff-ffff-ffff-ffff-ffffffffffff');
    const next = greatest.slice(0, -1) + BASE62_DIGITS[BASE62_DIGITS.indexOf(greatest.at(-1)!) + 1];
    const tail = `_${'0'.repeat(8)}_${'0'.repeat(32)}`;
    expect(parseApiKey(`plk_${greatest}${tail}`)?.organizationId).toBe(
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
    );
    expect(parseApiKey(`plk_${next}${tail}`)).toBeUndefined();
    expect(parseApiKey(`plk_${'z'.repeat(22)}${tail}`)).toBeUndefined();
  });

  test('is refused with a character too few, or one too many', () => {
    const text = seededApiKey(0);
    for (let at = 0; at < text.length; at += 1) {
      expect(parseApiKey(text.slice(0, at) + text.slice(at + 1)), `without character ${at}`).toBeUndefined();
      for (const more of ['A', '_', ' ', '\n', '\0', 'é']) {
        expect(
          parseApiKey(text.slice(0, at) + more + text.slice(at)),
          `with ${more} at ${at}`,
        ).toBeUndefined();
      }
    }
    expect(parseApiKey(`${text}\n`)).toBeUndefined();
  });

  test('is refused, and nothing thrown, when it is something else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseApiKey(text)).toBeUndefined();
      }),
    );
  });

  test('sorts as the UUIDs of the organizations do', () => {
    fc.assert(
      fc.property(anyUuid, anyUuid, (one, other) => {
        expect(uuidToBase62(one) < uuidToBase62(other)).toBe(one < other);
      }),
    );
  });
});

describe('the hash of an API key', () => {
  test('is SHA-256 of the whole text', () => {
    expect(hashApiKey('abc').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  test('matches its own text and no other', () => {
    fc.assert(
      fc.property(anyKey, anyKey, (one, other) => {
        const text = formatApiKey(one);
        expect(matchesApiKeyHash(text, hashApiKey(text))).toBe(true);
        expect(matchesApiKeyHash(formatApiKey(other), hashApiKey(text))).toBe(formatApiKey(other) === text);
      }),
    );
  });

  test('matches nothing when it has not 32 bytes', () => {
    expect(matchesApiKeyHash('abc', hashApiKey('abc').subarray(1))).toBe(false);
    expect(matchesApiKeyHash('abc', new Uint8Array())).toBe(false);
  });
});

describe('a new API key', () => {
  test('has a text that can be read back, differs from every other, and is no development key', () => {
    const organizationId = '0190163d-8694-739b-aea5-966c26f8ad91';
    const keys = Array.from({ length: 1000 }, () => newApiKey(organizationId));
    expect(keys.map((key) => parseApiKey(formatApiKey(key)))).toEqual(keys);
    expect(new Set(keys.map((key) => key.secret)).size).toBe(keys.length);
    expect(keys.filter((key) => isDevelopmentKey(formatApiKey(key)))).toEqual([]);
  });
});

describe('a seeded API key', () => {
  test('is the same at every call, and marked as a development key', () => {
    expect(seededApiKey(0)).toBe('plk_02wiRIg6paj7FVKGG3CXuq_devLgkxM_lrkntuWeSntRDGbhM7mDdohTf7yWYCna');
    expect(isDevelopmentKey(seededApiKey(0))).toBe(true);
  });

  test('differs between organizations, ordinals and seeds', () => {
    const texts = [
      seededApiKey(0),
      seededApiKey(1),
      seededApiKey(0, { ordinal: 1 }),
      seededApiKey(0, { seed: 2 }),
    ];
    expect(new Set(texts).size).toBe(texts.length);
  });
});
