/** A seed that is stopped at any moment leaves whole parts, and the next one makes of them what it would have. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Session, withSession } from '../../src/database/index.js';
import { type SeedOptions, seed, seededOrganization } from '../../src/seed/index.js';
import { ORGANIZATION_TABLES } from '../../src/seed/tables.js';
import type { TestDatabase } from '../support/database.js';
import { contentSum, platformDatabase, rowCounts, SEEDED_TABLES } from './platform-database.js';

const PART = 50;
const WHOLE = { organizations: 500, partOrganizations: PART } satisfies SeedOptions;

let platform: TestDatabase;
let undisturbed: string;

beforeAll(async () => {
  platform = await platformDatabase();
  await withSession(platform.database, async (session) => {
    await seed(session, WHOLE);
    undisturbed = await contentSum(session);
  });
});

afterAll(() => platform.drop());

describe.each([1, 8, 20, 40, 70, 110])('a seed that is stopped after %i ms', (afterMs) => {
  test('by Ctrl-C: leaves whole parts, and the next run completes them', async () => {
    await withSession(platform.database, async (session) => {
      await empty(session);
      const outcome = await seed(session, { ...WHOLE, signal: AbortSignal.timeout(afterMs) }).catch(
        (error: unknown) => error,
      );
      if (outcome instanceof Error) {
        expect(outcome.name).toBe('TimeoutError');
      }
      await expectWholeParts(session);
      await expectCompletion(session);
    });
  });

  test('by the end of its connection: leaves whole parts, and the next run completes them', async () => {
    await withSession(platform.database, async (other) => {
      await empty(other);
      await withSession(platform.database, async (session) => {
        const running = seed(session, WHOLE).catch((error: unknown) => error);
        await new Promise((resolve) => setTimeout(resolve, afterMs));
        await other.query('select pg_terminate_backend($1, 5000)', [session.server.processId]);
        const outcome = await running;
        if (outcome instanceof Error) {
          expect(outcome).toMatchObject({ code: 'DATABASE_CONNECTION_LOST' });
        }
      });
      await expectWholeParts(other);
      await expectCompletion(other);
    });
  });
});

test('Ctrl-C ends a seed that waits for somebody’s lock', async () => {
  await withSession(platform.database, async (other) => {
    await empty(other);
    await other.transaction(async () => {
      await other.run('lock table platform.memberships in access exclusive mode');
      await withSession(platform.database, async (session) => {
        const running = seed(session, { ...WHOLE, signal: AbortSignal.timeout(500) });
        await expect(running).rejects.toMatchObject({ name: 'TimeoutError' });
      });
    });
    expect((await rowCounts(other))['platform.organizations']).toBe(0);
    await expectCompletion(other);
  });
});

async function empty(session: Session): Promise<void> {
  await session.run(`truncate ${SEEDED_TABLES.map(({ name }) => name).join(', ')} cascade`);
}

async function expectWholeParts(session: Session): Promise<void> {
  const found = await rowCounts(session);
  const organizations = found['platform.organizations']!;
  expect(organizations % PART).toBe(0);
  for (const table of ORGANIZATION_TABLES) {
    let rows = 0;
    for (let index = 0; index < organizations; index += 1) {
      rows += table.lines(seededOrganization(1, index)).length;
    }
    expect(found[table.name]).toBe(rows);
  }
}

async function expectCompletion(session: Session): Promise<void> {
  await seed(session, WHOLE);
  expect(await contentSum(session)).toBe(undisturbed);
}
