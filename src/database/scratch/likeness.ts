/** What a throwaway server takes over from the one that it stands in for. */
import { isPlinthError } from '../../core/index.js';
import { type Database, type Session, withSession } from '../session.js';
import { type ForeignRole, readRoles } from './roles.js';

export interface Likeness {
  readonly database: Database;
  readonly major: number;
  readonly user: string;
  readonly mayCreateDatabases: boolean;
  readonly roles: readonly ForeignRole[];
}

/** Looks at the server of a database; `undefined` where it cannot be reached. */
export async function likenessOf(database: Database): Promise<Likeness | undefined> {
  try {
    return await withSession(database, (session) => look(database, session));
  } catch (error) {
    if (isPlinthError(error, 'DATABASE_UNREACHABLE', 'DATABASE_NOT_FOUND', 'DATABASE_CREDENTIALS_REFUSED')) {
      return undefined;
    }
    throw error;
  }
}

async function look(database: Database, session: Session): Promise<Likeness> {
  const [row] = await session.query<{ may: boolean }>(
    'select rolcreatedb or rolsuper as may from pg_catalog.pg_roles where rolname = current_user',
  );
  return {
    database,
    major: Math.floor(session.server.versionNumber / 10_000),
    user: session.server.user,
    mayCreateDatabases: row?.may ?? false,
    roles: await readRoles(session),
  };
}
