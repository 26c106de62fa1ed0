import type { Session } from '../../database/index.js';
import { nameOf } from './layout.js';
import type { TableFacts } from './table-facts.js';

/** Reads and writes a table whose policies hold for its owner too: they are lifted for the time of `work`. */
export async function withoutForcedPolicies<T>(
  session: Session,
  table: TableFacts,
  work: () => Promise<T>,
): Promise<T> {
  if (!table.forcesRowSecurity) {
    return work();
  }
  await session.run(`alter table ${nameOf(table)} no force row level security`);
  const result = await work();
  await session.run(`alter table ${nameOf(table)} force row level security`);
  return result;
}
