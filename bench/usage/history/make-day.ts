/** A day of the month, generated, sealed and rolled up; what is there already is left as it is. */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openDuckDb } from '../../../src/database/index.js';
import { objectKey } from '../../../src/usage/history/segments.js';
import { segmentCopySql } from '../../../src/usage/history/write-segment.js';
import { type Rollup, rollupColumns, rollupQuery } from '../../../src/usage/index.js';
import { dayEvents, makeDimensions } from './month-events.js';

export interface MadeDay {
  readonly day: string;
  readonly events: number;
  /** In the folder. */
  readonly objectKey: string;
  readonly sha256: string;
  readonly fileBytes: number;
  readonly tokens: string;
  readonly costNanos: string;
  /** By rollup. */
  readonly rows: Readonly<Record<string, number>>;
  readonly rollupBytes: number;
  readonly seal: Spent;
  readonly rollup: Spent;
}

/** Seconds of the clock, and of the processor. */
export interface Spent {
  readonly seconds: number;
  readonly processor: number;
}

export interface DayPlan {
  readonly folder: string;
  readonly events: number;
  readonly organizations: number;
  /** Those that are made of events. */
  readonly rollups: readonly Rollup[];
}

/** What a file that was made so far says is believed: its last step is to be written. */
export async function makeDay(day: string, plan: DayPlan): Promise<MadeDay> {
  const { folder, rollups } = plan;
  const told = toldFile(folder, day);
  if (isMade(day, folder)) {
    return JSON.parse(readFileSync(told, 'utf8')) as MadeDay;
  }
  const work = join(folder, 'work');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const duckdb = await openDuckDb({
    path: join(work, 'work.duckdb'),
    spillFolder: work,
    memoryLimitMb: 9000,
    threads: 2,
  });
  try {
    const parquet = join(work, 'events.parquet');
    await makeDimensions(duckdb, plan.organizations);
    const drawn = dayEvents(day, plan.events, plan.organizations);
    let sums: Sums | undefined;
    const seal = await spent(async () => {
      await duckdb.run(segmentCopySql(`(${drawn})`, parquet));
      sums = await checked(drawn, `read_parquet('${parquet}')`);
    });
    const rows: Record<string, number> = {};
    let rollupBytes = 0;
    const rollup = await spent(async () => {
      for (const one of rollups) {
        const path = join(work, `${one.name}.parquet`);
        const query = rollupQuery(one, { engine: 'duckdb', from: `read_parquet('${parquet}')` });
        await duckdb.run(
          `copy (select ${rollupColumns(one).join(', ')} from (${query})) to '${path}' (format parquet, compression zstd)`,
        );
        const [sum] = await duckdb.query<{ n: bigint; requests: bigint; cost: bigint }>(
          `select count(*) as n, sum(requests)::bigint as requests, sum(cost_nanos)::bigint as cost from read_parquet('${path}')`,
        );
        if (String(sum!.requests) !== sums!.events || String(sum!.cost) !== sums!.cost) {
          throw new Error(
            `${one.name} of ${day} comes to ${sum!.requests} requests (${sums!.events} were wanted)`,
          );
        }
        rows[one.name] = Number(sum!.n);
        rollupBytes += statSync(path).size;
      }
    });
    const sha256 = await digest(parquet);
    const key = objectKey(day, sha256);
    mkdirSync(join(folder, key, '..'), { recursive: true });
    renameSync(parquet, join(folder, key));
    for (const { name } of rollups) {
      renameSync(join(work, `${name}.parquet`), rollupFile(folder, name, day));
    }
    const made: MadeDay = {
      day,
      events: plan.events,
      objectKey: key,
      sha256: sha256.toString('hex'),
      fileBytes: statSync(join(folder, key)).size,
      tokens: sums!.tokens,
      costNanos: sums!.cost,
      rows,
      rollupBytes,
      seal,
      rollup,
    };
    writeFileSync(`${told}.tmp`, JSON.stringify(made, undefined, 2));
    renameSync(`${told}.tmp`, told);
    return made;
  } finally {
    duckdb.close();
    rmSync(work, { recursive: true, force: true });
  }

  /** What is in the file, when that is what was drawn. */
  async function checked(drawn: string, file: string): Promise<Sums> {
    const [wanted] = await duckdb.query<Sums & object>(sumsOf(`(${drawn})`));
    const [found] = await duckdb.query<Sums & object>(sumsOf(file));
    if (JSON.stringify(wanted) !== JSON.stringify(found)) {
      throw new Error(
        `The file of ${day} holds ${found!.events} events (${wanted!.events} were wanted), or others`,
      );
    }
    return found!;
  }
}

/** Whether an earlier run has made the day. */
export function isMade(day: string, folder: string): boolean {
  return existsSync(toldFile(folder, day));
}

function toldFile(folder: string, day: string): string {
  return join(folder, `${day}.json`);
}

/** Where the rows of a rollup are until they are in the database. */
export function rollupFile(folder: string, rollup: string, day: string): string {
  return join(folder, `${rollup}-${day}.parquet`);
}

interface Sums {
  readonly events: string;
  readonly tokens: string;
  readonly cost: string;
  readonly hash: string;
}

/** A row is hashed by DuckDB, in whose hands it stays. */
function sumsOf(from: string): string {
  return `
    select
      count(*)::text as events,
      sum(input_uncached_tokens + input_cache_read_tokens + output_text_tokens)::text as tokens,
      sum(cost_nanos)::text as cost,
      bit_xor(hash(e))::text as hash
    from ${from} as e`;
}

async function digest(path: string): Promise<Buffer> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest();
}

async function spent(work: () => Promise<void>): Promise<Spent> {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - startedMs) / 1000, processor: (user + system) / 1e6 };
}
