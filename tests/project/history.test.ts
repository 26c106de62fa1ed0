import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withSession } from '../../src/database/index.js';
import { open, type Plinth } from '../../src/project/index.js';
import { adoptText, baselineText, repairText, shownText, styleFor } from '../../src/report/index.js';
import { HISTORIES, migrateAs } from '../migrate/foreign-histories.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const plain = styleFor(false);
const goose = HISTORIES.find(({ tool }) => tool === 'goose')!;

describe('A project’s history', () => {
  let database: TestDatabase;
  let root: string;
  let plinth: Plinth;
  beforeEach(async () => {
    database = await createTestDatabase();
    root = mkdtempSync(join(tmpdir(), 'plinth-test-history-'));
    writeFileSync(
      join(root, 'plinth.yaml'),
      'version: 1\nproject: shop\ntargets:\n  main:\n    migrations: migrations\n',
    );
    cpSync(goose.folder, join(root, 'migrations'), { recursive: true });
    plinth = await open({ cwd: root, url: database.url, environment: {} });
  });
  afterEach(async () => {
    await database.drop();
    rmSync(root, { recursive: true, force: true });
  });

  test('is taken over from another tool, compared in a scratch database that is gone afterwards', async () => {
    await migrateAs(goose, database);
    const report = await plinth.adopt();
    expect(adoptText(report, plain)).toBe(
      [
        'main  public.goose_db_version, written by goose',
        '  3 migrations applied, 0 to apply',
        '  the schema is what these migrations make',
        '  note: 1 file is no SQL and is left out of migrations: 00004_rehash.go',
        '  The ledger was written. The other tool’s table is as it was.',
      ].join('\n'),
    );
    const left = await withSession(database.database, (session) =>
      session.query(`select datname from pg_database where datname like 'plinth\\_scratch\\_%'`),
    );
    expect(left).toEqual([]);
  });

  test('is not taken over where the schema differs, and the report shows where', async () => {
    await migrateAs(goose, database);
    await withSession(database.database, (session) =>
      session.run('alter table posts add column stray int; drop index posts_touched_at_idx'),
    );
    const text = adoptText(await plinth.adopt(), plain);
    expect(text).toContain('    - index public.posts.posts_touched_at_idx  missing in the database');
    expect(text).toContain('    + column public.posts.stray  not made by the migrations');
    expect(text).toContain('Nothing was written.');
  });

  test('begins with a baseline', async () => {
    const report = await plinth.baseline({ version: '2' });
    expect(baselineText(report, plain)).toBe(
      'main  baseline 00002\n  2 migrations of the folder count as applied, 1 to apply',
    );
  });

  test('is shown and mended', async () => {
    await plinth.apply();
    expect(shownText(await plinth.show({ version: '3' }), plain)).toMatch(
      /^-- 00003_fill: applied .* UTC in .* by plinth_admin, .*\n-- up\n\n*-- \+goose Up\nupdate posts set touched_at = now\(\);\n-- no way down$/,
    );
    writeFileSync(
      join(root, 'migrations/00003_fill.sql'),
      '-- +goose Up\nupdate posts set touched_at = null;\n',
    );
    expect(repairText(await plinth.repair(), plain)).toBe(
      [
        'main',
        '  migrations/00003_fill.sql was changed after it was applied',
        '        -- +goose Up',
        '      - update posts set touched_at = now();',
        '      + update posts set touched_at = null;',
        '    With --accept 00003 --execute: take the file as it is now into the ledger, without running it: right when the database already is as the file would make it',
      ].join('\n'),
    );
    await plinth.repair({ accept: ['3'], execute: true });
    expect(repairText(await plinth.repair(), plain)).toBe('main  nothing to repair');
  });
});
