/** The claim behind the interruptions of a proof, once with a process that is really killed. */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fingerprint, readSchema } from '../../src/catalog/index.js';
import { withSession } from '../../src/database/index.js';
import { plinth } from '../support/command-line.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let folder: string;
let cut: TestDatabase;
let undisturbed: TestDatabase;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plinth-killed-'));
  cut = await createTestDatabase();
  undisturbed = await createTestDatabase();
  const migrations = join(folder, 'migrations');
  mkdirSync(migrations);
  writeFileSync(
    join(folder, 'plinth.yaml'),
    'version: 1\nproject: killed\ntargets:\n  main:\n    migrations: migrations\n    url: ${KILLED_URL}\n',
  );
  writeFileSync(
    join(migrations, '1_tables.up.sql'),
    'create table users (id int primary key, email text);\ncreate table orders (id int primary key, total int);\n',
  );
  writeFileSync(
    join(migrations, '2_indexes.up.sql'),
    'create index concurrently users_email on users (email);\ncreate index concurrently orders_total on orders (total);\n',
  );
});
afterAll(async () => {
  await cut.drop();
  await undisturbed.drop();
  rmSync(folder, { recursive: true, force: true });
});

it('a process killed between two statements is finished by the next, to the same end', {
  timeout: 120_000,
}, async () => {
  const run = (
    database: TestDatabase,
    onStart?: (child: ChildProcess) => void,
    ...parameters: readonly string[]
  ) =>
    plinth(['apply', ...parameters], {
      cwd: folder,
      env: { KILLED_URL: database.url },
      ...(onStart ? { onStart } : {}),
    });
  expect((await run(undisturbed)).code).toBe(0);
  expect((await run(cut, undefined, '--to', '1')).code).toBe(0);
  await withSession(cut.database, async (session) => {
    // The second index waits for this transaction.
    await session.run('begin; insert into orders values (1, 1)');
    const killed = await run(cut, (child) => void killWhenWaiting(cut, child));
    expect(killed.code).toBeNull();
    await session.run('rollback');
  });
  expect((await run(cut)).code).toBe(0);
  const [left, right] = await Promise.all(
    [cut, undisturbed].map(({ database }) =>
      withSession(database, async (session) => fingerprint(await readSchema(session))),
    ),
  );
  expect(left).toBe(right);
});

async function killWhenWaiting({ database }: TestDatabase, child: ChildProcess): Promise<void> {
  await withSession(database, async (session) => {
    for (;;) {
      const [row] = await session.query<{ waits: boolean }>(
        `select exists (select from pg_stat_activity where wait_event_type = 'Lock' and query like '%orders_total%') as waits`,
      );
      if (row!.waits) {
        break;
      }
      await sleep(20);
    }
  });
  child.kill('SIGKILL');
}
