import { PACKAGE_ROOT } from '../../src/core/index.js';
import {
  ensureDatabase,
  openDatabase,
  type Session,
  withDatabaseName,
  withSession,
} from '../../src/database/index.js';
import { open } from '../../src/project/index.js';
import { type BenchServer, dropPlatform } from '../operational/server.js';

const NAME = 'plinth_bench_usage';

/** A database with the analytics schema and the partition of the hour that is measured, for the time of `work`. */
export async function withUsageDatabase<T>(
  server: BenchServer,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  await dropPlatform(server, NAME);
  await ensureDatabase(server.url, NAME);
  const url = withDatabaseName(server.url, NAME);
  try {
    const plinth = await open({ cwd: PACKAGE_ROOT, url });
    await plinth.apply({ target: 'analytics' });
    return await withSession(openDatabase(url), async (session) => {
      await session.run("select analytics.ensure_usage_event_partitions('2026-03-01', '2026-03-02')");
      return work(session);
    });
  } finally {
    await dropPlatform(server, NAME);
  }
}

/** Nothing there, and nothing of the run before left to be written to the disk. */
export async function empty(session: Session, ...tables: readonly string[]): Promise<void> {
  await session.run(`truncate ${tables.map((table) => `analytics.${table}`).join(', ')}`);
  await session.run('truncate analytics.rollup_marks; checkpoint');
}

/** The middle one of the times, in milliseconds. */
export function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}
