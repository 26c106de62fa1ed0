import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';

/** The schema that the ledger is in. */
const LEDGER_SCHEMA = 'plinth';

/**
 * The search path that a run has to set for its scripts, if any: the schema's own where a target is migrated
 * schema by schema; and for a role that is called as the ledger's schema is, its path without `"$user"`, which
 * would have a script's tables made among the ledger's.
 */
export async function searchPathFor(
  session: Session,
  schema: string | undefined,
): Promise<string | undefined> {
  if (schema !== undefined) {
    return quoteIdentifier(schema);
  }
  if (session.server.user !== LEDGER_SCHEMA) {
    return undefined;
  }
  const [row] = await session.query<{ path: string }>(`select current_setting('search_path') as path`);
  const path = row!.path.split(',').map((name) => name.trim());
  const others = path.filter((name) => name !== '"$user"' && name !== LEDGER_SCHEMA);
  return others.length === path.length ? undefined : others.join(', ') || 'public';
}
