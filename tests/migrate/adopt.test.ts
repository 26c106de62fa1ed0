import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withSession } from '../../src/database/index.js';
import { readFolder } from '../../src/migrate/folder/read-folder.js';
import { type AdoptOptions, adopt, apply, rollback, status } from '../../src/migrate/index.js';
import { keyOf } from '../../src/migrate/migration.js';
import { addressText } from '../../src/schema/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { HISTORIES, migrateAs } from './foreign-histories.js';

/** The folder whose node_modules/.bin holds dbmate and node-pg-migrate. */
const tools = process.env.PLINTH_TOOLS;
const toolsMissing = tools === undefined ? ' (skipped: PLINTH_TOOLS names no folder of tools)' : '';

let database: TestDatabase;
let scratch: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
  scratch = await createTestDatabase();
});
afterEach(async () => {
  await database.drop();
  await scratch.drop();
});

function optionsFor(folder: string): AdoptOptions {
  return {
    database: database.database,
    scratch: scratch.database,
    target: 'main',
    folder: { path: folder, displayPath: 'migrations' },
  };
}

function history(tool: string) {
  return HISTORIES.find((candidate) => candidate.tool === tool)!;
}

async function run(sql: string): Promise<void> {
  await withSession(database.database, (session) => session.run(sql));
}

async function hasLedger(): Promise<boolean> {
  const [row] = await withSession(database.database, (session) =>
    session.query<{ has: boolean }>(`select to_regnamespace('plinth') is not null as has`),
  );
  return row!.has;
}

describe('A database migrated by another tool is adopted', () => {
  for (const each of HISTORIES) {
    test(`from ${each.tool}: all of it, and then there is nothing to apply`, async () => {
      await migrateAs(each, database);
      const options = optionsFor(each.folder);
      const report = await adopt(options);
      expect(report).toMatchObject({
        tool: each.tool,
        table: `public.${each.table}`,
        adopted: readFolder({ path: each.folder }).migrations.map(keyOf),
        pending: [],
        missing: [],
        changed: [],
        notRebuilt: undefined,
        written: true,
      });
      expect(report.differences?.isEmpty).toBe(true);
      const { counts, migrations } = await status(options);
      expect(counts.applied).toBe(migrations.length);
      expect((await apply(options)).migrations).toEqual([]);
    });

    test(`from ${each.tool}: with its newest migration still to apply`, async () => {
      await migrateAs(each, database, 1);
      const options = optionsFor(each.folder);
      const report = await adopt(options);
      expect(report).toMatchObject({ written: true });
      expect(report.pending).toHaveLength(1);
      const applied = await apply(options);
      expect(applied.migrations.map(({ version }) => version)).toEqual(report.pending);
    });
  }

  test('and what it has applied can be rolled back by the texts in the ledger', async () => {
    const golang = history('golang-migrate');
    await migrateAs(golang, database);
    await adopt(optionsFor(golang.folder));
    const empty = mkdtempSync(join(tmpdir(), 'plinth-test-adopt-'));
    try {
      const report = await rollback({ ...optionsFor(empty), to: '0' });
      expect(report.migrations.map(({ version }) => version)).toEqual(['10', '9', '1']);
    } finally {
      rmSync(empty, { recursive: true });
    }
  });

  test('keeps the tool’s table as it was, and the times that it recorded', async () => {
    const prisma = history('Prisma');
    await migrateAs(prisma, database);
    await run(
      `update _prisma_migrations set started_at = '2020-01-01Z', finished_at = '2020-01-01 00:00:03Z'`,
    );
    await adopt(optionsFor(prisma.folder));
    const { migrations } = await status(optionsFor(prisma.folder));
    expect(migrations[0]).toMatchObject({ appliedAt: new Date('2020-01-01T00:00:03Z'), durationMs: 3000 });
    const rows = await withSession(database.database, (session) =>
      session.query('select from _prisma_migrations'),
    );
    expect(rows).toHaveLength(migrations.length);
  });

  test('from a table of another name and schema, when it is named', async () => {
    const dbmate = history('dbmate');
    await migrateAs(dbmate, database);
    await run(
      'create schema ops; alter table schema_migrations set schema ops; alter table ops.schema_migrations rename to done',
    );
    await expect(adopt(optionsFor(dbmate.folder))).rejects.toMatchObject({
      code: 'MIGRATE_HISTORY_NOT_FOUND',
    });
    const report = await adopt({ ...optionsFor(dbmate.folder), table: 'ops.done' });
    expect(report).toMatchObject({ tool: 'dbmate', table: 'ops.done', written: true });
  });
});

describe('An adoption writes nothing', () => {
  test('where the schema is not what the migrations make, and lists the differences', async () => {
    const goose = history('goose');
    await migrateAs(goose, database);
    await run('alter table posts add column stray int; drop index posts_touched_at_idx');
    const report = await adopt(optionsFor(goose.folder));
    expect(report).toMatchObject({ written: false, runId: undefined });
    const { added, removed } = report.differences!;
    expect(added.map(({ address }) => addressText(address))).toEqual(['column public.posts.stray']);
    expect(removed.map(({ address }) => addressText(address))).toEqual([
      'index public.posts.posts_touched_at_idx',
    ]);
    expect(await hasLedger()).toBe(false);
  });

  test('unless the differences are accepted', async () => {
    const goose = history('goose');
    await migrateAs(goose, database);
    await run('alter table posts add column stray int');
    const report = await adopt({ ...optionsFor(goose.folder), acceptDifferences: true });
    expect(report.written).toBe(true);
    expect(report.differences?.isEmpty).toBe(false);
  });

  test('where nothing was there to compare with', async () => {
    const goose = history('goose');
    await migrateAs(goose, database);
    const { scratch: _none, ...options } = optionsFor(goose.folder);
    expect(await adopt(options)).toMatchObject({ written: false, differences: undefined });
  });

  test('where a migration that was applied has no file', async () => {
    const sqlMigrate = history('sql-migrate');
    await migrateAs(sqlMigrate, database);
    await run(`insert into gorp_migrations values ('20261123-gone.sql', now())`);
    expect(await adopt(optionsFor(sqlMigrate.folder))).toMatchObject({
      written: false,
      missing: ['20261123-gone'],
    });
  });

  for (const [tool, spoil, version] of [
    ['sqlx', `update _sqlx_migrations set checksum = '\\x00' where version = 2`, '2'],
    ['Prisma', `update _prisma_migrations set checksum = 'x' where migration_name = '0_init'`, '0_init'],
    ['Flyway', `update flyway_schema_history set checksum = 7 where version = '1.2'`, '1.2'],
  ] as const) {
    test(`where a file is not the one that ${tool} applied, by its checksum`, async () => {
      await migrateAs(history(tool), database);
      await run(spoil);
      expect(await adopt(optionsFor(history(tool).folder))).toMatchObject({
        written: false,
        changed: [version],
      });
    });
  }

  test('where the migrations do not run on an empty database, and says why', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plinth-test-adopt-'));
    try {
      writeFileSync(join(folder, '1_grant.up.sql'), 'create schema s authorization plinth_no_such_role;\n');
      await run(`${history('golang-migrate').ddl}; insert into schema_migrations values (1, false)`);
      const report = await adopt(optionsFor(folder));
      expect(report).toMatchObject({ written: false, differences: undefined });
      expect(report.notRebuilt).toContain('role "plinth_no_such_role" does not exist');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  for (const [tool, spoil, reason, hint] of [
    [
      'golang-migrate',
      'update schema_migrations set dirty = true',
      'version 10 is marked dirty',
      'migrate force 10',
    ],
    [
      'Flyway',
      `update flyway_schema_history set success = false where version = '1.2'`,
      'V1_2__add_email.sql is recorded as failed',
      'flyway repair',
    ],
    [
      'sqlx',
      'update _sqlx_migrations set success = false where version = 10',
      'version 10 is recorded as not finished',
      'delete its row',
    ],
    [
      'Prisma',
      `update _prisma_migrations set finished_at = null where migration_name = '0_init'`,
      '0_init has started and not finished',
      'prisma migrate resolve',
    ],
  ] as const) {
    test(`while ${tool} has recorded a failure, and says what to do`, async () => {
      await migrateAs(history(tool), database);
      await run(spoil);
      await expect(adopt(optionsFor(history(tool).folder))).rejects.toMatchObject({
        code: 'MIGRATE_HISTORY_UNSETTLED',
        message: expect.stringContaining(reason),
        hint: expect.stringContaining(hint),
      });
      expect(await hasLedger()).toBe(false);
    });
  }

  test('where two tools have recorded migrations', async () => {
    await migrateAs(history('dbmate'), database);
    await run(history('goose').ddl);
    await expect(adopt(optionsFor(history('dbmate').folder))).rejects.toMatchObject({
      code: 'MIGRATE_HISTORY_AMBIGUOUS',
      message: expect.stringContaining(
        'public.goose_db_version (goose) and public.schema_migrations (dbmate)',
      ),
    });
  });

  test('where the ledger has migrations already', async () => {
    const dbmate = history('dbmate');
    await migrateAs(dbmate, database);
    await adopt(optionsFor(dbmate.folder));
    await expect(adopt(optionsFor(dbmate.folder))).rejects.toMatchObject({
      code: 'MIGRATE_ALREADY_RECORDED',
    });
  });
});

describe('What a tool undoes or takes as done is read as the tool means it', () => {
  test('goose: the latest row of a version decides', async () => {
    const goose = history('goose');
    await migrateAs(goose, database, 2);
    await run('insert into goose_db_version (version_id, is_applied) values (2, true), (2, false)');
    expect(await adopt(optionsFor(goose.folder))).toMatchObject({ adopted: ['00001'], written: true });
  });

  test('Flyway: an undo takes its migration back, and a baseline stands for what is older', async () => {
    const flyway = history('Flyway');
    await migrateAs(flyway, database, 4);
    await run(`
      update flyway_schema_history set type = 'BASELINE', checksum = null, version = '1.2', script = '<< Flyway Baseline >>' where installed_rank = 2;
      delete from flyway_schema_history where installed_rank = 1;
      insert into flyway_schema_history values
        (3, '1.10', 'index', 'SQL', 'V1.10__index.sql', null, 'test', default, 1, true),
        (4, '1.10', 'index', 'UNDO_SQL', 'U1.10__index.sql', null, 'test', default, 1, true)`);
    expect(await adopt(optionsFor(flyway.folder))).toMatchObject({ adopted: ['1', '1.2'], written: true });
  });

  test('Prisma: a migration that was rolled back counts as not applied', async () => {
    const prisma = history('Prisma');
    await migrateAs(prisma, database, 1);
    await run(
      `insert into _prisma_migrations values ('1', 'x', null, '20261122_add_name', 'error', now(), now(), 0)`,
    );
    expect(await adopt(optionsFor(prisma.folder))).toMatchObject({
      pending: ['20261122_add_name'],
      written: true,
    });
  });
});

describe(`A database that the tool itself has migrated is adopted${toolsMissing}`, () => {
  const commands: Readonly<Record<string, (folder: string) => readonly [string, readonly string[]]>> = {
    dbmate: (folder) => ['dbmate', ['-u', database.url, '-d', folder, '--no-dump-schema', 'migrate']],
    'node-pg-migrate': (folder) => ['node-pg-migrate', ['up', '-m', folder, '--no-verbose']],
  };
  for (const [tool, command] of Object.entries(commands)) {
    test.skipIf(tools === undefined)(tool, async () => {
      const { folder } = history(tool);
      const [program, parameters] = command(folder);
      execFileSync(join(tools!, 'node_modules/.bin', program), parameters, {
        env: { ...process.env, DATABASE_URL: database.url },
        stdio: 'pipe',
      });
      const report = await adopt(optionsFor(folder));
      const programs = tool === 'node-pg-migrate' ? ['1700000000003_in-code'] : [];
      expect(report).toMatchObject({ tool, written: true, pending: [], missing: [], programs });
      expect((await apply(optionsFor(folder))).migrations).toEqual([]);
    });
  }
});
