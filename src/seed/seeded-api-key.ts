/**
 * The API keys of seeded organizations. Their secrets come from the generator, so that tests and the quickstart
 * can sign in without having stored one. For the same reason they protect nothing: anybody can make them from the
 * source of this file. Their prefixes begin with `dev`.
 */
import { API_KEY_SECRET_LENGTH, DEVELOPMENT_PREFIX, formatApiKey, hashApiKey } from './api-key.js';
import { toBase62 } from './base62.js';
import { copyLine, copyTime, copyTimes } from './copy-line.js';
import { chance, draw, pick } from './draw.js';
import { DEFAULT_SEED, organizationId, type SeededOrganization } from './organization.js';
import { linesOf, type SeedTable } from './seed-table.js';
import { seedUuid } from './seed-uuid.js';
import { DAY_MS, HOUR_MS } from './timeline.js';
import { userId } from './user.js';

/** One seeded API key, as it is stored. Times are Unix milliseconds. */
export interface ApiKeyRecord {
  readonly id: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | undefined;
  readonly revokedAtMs: number | undefined;
  readonly createdByUserId: string | undefined;
  readonly name: string;
  readonly prefix: string;
  readonly hash: Buffer;
  readonly scopes: readonly string[];
}

/** The ordinal of the key that every organization has and that is neither revoked nor expired. */
const FIRST_API_KEY = 0;

const NAMES = ['Production', 'Staging', 'Continuous integration', 'Batch jobs', 'Notebook', 'Evaluation'];

const SCOPES: readonly (readonly string[])[] = [
  ['inference:invoke'],
  ['inference:invoke', 'models:read'],
  ['inference:invoke', 'models:read', 'usage:read'],
  ['usage:read', 'audit:read'],
];

/** The first key may do all that a quickstart tries. */
const FIRST_SCOPES = ['inference:invoke', 'models:read', 'usage:read'];

/** An expiry that no test lives to see. */
const FAR_FUTURE_MS = Date.UTC(2099, 11, 31);

/** Keys of one organization are at least so far apart, so that their ids are in the order of their ordinals. */
const APART_MS = 3 * HOUR_MS;

/**
 * The text of a seeded key: by default the first one of the organization, which is neither revoked nor expired.
 * It is good only where the seed was loaded with as many organizations, and public knowledge there.
 *
 * @param organizationIndex which organization, from 0; the first dozen are `NAMED_ORGANIZATIONS`
 * @example await authenticateApiKey(session, seededApiKey(0));
 */
export function seededApiKey(
  organizationIndex: number,
  options: { readonly ordinal?: number; readonly seed?: number } = {},
): string {
  const { ordinal = FIRST_API_KEY, seed = DEFAULT_SEED } = options;
  return keyText(seed, organizationIndex, ordinal);
}

/** Key `ordinal` of the organization, from 0 up to its `apiKeyCount`. */
export function apiKeyRecord(organization: SeededOrganization, ordinal: number): ApiKeyRecord {
  const { seed, index } = organization;
  const { a, b, c, d } = draw(seed, 'apiKey', index, ordinal);
  const id = draw(seed, 'apiKeyId', index, ordinal);
  const createdAtMs = organization.createdAtMs + ordinal * APART_MS + (d % APART_MS);
  const isFirst = ordinal === FIRST_API_KEY;
  return {
    id: seedUuid(createdAtMs, 0, id.a, id.b),
    createdAtMs,
    expiresAtMs: isFirst ? undefined : drawExpiry(id.c, createdAtMs),
    revokedAtMs: !isFirst && chance(id.d, 15) ? createdAtMs + (1 + (c % 60)) * DAY_MS : undefined,
    createdByUserId: chance(b, 90) ? userId(seed, index, c % organization.userCount) : undefined,
    name: ordinal < NAMES.length ? NAMES[ordinal]! : `${pick(NAMES, a)} ${ordinal + 1}`,
    prefix: keyPrefix(seed, index, ordinal),
    hash: hashApiKey(keyText(seed, index, ordinal)),
    scopes: isFirst ? FIRST_SCOPES : pick(SCOPES, a >>> 16),
  };
}

/** One key in ten has expired after a month; two in ten will in the far future; the others never do. */
function drawExpiry(word: number, createdAtMs: number): number | undefined {
  if (chance(word, 10)) {
    return createdAtMs + 30 * DAY_MS;
  }
  return chance(word, 30) ? FAR_FUTURE_MS : undefined;
}

function keyText(seed: number, index: number, ordinal: number): string {
  return formatApiKey({
    organizationId: organizationId(seed, index),
    prefix: keyPrefix(seed, index, ordinal),
    secret: keySecret(seed, index, ordinal),
  });
}

/** Base-62 digits that one random word gives evenly enough: 62⁵ goes into 2³² nearly five times. */
const DIGITS_PER_WORD = 5;
const PREFIX_VALUES = 62 ** DIGITS_PER_WORD;

/** `dev`, then numbers that follow one another from a place of the organization's own: unique in it. */
function keyPrefix(seed: number, index: number, ordinal: number): string {
  const start = draw(seed, 'apiKeyPrefix', index).a % PREFIX_VALUES;
  return DEVELOPMENT_PREFIX + toBase62((start + ordinal) % PREFIX_VALUES, DIGITS_PER_WORD);
}

function keySecret(seed: number, index: number, ordinal: number): string {
  const first = draw(seed, 'apiKeySecret', index, ordinal);
  const rest = draw(seed, 'apiKeySecretRest', index, ordinal);
  const words = [first.a, first.b, first.c, first.d, rest.a, rest.b, rest.c];
  return words
    .map((word) => toBase62(word % PREFIX_VALUES, DIGITS_PER_WORD))
    .join('')
    .slice(0, API_KEY_SECRET_LENGTH);
}

export const API_KEYS: SeedTable = {
  name: 'platform.api_keys',
  columns: [
    'organization_id',
    'id',
    'created_at',
    'updated_at',
    'expires_at',
    'revoked_at',
    'created_by_user_id',
    'name',
    'key_prefix',
    'key_hash',
    'scopes',
  ],
  keyColumns: 2,
  lines: (organization) =>
    linesOf(organization.apiKeyCount, (ordinal) =>
      apiKeyLine(organization, apiKeyRecord(organization, ordinal)),
    ),
};

function apiKeyLine(organization: SeededOrganization, key: ApiKeyRecord): string {
  return copyLine([
    organization.id,
    key.id,
    ...copyTimes(key.createdAtMs, key.revokedAtMs),
    copyTime(key.expiresAtMs),
    copyTime(key.revokedAtMs),
    key.createdByUserId,
    key.name,
    key.prefix,
    `\\\\x${key.hash.toString('hex')}`,
    `{${key.scopes.join(',')}}`,
  ]);
}
