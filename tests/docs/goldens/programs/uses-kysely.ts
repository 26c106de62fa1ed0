import type { Kysely } from 'kysely';
import type { Database, ShopCustomersId, ShopCustomersInsert, ShopCustomersRow } from './kysely-with-options.js';

declare const db: Kysely<Database>;
declare const id: ShopCustomersId;

export async function orders(): Promise<
  { number: bigint; theme: 'dark' | 'light'; weight: string | null }[]
> {
  const rows = await db
    .selectFrom('shop.orders')
    .innerJoin('shop.customers', 'shop.customers.id', 'shop.orders.customer_id')
    .select(['number', 'weight_kg', 'settings'])
    .where('kind', '=', 'web')
    .execute();
  return rows.map(({ number, settings, weight_kg }) => ({
    number,
    theme: settings.theme,
    weight: weight_kg,
  }));
}

export async function write(): Promise<ShopCustomersRow> {
  const least: ShopCustomersInsert = { email: 'ada@example.com' };
  await db.insertInto('shop.orders').values({ customer_id: id, placed_at: '2026-01-01' }).execute();
  await db.updateTable('shop.orders').set({ 'gift note': null, weight_kg: 2 }).execute();
  // @ts-expect-error the database counts
  await db.insertInto('shop.orders').values({ customer_id: id, number: 1 }).execute();
  // @ts-expect-error a view is only read
  await db.updateTable('shop.open_orders').set({ customer_id: id }).execute();
  // @ts-expect-error a plain text is no customer's id
  await db.insertInto('shop.orders').values({ customer_id: 'b7d6' }).execute();
  return db.insertInto('shop.customers').values(least).returningAll().executeTakeFirstOrThrow();
}
