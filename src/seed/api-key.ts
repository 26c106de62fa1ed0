/**
 * The text of an API key: `plk_<organization>_<prefix>_<secret>`.
 *
 * - `plk` lets secret scanners know a key when they see one.
 * - `<organization>` is the organization's UUID in 22 base-62 digits, so the text alone says which tenant, and
 *   on a cluster which shard, to ask.
 * - `<prefix>` is 8 base-62 characters, unique in the organization and no secret: it is what people see in lists.
 * - `<secret>` is 32 base-62 characters: 190 random bits.
 *
 * Only the prefix and the SHA-256 of the whole text are stored. A slow, salted password hash would add nothing
 * but a hundred milliseconds to every request: it defends secrets that can be guessed, and nobody tries 2¹⁹⁰ of
 * them. The salt is there too, in effect, for the organization and the prefix are in the text that is hashed.
 */
import { hash, randomInt, timingSafeEqual } from 'node:crypto';
import { BASE62_DIGITS, base62ToUuid, uuidToBase62 } from './base62.js';

/** The parts of an API key's text. */
export interface ApiKey {
  /** The organization's UUID in canonical text. */
  readonly organizationId: string;
  /** 8 base-62 characters. */
  readonly prefix: string;
  /** 32 base-62 characters; never to be stored or shown. */
  readonly secret: string;
}

const API_KEY_PREFIX_LENGTH = 8;
export const API_KEY_SECRET_LENGTH = 32;

/** How the prefix of every seeded key begins, and of no other. What is seeded is public. */
export const DEVELOPMENT_PREFIX = 'dev';

/** A new key for the organization, from the system's random source. */
export function newApiKey(organizationId: string): ApiKey {
  const prefix = randomBase62(API_KEY_PREFIX_LENGTH);
  return prefix.startsWith(DEVELOPMENT_PREFIX)
    ? newApiKey(organizationId)
    : { organizationId, prefix, secret: randomBase62(API_KEY_SECRET_LENGTH) };
}

/** The text that whoever made the key is shown, once. */
export function formatApiKey(key: ApiKey): string {
  return `plk_${uuidToBase62(key.organizationId)}_${key.prefix}_${key.secret}`;
}

/** The parts of a key's text; undefined when it is not one. */
export function parseApiKey(text: string): ApiKey | undefined {
  const match = /^plk_([0-9A-Za-z]{22})_([0-9A-Za-z]{8})_([0-9A-Za-z]{32})$/.exec(text);
  const organizationId = match && base62ToUuid(match[1]!);
  return organizationId ? { organizationId, prefix: match[2]!, secret: match[3]! } : undefined;
}

/** What is stored of a key's text: its SHA-256, 32 bytes. */
export function hashApiKey(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

/** Whether the stored hash is that of the text, in a time that does not depend on where they differ. */
export function matchesApiKeyHash(text: string, stored: Uint8Array): boolean {
  const actual = hashApiKey(text);
  return stored.length === actual.length && timingSafeEqual(actual, stored);
}

/** Whether the text is that of a seeded key, which everybody can know: refuse it where the data is real. */
export function isDevelopmentKey(text: string): boolean {
  return parseApiKey(text)?.prefix.startsWith(DEVELOPMENT_PREFIX) ?? false;
}

function randomBase62(length: number): string {
  return Array.from({ length }, () => BASE62_DIGITS[randomInt(BASE62_DIGITS.length)]).join('');
}
