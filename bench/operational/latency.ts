/** Latencies of a query under load: every one is kept, so that the percentiles are exact. */
import type { Database, Session } from '../../src/database/index.js';
import { type EverydayQuery, pickOrganization } from './everyday-queries.js';

/** In milliseconds, save the rate. */
export interface Latency {
  readonly requests: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly perSecond: number;
}

export interface LoadOptions {
  readonly connections: number;
  readonly seconds: number;
  readonly organizations: number;
  readonly signal: AbortSignal;
}

/** Before the measurement: connections get their caches and statements. */
const WARM_UP_SECONDS = 2;

/** Runs the query from all connections at once, each sending the next request when the last is answered. */
export async function measureLatency(
  database: Database,
  query: EverydayQuery,
  options: LoadOptions,
): Promise<Latency> {
  const sessions = await Promise.all(Array.from({ length: options.connections }, () => database.connect()));
  try {
    await runFor(sessions, query, { ...options, seconds: WARM_UP_SECONDS });
    return summarize(await runFor(sessions, query, options), options.seconds);
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
  }
}

async function runFor(
  sessions: readonly Session[],
  query: EverydayQuery,
  options: LoadOptions,
): Promise<number[]> {
  const endMs = performance.now() + options.seconds * 1000;
  const latencies: number[] = [];
  await Promise.all(
    sessions.map(async (session) => {
      while (performance.now() < endMs) {
        options.signal.throwIfAborted();
        const request = query.request(pickOrganization(options.organizations));
        const sentMs = performance.now();
        await request(session);
        latencies.push(performance.now() - sentMs);
      }
    }),
  );
  return latencies;
}

function summarize(latencies: readonly number[], seconds: number): Latency {
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
  return {
    requests: sorted.length,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
    perSecond: sorted.length / seconds,
  };
}
