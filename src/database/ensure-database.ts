import { withDatabaseName } from './connection-url.js';
import { openDatabase } from './open.js';
import { type Session, withSession } from './session.js';
import { sqlstateOf } from './sql-failure.js';

export interface EnsureDatabaseOptions {
  /** The database to copy; PostgreSQL's `template1` unless told. */
  readonly template?: string;
}

/**
 * Makes the database `name` on the server of `url` unless it is there. The database that `url` names need not
 * exist. Returns whether it was made.
 * @throws DATABASE_UNREACHABLE, DATABASE_CREDENTIALS_REFUSED, DATABASE_STATEMENT_FAILED
 */
export async function ensureDatabase(
  url: string,
  name: string,
  options: EnsureDatabaseOptions = {},
): Promise<boolean> {
  return await withSession(openDatabase(withDatabaseName(url, 'postgres')), async (session) => {
    const found = await session.query('select 1 from pg_database where datname = $1', [name]);
    return found.length === 0 && (await createDatabase(session, name, options.template));
  });
}

async function createDatabase(
  session: Session,
  name: string,
  template: string | undefined,
): Promise<boolean> {
  const [statement] = await session.query<{ sql: string }>(
    `select case when $2::text is null then format('create database %I', $1::text)
                 else format('create database %I template %I', $1::text, $2::text) end as sql`,
    [name, template ?? null],
  );
  try {
    await session.run(statement!.sql);
    return true;
  } catch (error) {
    if (isAlreadyThere(error)) {
      return false;
    }
    throw error;
  }
}

/** Two that create it at once: the second meets `duplicate_database`, or the catalogue's unique index. */
function isAlreadyThere(error: unknown): boolean {
  const sqlstate = sqlstateOf(error);
  return sqlstate === '42P04' || sqlstate === '23505';
}
