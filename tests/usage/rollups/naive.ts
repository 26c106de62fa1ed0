/**
 * What is usually done, for contrast: a rollup that adds what has come in since a watermark. It reads the rows with
 * an arrival after the last one that it has seen, and adds their sums.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Session, withSession } from '../../../src/database/index.js';
import type { TestDatabase } from '../../support/database.js';

export async function createNaive(session: Session): Promise<void> {
  await session.run(`
    create table naive_rollup (hour timestamptz, organization_id uuid, requests bigint, tokens bigint,
                               primary key (hour, organization_id));
    create table naive_watermark (seen timestamptz);
    insert into naive_watermark values ('-infinity')`);
}

export async function runNaive(db: TestDatabase, isOver: () => boolean): Promise<void> {
  await withSession(db.database, async (session) => {
    while (!isOver()) {
      await addWhatIsNew(session);
      await sleep(100);
    }
    await addWhatIsNew(session);
  });
}

async function addWhatIsNew(session: Session): Promise<void> {
  await session.transaction(async () => {
    await session.run(`
      with new as (
        select e.* from analytics.usage_events as e, naive_watermark as w where e.ingested_at > w.seen
      ),
      moved as (
        update naive_watermark set seen = coalesce((select max(ingested_at) from new), seen)
      )
      insert into naive_rollup as r
      select date_trunc('hour', event_time, 'UTC'), organization_id, count(*), sum(input_uncached_tokens + output_text_tokens)
        from new
       group by 1, 2
      on conflict (hour, organization_id) do update
         set requests = r.requests + excluded.requests, tokens = r.tokens + excluded.tokens`);
  }, 'repeatable read');
}

export interface NaiveReport {
  readonly events: number;
  readonly counted: number;
  /** Hours of organizations whose numbers are wrong, and how many there are. */
  readonly wrongRows: number;
  readonly rows: number;
}

export async function naiveReport(session: Session): Promise<NaiveReport> {
  const [row] = await session.query<{ events: number; counted: number; wrong: number; rows: number }>(`
    with truth as (
      select date_trunc('hour', event_time, 'UTC') as hour, organization_id, count(*) as requests,
             sum(input_uncached_tokens + output_text_tokens) as tokens
        from analytics.usage_events group by 1, 2
    )
    select (select count(*)::int from analytics.usage_events) as events,
           (select sum(requests)::int from naive_rollup) as counted,
           count(*) filter (where t.requests is distinct from n.requests or t.tokens is distinct from n.tokens)::int as wrong,
           count(*)::int as rows
      from truth as t full join naive_rollup as n using (hour, organization_id)`);
  return { events: row!.events, counted: row!.counted, wrongRows: row!.wrong, rows: row!.rows };
}
