/**
 * A migration taken through apply → rollback → reapply with writes in between, every cell compared.
 *
 * The order: `before` (the schema and rows that are there), up, `meanwhile` (what the application writes on the new
 * schema), down, then the rows must be as `afterDown` says (as before the up, unless given); `between`, up again, and
 * the rows must be as `afterReapply` says (as after the `meanwhile`, unless given).
 */

import { expect } from 'vitest';
import { type Database, type Session, withSession } from '../../../src/database/index.js';
import { apply, rollback } from '../../../src/migrate/index.js';

export interface KeptCase {
  readonly name: string;
  readonly before: string;
  readonly up: string;
  readonly down: string;
  /** What the application writes after the up. */
  readonly meanwhile?: string;
  /** What it writes after the down. */
  readonly between?: string;
  /** A query by table whose rows are expected after the down; the rows before the up where there is none. */
  readonly afterDown?: Expected;
  readonly afterReapply?: Expected;
  /** After the second down; nothing is looked at there unless given, where something was written between. */
  readonly afterSecondDown?: Expected;
  /** What is kept after all, as `kind name unplaced`; nothing unless given. */
  readonly left?: readonly string[];
  /** The oldest server that runs it. */
  readonly since?: number;
}

/** Queries, each with the rows that it must give, as text. */
export type Expected = Readonly<Record<string, readonly string[]>>;

export async function runKeptCase(
  database: Database,
  folderOf: (files: Readonly<Record<string, string>>) => string,
  kept: KeptCase,
): Promise<void> {
  const files = { '1_it.up.sql': kept.up, '1_it.down.sql': kept.down };
  const options = { database, target: 'main', folder: { path: folderOf(files) } };
  await withSession(database, async (session) => {
    await resetDatabase(session);
    await session.run(kept.before);
    const original = await cells(session);
    await apply(options);
    await session.run(kept.meanwhile ?? 'select 1');
    const applied = await cells(session);
    await rollback(options);
    await expectCells(session, kept.afterDown, original, 'after the down');
    await session.run(kept.between ?? 'select 1');
    await apply(options);
    await expectCells(session, kept.afterReapply, applied, 'after the reapply');
    await rollback(options);
    await expectCells(
      session,
      kept.afterSecondDown ?? (kept.between ? undefined : kept.afterDown),
      kept.between ? undefined : original,
      'after the second down',
    );
    expect(await leftovers(session)).toEqual(kept.left ?? []);
  });
}

async function expectCells(
  session: Session,
  expected: Expected | undefined,
  whole: string | undefined,
  when: string,
): Promise<void> {
  if (expected === undefined) {
    if (whole !== undefined) {
      expect(await cells(session), when).toBe(whole);
    }
    return;
  }
  for (const [sql, rows] of Object.entries(expected)) {
    const found = await session.query<Record<string, unknown>>(`select q::text as line from (${sql}) as q`);
    expect(
      found.map(({ line }) => line),
      `${when}: ${sql}`,
    ).toEqual(rows);
  }
}

/** What is still kept, and unplaced rows of it. Items of the last down belong to a reapply to come and do not count. */
async function leftovers(session: Session): Promise<string[]> {
  const rows = await session.query<{ line: string }>(
    `select kind || ' ' || relation_name || ' ' || unplaced as line
       from plinth.kept
      where state in ('kept', 'partly restored') and unplaced > 0
      order by id`,
  );
  return rows.map(({ line }) => line);
}

/** Every cell of every table, with its column's name and type; the order of columns and rows apart. */
async function cells(session: Session): Promise<string> {
  const tables = await session.query<{ name: string }>(`
    select c.oid::regclass::text as name
      from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm') and n.nspname !~ '^(pg_|plinth)' and n.nspname <> 'information_schema'
     order by 1`);
  const lines: string[] = [];
  for (const { name } of tables) {
    const columns = await session.query<{ name: string; type: string }>(
      `select quote_ident(attname) as name, format_type(atttypid, atttypmod) as type
         from pg_attribute where attrelid = $1::text::regclass and attnum > 0 and not attisdropped order by attname`,
      [name],
    );
    const list = columns.map((column) => `${column.name}::text`).join(', ') || 'null';
    lines.push(`${name}: ${columns.map((column) => `${column.name} ${column.type}`).join(', ')}`);
    const rows = await session.query<{ line: string }>(
      `select row(${list})::text as line from only ${name} order by row(${list})::text collate "C"`,
    );
    lines.push(...rows.map(({ line }) => `  ${line}`));
  }
  return lines.join('\n');
}

/** Drops everything that a case made, kept data and the ledger included. */
export async function resetDatabase(session: Session): Promise<void> {
  const schemas = await session.query<{ name: string }>(
    `select quote_ident(nspname) as name from pg_namespace
      where nspname !~ '^pg_' and nspname <> 'information_schema'`,
  );
  await session.run(
    [...schemas.map(({ name }) => `drop schema ${name} cascade`), 'create schema public'].join(';'),
  );
}
