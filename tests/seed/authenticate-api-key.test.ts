import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/database/index.js';
import { BASE62_DIGITS } from '../../src/seed/base62.js';
import {
  type ApiKeyRefusal,
  authenticateApiKey,
  formatApiKey,
  hashApiKey,
  NAMED_ORGANIZATIONS,
  newApiKey,
  parseApiKey,
  seed,
  seededApiKey,
  seededOrganization,
} from '../../src/seed/index.js';
import { type ApiKeyRecord, apiKeyRecord } from '../../src/seed/seeded-api-key.js';
import type { TestDatabase } from '../support/database.js';
import { platformDatabase } from './platform-database.js';

const ORGANIZATIONS = 60;

let platform: TestDatabase;
let session: Session;

beforeAll(async () => {
  platform = await platformDatabase();
  session = await platform.database.connect();
  await seed(session, { organizations: ORGANIZATIONS });
});

afterAll(async () => {
  await session.close();
  await platform.drop();
});

async function refusalOf(text: string): Promise<ApiKeyRefusal | undefined> {
  const answer = await authenticateApiKey(session, text);
  expect(JSON.stringify(answer)).not.toContain(parseApiKey(text)?.secret ?? '\0');
  return answer.kind === 'refused' ? answer.reason : undefined;
}

describe('authenticating with an API key', () => {
  test('gives who acts: the organization, the key, its scopes and its maker', async () => {
    const organization = seededOrganization(1, 0);
    const key = apiKeyRecord(organization, 0);
    expect(await authenticateApiKey(session, seededApiKey(0))).toEqual({
      kind: 'authenticated',
      principal: {
        organizationId: organization.id,
        apiKeyId: key.id,
        prefix: key.prefix,
        scopes: ['inference:invoke', 'models:read', 'usage:read'],
        createdByUserId: key.createdByUserId,
      },
    });
  });

  test('succeeds with the first key of every organization that is active', async () => {
    for (let index = 0; index < ORGANIZATIONS; index += 1) {
      const isActive = seededOrganization(1, index).status === 'active';
      expect((await refusalOf(seededApiKey(index))) === undefined).toBe(isActive);
    }
  });

  test('succeeds with a key that a service makes, stores by its hash, and forgets', async () => {
    const key = newApiKey(seededOrganization(1, 0).id);
    const text = formatApiKey(key);
    await session.query(
      `insert into platform.api_keys (organization_id, name, key_prefix, key_hash, scopes)
       values ($1, 'Made in a test', $2, $3, '{usage:read}')`,
      [key.organizationId, key.prefix, hashApiKey(text)],
    );
    expect(await authenticateApiKey(session, text)).toMatchObject({
      kind: 'authenticated',
      principal: { prefix: key.prefix, scopes: ['usage:read'], createdByUserId: null },
    });
  });

  test('is refused with every other secret', async () => {
    const text = seededApiKey(0);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 32 }),
        fc.constantFrom(...BASE62_DIGITS),
        async (fromEnd, digit) => {
          const at = text.length - fromEnd;
          const other = text.slice(0, at) + digit + text.slice(at + 1);
          expect(await refusalOf(other)).toBe(other === text ? undefined : 'unknown');
        },
      ),
    );
  });

  test('is refused with the right secret in another organization or under another prefix', async () => {
    const key = parseApiKey(seededApiKey(0))!;
    const elsewhere = seededOrganization(1, 1).id;
    const { prefix } = apiKeyRecord(seededOrganization(1, 0), 1);
    expect(await refusalOf(formatApiKey({ ...key, organizationId: elsewhere }))).toBe('unknown');
    expect(await refusalOf(formatApiKey({ ...key, prefix }))).toBe('unknown');
  });

  test('is refused, and no query made, when the text is no key', async () => {
    const untouched = undefined as unknown as Session;
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        expect(await authenticateApiKey(untouched, text)).toEqual({ kind: 'refused', reason: 'malformed' });
      }),
    );
  });

  test.each<{ what: string; reason: ApiKeyRefusal; is: (key: ApiKeyRecord) => boolean }>([
    { what: 'revoked', reason: 'revoked', is: (key) => key.revokedAtMs !== undefined },
    {
      what: 'expired',
      reason: 'expired',
      is: (key) => key.revokedAtMs === undefined && (key.expiresAtMs ?? Infinity) < Date.now(),
    },
  ])('is refused with a key that is $what', async ({ reason, is }) => {
    const found = keysOfActiveOrganizations().filter(({ key }) => is(key));
    expect(found.length).toBeGreaterThan(0);
    for (const { index, ordinal } of found) {
      expect(await refusalOf(seededApiKey(index, { ordinal }))).toBe(reason);
    }
  });

  test.each<{ slug: string; reason: ApiKeyRefusal }>([
    { slug: 'juniper', reason: 'organization_suspended' },
    { slug: 'kestrel', reason: 'organization_closed' },
    { slug: 'lumen', reason: 'organization_deleted' },
  ])('is refused with a good key of an organization that is not: $reason', async ({ slug, reason }) => {
    const index = NAMED_ORGANIZATIONS.findIndex((organization) => organization.slug === slug);
    expect(await refusalOf(seededApiKey(index))).toBe(reason);
  });

  test('tells nobody without the secret that a key is revoked', async () => {
    const { index, ordinal } = keysOfActiveOrganizations().find(({ key }) => key.revokedAtMs !== undefined)!;
    const key = parseApiKey(seededApiKey(index, { ordinal }))!;
    expect(await refusalOf(formatApiKey({ ...key, secret: '0'.repeat(32) }))).toBe('unknown');
  });

  test('is refused from the moment of expiry on, by the server’s clock', async () => {
    const text = seededApiKey(0, { ordinal: 0 });
    const { prefix } = parseApiKey(text)!;
    const expireIn = (seconds: number) =>
      session.query(
        `update platform.api_keys set expires_at = now() + make_interval(secs => $2) where key_prefix = $1`,
        [prefix, seconds],
      );
    await expireIn(3600);
    expect(await refusalOf(text)).toBeUndefined();
    await expireIn(0);
    expect(await refusalOf(text)).toBe('expired');
  });
});

function keysOfActiveOrganizations(): { index: number; ordinal: number; key: ApiKeyRecord }[] {
  return Array.from({ length: ORGANIZATIONS }, (_, index) => seededOrganization(1, index))
    .filter(({ status }) => status === 'active')
    .flatMap((organization) =>
      Array.from({ length: organization.apiKeyCount }, (_, ordinal) => ({
        index: organization.index,
        ordinal,
        key: apiKeyRecord(organization, ordinal),
      })),
    );
}
