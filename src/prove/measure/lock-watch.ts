/** Looks, from a connection of its own, at the locks that a server process holds while it runs one statement. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Session } from '../../database/index.js';
import type { ProbedRelation } from './probed-statement.js';

const LOOK_EVERY_MS = 1;

export interface LockWatch {
  /** Ends it; may be called again. */
  stop(): Promise<{ readonly locks: readonly ProbedRelation[] }>;
}

/** Returns once it looks. */
export async function watchLocks(database: Database, processId: number): Promise<LockWatch> {
  let running = true;
  const seen = new Map<number, ProbedRelation>();
  const session = await database.connect({ applicationName: 'plinth prove watch' });
  const looking = (async () => {
    while (running) {
      for (const found of await look(session, processId)) {
        const [oid, modes] = found;
        const known = seen.get(oid)?.[1] ?? [];
        seen.set(oid, [oid, [...new Set([...known, ...modes])], ...rest(found)]);
      }
      await sleep(LOOK_EVERY_MS);
    }
  })()
    .catch(() => {})
    .finally(() => session.close());
  return {
    async stop() {
      running = false;
      await looking;
      return { locks: [...seen.values()] };
    },
  };
}

async function look(session: Session, processId: number): Promise<readonly ProbedRelation[]> {
  const rows = await session.query<{
    oid: number;
    modes: readonly string[];
    schema: string | null;
    name: string | null;
    kind: string | null;
  }>(
    `select l.relation::int8::float8 as oid, array_agg(l.mode) as modes, n.nspname as schema, c.relname as name,
            c.relkind::text as kind
       from pg_locks as l
       left join pg_class as c on c.oid = l.relation
       left join pg_namespace as n on n.oid = c.relnamespace
      where l.pid = $1 and l.locktype = 'relation' and l.relation >= 16384
      group by l.relation, n.nspname, c.relname, c.relkind`,
    [processId],
  );
  return rows.map(({ oid, modes, schema, name, kind }) => [oid, modes, schema, name, kind, null, null]);
}

function rest([, , ...others]: ProbedRelation) {
  return others;
}
