/** Foreign keys that are checked when all rows are in their place, and not with each statement. */
import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';

interface ForeignKey {
  readonly table: string;
  readonly schema: string;
  readonly name: string;
  readonly checked: string;
}

/**
 * Calls `work` with foreign keys checked at its end.
 * @param where which ones, as a condition on `c`, the row of `pg_constraint`
 */
export async function withLateKeys(
  session: Session,
  where: string,
  values: readonly unknown[],
  work: () => Promise<void>,
): Promise<void> {
  const keys = await session.query<ForeignKey>(
    `select c.conrelid::pg_catalog.regclass::text as table, n.nspname as schema, c.conname as name,
            case when c.condeferrable then 'deferrable initially immediate' else 'not deferrable' end as checked
       from pg_catalog.pg_constraint as c
       join pg_catalog.pg_namespace as n on n.oid = c.connamespace
      where c.contype = 'f' and c.conparentid = 0 and not c.condeferred and ${where}`,
    values,
  );
  const alter = async (how: (key: ForeignKey) => string): Promise<void> => {
    for (const key of keys) {
      await session.run(`alter table ${key.table} alter constraint ${quoteIdentifier(key.name)} ${how(key)}`);
    }
  };
  await alter(() => 'deferrable initially deferred');
  await work();
  if (keys.length > 0) {
    const names = keys.map(({ schema, name }) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`);
    await session.run(`set constraints ${names.join(', ')} immediate`);
  }
  await alter(({ checked }) => checked);
}
