/** Rows that meet what another schema asks of the same tables: such as a migration takes that adds a constraint. */
import { afterAll, describe, expect, test } from 'vitest';
import { readSchema } from '../../../src/catalog/index.js';
import { withSession } from '../../../src/database/index.js';
import { fillTables } from '../../../src/prove/data/fill-tables.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const BEFORE = `
  create table customers (id bigint generated always as identity primary key, name text, code text);
  create table orders (
    id bigint generated always as identity primary key,
    customer_id bigint,
    state text,
    note text,
    total integer,
    auth text
  );`;

const MADE: TestDatabase[] = [];
afterAll(async () => {
  await Promise.all(MADE.map((place) => place.drop()));
});

/** Rows made for the schema of before, to meet that of after; the up then runs on them. */
async function fillFor(up: string, options: { withoutNulls?: boolean; textsAs?: string } = {}) {
  const [filled, wanted] = [await createTestDatabase(), await createTestDatabase()];
  MADE.push(filled, wanted);
  const meets = await withSession(wanted.database, async (session) => {
    await session.run(`${BEFORE}${up}`);
    return await readSchema(session);
  });
  return await withSession(filled.database, async (session) => {
    await session.run(BEFORE);
    const report = await fillTables(session, { rowsPerTable: 20, meets, ...options });
    await session.run(up);
    return { report, rows: await session.query('select * from orders') };
  });
}

describe('rows that meet another schema', () => {
  test('are taken by an up that adds constraints, keys, not nulls and an enum', async () => {
    const { report } = await fillFor(`
      create type order_state as enum ('open', 'paid');
      alter table orders
        add foreign key (customer_id) references customers (id),
        alter column state type order_state using state::order_state,
        alter column note type varchar(3),
        alter column total set not null,
        add check (total between 7 and 9);
      create unique index on customers (code);
      create unique index on orders (customer_id, state);`);
    expect(report.unfilled).toEqual([]);
    expect(report.tables.map(({ inserted }) => inserted.length > 1)).toEqual([true, true]);
  });

  test('have no nulls where they are asked for none, and documents for texts', async () => {
    const { rows } = await fillFor(
      'alter table orders alter column auth type jsonb using auth::jsonb; alter table orders alter note set not null;',
      { withoutNulls: true, textsAs: 'json' },
    );
    expect(rows.length).toBe(20);
    expect(rows.every((row) => Object.values(row).every((value) => value !== null))).toBe(true);
  });
});
