/**
 * A role that is called `plinth`, as the ledger's schema is: with the usual search path `"$user", public` its
 * scripts' tables would be made among the ledger's. Where such a role migrates, the path goes without `"$user"`.
 */
import type { Session } from '../../database/index.js';

/** The schema that the ledger is in. */
const LEDGER_SCHEMA = 'plinth';

const OTHERS = `
  coalesce(nullif(array_to_string(array(
    select name
      from unnest(string_to_array(pg_catalog.current_setting('search_path'), ',')) as name
     where trim(name) not in ('"$user"', '${LEDGER_SCHEMA}')), ','), ''), 'public')`;

/** SQL that takes the ledger's schema out of the session's search path, where the role's name has put it there. */
export const LEAVE_LEDGER_SCHEMA = `
  select pg_catalog.set_config('search_path', ${OTHERS}, false) where session_user = '${LEDGER_SCHEMA}'`;

/**
 * The search path that every transaction of a run has to set, if any: `schemaPath` where a target is migrated schema
 * by schema; or, behind a proxy, where nothing can be set for a session, the path without the ledger's schema.
 */
export async function searchPathFor(
  session: Session,
  schemaPath: string | undefined,
): Promise<string | undefined> {
  if (schemaPath !== undefined) {
    return schemaPath;
  }
  if (session.isDirect || session.server.user !== LEDGER_SCHEMA) {
    return undefined;
  }
  const [row] = await session.query<{ path: string }>(`select ${OTHERS} as path`);
  return row!.path;
}
