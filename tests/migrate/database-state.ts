/** Everything that a run may leave in a database, as lines to compare: schema, rows, ledger, lock. */
import { readFileSync } from 'node:fs';
import type { Session } from '../../src/database/index.js';

const STATE_SQL = readFileSync(new URL('./database-state.sql', import.meta.url), 'utf8');

/** The schema and a digest of each table's rows. Ids that sequences gave are part of the rows. */
export async function databaseState(session: Session): Promise<readonly string[]> {
  await session.run("set search_path = ''");
  const rows = await session.query<{ line: string }>(STATE_SQL);
  await session.run('reset search_path');
  return inOrder(rows.map(({ line }) => line));
}

/** A try that was cut off leaves a gap in the numbers of kept data: they are told by their order. */
function inOrder(lines: readonly string[]): string[] {
  const KEPT = /plinth_kept\.k(\d+)/g;
  const ids = new Set(lines.flatMap((line) => [...line.matchAll(KEPT)].map(([, id]) => Number(id))));
  const places = new Map([...ids].sort((a, b) => a - b).map((id, index) => [id, index + 1]));
  return lines
    .map((line) => line.replaceAll(KEPT, (_, id: string) => `plinth_kept.k${places.get(Number(id))}`))
    .sort();
}

const LEDGER_SQL = `
  select format('migration %s %s %s %s done %s started %s up %s down %s text %s', version, name, kind, state,
                statements_done, statement_started, up_bytes, down_bytes, md5(up_text || coalesce(down_text, '')))
         as line
    from plinth.migrations
  union all
  select format('%s time(s) %s %s', count(*), event, version)
    from plinth.run_events
   where event <> 'resumed'
   group by event, version
  union all
  select format('lock held by %s', client)
    from plinth.locks
   where owner is not null
   order by line`;

/** The ledger without times, run ids and the tries it took. */
export async function ledgerState(session: Session): Promise<readonly string[]> {
  const [found] = await session.query("select from pg_catalog.pg_namespace where nspname = 'plinth'");
  if (!found) {
    return ['no ledger'];
  }
  return (await session.query<{ line: string }>(LEDGER_SQL)).map(({ line }) => line);
}
