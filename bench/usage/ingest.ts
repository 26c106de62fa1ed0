/** Ingest: a bare COPY into the indexed partition, without triggers, and what Plinth does with the same rows. */
import type { Session } from '../../src/database/index.js';
import { copyUsageEvents } from '../../src/usage/index.js';
import type { BenchServer } from '../operational/server.js';
import { count } from '../telling/progress-line.js';
import { empty, median, timed, withUsageDatabase } from './database.js';
import { COLUMNS, eventLines } from './event-lines.js';

export interface IngestOptions {
  readonly events: number;
  readonly rounds: number;
}

const LEAST_RATIO = 0.8;
const PARTITION = 'analytics.usage_events_20260301';
const TITLES = {
  plain: 'COPY without indexes, checks and marks',
  bare: 'COPY into the indexed partition, no marks',
  fresh: 'Plinth: events that are new',
  staged: 'Plinth: by way of staging, all new',
  repeated: 'Plinth: by way of staging, one in ten there already',
} as const;

export async function measureIngest(
  server: BenchServer,
  { events, rounds }: IngestOptions,
): Promise<string[]> {
  const lines = eventLines(events);
  const times: Record<keyof typeof TITLES, number[]> = {
    plain: [],
    bare: [],
    fresh: [],
    staged: [],
    repeated: [],
  };
  await withUsageDatabase(server, async (session) => {
    for (let round = 0; round < rounds; round += 1) {
      times.plain.push(await plainCopy(session, lines));
      times.bare.push(await bareCopy(session, lines));
      times.fresh.push(await copied(session, lines, { expectDuplicates: false }));
      times.staged.push(await copied(session, lines, { expectDuplicates: true }));
      times.repeated.push(await copied(session, lines, { expectDuplicates: true, repeated: 10 }));
    }
  });
  const bare = median(times.bare);
  console.log(`\nIngest of ${count(events)} events, medians of ${rounds} rounds in turns\n`);
  for (const [key, title] of Object.entries(TITLES)) {
    const ms = median(times[key as keyof typeof TITLES]);
    const rate = `${count(Math.round((events / ms) * 1000))} events/s`;
    console.log(`  ${title.padEnd(52)}${rate.padStart(18)}   ÷ bare ${(bare / ms).toFixed(2)}`);
  }
  const ratio = bare / median(times.fresh);
  return ratio < LEAST_RATIO ? [`events come in at ${ratio.toFixed(2)} of a bare COPY`] : [];
}

async function plainCopy(session: Session, lines: readonly string[]): Promise<number> {
  await session.run(
    'create table plain_events as select * from analytics.usage_events with no data; checkpoint',
  );
  const ms = await timed(() => session.copyIn(`copy plain_events (${COLUMNS.join(', ')}) from stdin`, lines));
  await session.run('drop table plain_events');
  return ms;
}

async function bareCopy(session: Session, lines: readonly string[]): Promise<number> {
  await empty(session, 'usage_events');
  await session.run(`alter table ${PARTITION} disable trigger all`);
  const ms = await timed(() => session.copyIn(`copy ${PARTITION} (${COLUMNS.join(', ')}) from stdin`, lines));
  await session.run(`alter table ${PARTITION} enable trigger all`);
  return ms;
}

interface CopyChoice {
  readonly expectDuplicates: boolean;
  /** One of so many events is there before. */
  readonly repeated?: number;
}

async function copied(session: Session, lines: readonly string[], choice: CopyChoice): Promise<number> {
  await empty(session, 'usage_events');
  const { expectDuplicates, repeated } = choice;
  if (repeated !== undefined) {
    const before = lines.filter((_piece, index) => index % repeated === 0);
    await copyUsageEvents(session, { columns: COLUMNS, lines: () => before });
    await session.run('checkpoint');
  }
  return timed(() => copyUsageEvents(session, { columns: COLUMNS, lines: () => lines, expectDuplicates }));
}
