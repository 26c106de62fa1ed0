/**
 * A storm on usage events: writers with batches, duplicates, corrections, re-pricings, deletions, roll-backs, late
 * data and long transactions; workers that are killed, as processes and as server backends; readers that want the
 * truth in the middle of it.
 */
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PACKAGE_ROOT } from '../../../src/core/index.js';
import { type Session, sqlstateOf, withSession } from '../../../src/database/index.js';
import { newEventId } from '../../../src/usage/event-id.js';
import { readRollups, reconcileUsage, refreshRollups, usageTrend } from '../../../src/usage/index.js';
import type { CompiledProgram } from '../../support/compiled-program.js';
import type { TestDatabase } from '../../support/database.js';
import type { EventRow } from './by-hand.js';
import { insertEvents } from './event-rows.js';

const STORM_HOURS = 48;
const START_MS = Date.UTC(2026, 2, 1);
export const STORM_SPAN = {
  from: new Date(START_MS),
  to: new Date(START_MS + STORM_HOURS * 3_600_000),
};

/** The foundation's rollups with caps so low that they bite for everybody. */
export const STORM_ROOT = mkdtempSync(join(tmpdir(), 'plinth-test-storm-'));
cpSync(join(PACKAGE_ROOT, 'analytics'), join(STORM_ROOT, 'analytics'), { recursive: true });
const capped = join(STORM_ROOT, 'analytics/rollups/day_organization_key_model.yml');
writeFileSync(
  capped,
  readFileSync(capped, 'utf8').replace(/^cap: .*$/m, 'cap: { api_key_id: 3, model_id: 2 }'),
);
export const STORM_ROLLUPS = readRollups(STORM_ROOT);

export interface StormReport {
  committed: number;
  rolledBack: number;
  batches: number;
  duplicates: number;
  deletions: number;
  corrections: number;
  kills: number;
  terminations: number;
  /** Reconciliations and live questions in the middle of the storm, all of them exact. */
  truths: number;
}

const WRITERS = 5;
const WORKERS = 2;

/** Lets it storm for so long, and returns when everybody has gone. Throws what a reader finds untrue. */
export async function storm(
  db: TestDatabase,
  seconds: number,
  program: CompiledProgram,
): Promise<StormReport> {
  const until = performance.now() + seconds * 1000;
  const isOver = (): boolean => performance.now() > until;
  const report: StormReport = {
    committed: 0,
    rolledBack: 0,
    batches: 0,
    duplicates: 0,
    deletions: 0,
    corrections: 0,
    kills: 0,
    terminations: 0,
    truths: 0,
  };
  const known: EventRow[] = [];
  await Promise.all([
    ...Array.from({ length: WRITERS }, () => writer(db, isOver, known, report, 60)),
    // One that holds its transactions open for long: a watermark is past its rows when they appear.
    writer(db, isOver, known, report, 1500),
    ...Array.from({ length: WORKERS }, () => worker(db, isOver)),
    killedWorker(db, isOver, program, report),
    terminator(db, isOver, report),
    reader(db, isOver, report),
  ]);
  return report;
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}

function newEvent(): EventRow {
  const timeMs = START_MS + random(STORM_HOURS * 3_600_000);
  return {
    organization_id: `0190a000-0000-7000-8000-${random(20).toString(16).padStart(12, '0')}`,
    event_time: new Date(timeMs),
    event_id: newEventId(timeMs),
    input_uncached_tokens: BigInt(random(5000)),
    input_cache_read_tokens: BigInt(random(100)),
    input_cache_write_tokens: 0n,
    output_text_tokens: BigInt(random(500)),
    output_reasoning_tokens: 0n,
    latency_us: BigInt(random(10_000_000)),
    ttft_us: null,
    cost_nanos: BigInt(random(1_000_000)),
    model_id: 1 + random(5),
    status: random(50) === 0 ? 500 : 200,
    usage_known: true,
    api_key_id:
      random(3) === 0 ? null : `0190a002-0000-7000-8000-${random(9).toString(16).padStart(12, '0')}`,
    user_id: random(2) === 0 ? null : `0190a003-0000-7000-8000-${random(99).toString(16).padStart(12, '0')}`,
    operation: 'chat',
    currency: 'USD',
    cost_source: 'provider',
    source: 'storm',
    error_type: null,
  };
}

/** SQLSTATEs that writers meet in a storm and that end their transaction: a deadlock, a terminated backend. */
const HARMLESS = ['40P01', '57P01'];

async function writer(
  db: TestDatabase,
  isOver: () => boolean,
  known: EventRow[],
  report: StormReport,
  holdMs: number,
): Promise<void> {
  await withSession(db.database, async (session) => {
    while (!isOver()) {
      await session.run('begin');
      try {
        await change(session, known, report);
        await sleep(random(holdMs));
        const isKept = random(10) > 0;
        await session.run(isKept ? 'commit' : 'rollback');
        report[isKept ? 'committed' : 'rolledBack'] += 1;
      } catch (error) {
        if (!HARMLESS.includes(sqlstateOf(error) ?? '')) {
          throw error;
        }
        await session.run('rollback');
        report.rolledBack += 1;
      }
    }
  });
}

async function change(session: Session, known: EventRow[], report: StormReport): Promise<void> {
  const dice = random(100);
  const some = Array.from({ length: 12 }, () => known[random(known.length)]).filter(
    (row) => row !== undefined,
  );
  if (dice < 70 || some.length === 0) {
    const rows = Array.from({ length: 1 + random(40) }, newEvent);
    // Also ones of transactions that have not ended, or were rolled back.
    const repeated = some.slice(0, 1 + random(6));
    known.push(...rows);
    report.batches += 1;
    report.duplicates += repeated.length;
    const table = dice < 6 ? partitionOf(rows) : undefined;
    await insertEvents(
      session,
      table ? rows.filter((row) => partitionOf([row]) === table) : [...rows, ...repeated],
      table,
    );
  } else if (dice < 80) {
    report.deletions += 1;
    await session.query('delete from analytics.usage_events where event_id = any ($1::uuid[])', [
      idsOf(some),
    ]);
  } else if (dice < 95) {
    report.corrections += 1;
    await session.query(
      `update analytics.usage_events
          set output_text_tokens = output_text_tokens + 1, status = 299
        where event_id = any ($1::uuid[])`,
      [idsOf(some)],
    );
  } else {
    report.corrections += 1;
    const from = new Date(START_MS + random(STORM_HOURS) * 3_600_000);
    await session.query(
      `update analytics.usage_events set cost_nanos = cost_nanos + 7
        where model_id = $1 and event_time >= $2 and event_time < $2::timestamptz + interval '2 hours'`,
      [1 + random(5), from],
    );
  }
}

function idsOf(rows: readonly EventRow[]): unknown[] {
  return rows.map((row) => row.event_id).sort();
}

function partitionOf([row]: readonly EventRow[]): string {
  return `analytics.usage_events_${row!.event_time.toISOString().slice(0, 10).replaceAll('-', '')}`;
}

async function worker(db: TestDatabase, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    try {
      await withSession(
        db.database,
        async (session) => {
          while (!isOver()) {
            await refreshRollups(session, { rollups: STORM_ROLLUPS });
            await sleep(5);
          }
        },
        { applicationName: 'storm worker' },
      );
    } catch (error) {
      // The terminator has ended its backend: a worker comes back.
      if (!isTerminated(error)) {
        throw error;
      }
    }
  }
}

function isTerminated(error: unknown): boolean {
  const { code } = error as { code?: string };
  return sqlstateOf(error) === '57P01' || code === 'DATABASE_CONNECTION_LOST';
}

/** A worker in a process of its own that is killed again and again, wherever it is. */
async function killedWorker(
  db: TestDatabase,
  isOver: () => boolean,
  program: CompiledProgram,
  report: StormReport,
): Promise<void> {
  while (!isOver()) {
    const running = program([db.url, STORM_ROOT]);
    await sleep(600 + random(600));
    running.process.kill('SIGKILL');
    await running.output;
    report.kills += 1;
  }
}

async function terminator(db: TestDatabase, isOver: () => boolean, report: StormReport): Promise<void> {
  await withSession(db.database, async (session) => {
    while (!isOver()) {
      await sleep(500);
      const rows = await session.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = 'storm worker' and datname = current_database() and xact_start is not null
          order by random() limit 1`,
      );
      report.terminations += rows.length;
    }
  });
}

/** What is not marked is exact, and the live tail makes the rest so, at every moment. */
async function reader(db: TestDatabase, isOver: () => boolean, report: StormReport): Promise<void> {
  await withSession(db.database, async (session) => {
    while (!isOver()) {
      const { isExact, differences } = await reconcileUsage(session, {
        rollups: STORM_ROLLUPS,
        ...STORM_SPAN,
      });
      if (!isExact) {
        throw new Error(`A rollup without a mark differs: ${JSON.stringify(differences.slice(0, 3))}`);
      }
      await session.transaction(async () => {
        const trend = await usageTrend(session, { rollups: STORM_ROLLUPS, ...STORM_SPAN, grain: 'hour' });
        const [row] = await session.query<{ n: bigint }>('select count(*) as n from analytics.usage_events');
        if (trend.total.requests !== row!.n) {
          throw new Error(`The live tail tells ${trend.total.requests} events of ${row!.n}`);
        }
      }, 'repeatable read');
      report.truths += 2;
      await sleep(100);
    }
  });
}
