/**
 * Brings rollups up to their source by the marks: for a bucket that has some, everything is recomputed in one
 * snapshot, and exactly the marks that this snapshot sees are deleted, in one transaction. A transaction that
 * changed events is then either in the snapshot, and counted, or its mark survives and the bucket is done again.
 *
 * Marks of `usage_events` are hours. An hour brings the rollups of events by hour or finer up to date at once, and
 * marks what is coarser or sums these rollups: those are recomputed by their own marks, after they have settled.
 *
 * Any number of workers may run at once, here and in other processes.
 */
import { type OnProgress, readPackageFile, silent } from '../../core/index.js';
import { type Session, sqlstateOf } from '../../database/index.js';
import { inSpan } from '../../telemetry/index.js';
import { cancellable } from '../cancellation.js';
import { bucketStart, isAtLeastAsFine, type TimeRange } from '../grain.js';
import { explainMissingSchema } from '../missing-schema.js';
import { rollupColumns, rollupQuery } from './compile.js';
import { type MarkedBucket, markBuckets, markedBuckets, spansOfBuckets } from './marks.js';
import { EVENTS, isFromEvents, type Rollup, rollupNamed } from './rollup.js';
import { qualifiedTable } from './table-sql.js';

export interface RefreshOptions {
  readonly rollups: readonly Rollup[];
  /** Leave buckets for now whose marks are younger than what their rollup wants them to settle. */
  readonly settling?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** What became of one rollup. */
export interface RefreshedRollup {
  readonly rollup: string;
  readonly buckets: number;
  readonly rowsRemoved: number;
  readonly rowsWritten: number;
  readonly durationMs: number;
}

export interface Refresh {
  /** Those that were touched, sources first. */
  readonly rollups: readonly RefreshedRollup[];
  /** Marks that were worked off. */
  readonly marks: number;
  /** Transactions that met another worker's and were done again. */
  readonly conflicts: number;
  /** Marked buckets that were left, because they settle or because another worker has them. */
  readonly left: number;
  /** Marked buckets whose source has left for good; their rows stay as they are. */
  readonly withoutSource: number;
  readonly durationMs: number;
}

/** Most buckets of one transaction. */
const BUCKETS_AT_ONCE = 24;

/**
 * Works marks off until none is left that can be.
 * @throws USAGE_SCHEMA_MISSING; USAGE_CANCELLED when the signal is given: what was finished stays
 */
export async function refreshRollups(session: Session, options: RefreshOptions): Promise<Refresh> {
  return inSpan('plinth.usage.roll_up', {}, async (span) => {
    const startedMs = performance.now();
    const run = new RefreshRun(session, options);
    await explainMissingSchema(WHAT, () => run.workOff());
    const refresh = run.report(performance.now() - startedMs);
    span.setAttributes({
      'plinth.rows': refresh.rollups.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0),
    });
    return refresh;
  });
}

const WHAT = 'roll up usage';

/** SQLSTATEs of a transaction that met another: serialization, deadlock, a row that another has written. */
const CONFLICTS = ['40001', '40P01', '23505'];

/** Buckets of one subject that are recomputed together. */
interface Task {
  readonly subject: string;
  readonly buckets: readonly Date[];
}

class RefreshRun {
  readonly #session: Session;
  readonly #options: RefreshOptions;
  readonly #done = new Map<string, RefreshedRollup>();
  /** Buckets that this run has found without a source; their marks stay. */
  readonly #withoutSource = new Set<string>();
  #marks = 0;
  #conflicts = 0;
  #left = 0;

  constructor(session: Session, options: RefreshOptions) {
    this.#session = session;
    this.#options = options;
  }

  async workOff(): Promise<void> {
    const { onProgress = silent, signal } = this.#options;
    let done = 0;
    for (;;) {
      const marked = await markedBuckets(this.#session);
      const tasks = this.#nextTasks(marked);
      this.#left = marked.length;
      if (tasks.length === 0) {
        break;
      }
      let progressed = 0;
      for (const task of tasks) {
        onProgress({ task: WHAT, done, total: done + marked.length, unit: 'buckets' });
        const worked = await cancellable(this.#session, signal, WHAT, () => this.#attempt(task));
        progressed += worked;
        done += worked;
      }
      if (progressed === 0) {
        // Others have all of it: what they leave is for their next round or ours.
        break;
      }
    }
    onProgress({ task: WHAT, state: 'done' });
  }

  report(durationMs: number): Refresh {
    const rollups = this.#options.rollups.flatMap(({ name }) => this.#done.get(name) ?? []);
    const withoutSource = this.#withoutSource.size;
    return {
      rollups,
      marks: this.#marks,
      conflicts: this.#conflicts,
      left: this.#left - withoutSource,
      withoutSource,
      durationMs,
    };
  }

  /** The tasks of the first level that has any: what the others sum is made first. */
  #nextTasks(marked: readonly MarkedBucket[]): Task[] {
    const { rollups } = this.#options;
    for (const subject of [EVENTS, ...rollups.map(({ name }) => name)]) {
      const ready = marked.filter((one) => one.subject === subject && this.#isReady(one));
      if (ready.length > 0) {
        const starts = ready.map((one) => one.bucketStart.getTime());
        const grain = rollupNamed(rollups, subject)?.grain ?? 'hour';
        const newestFirst = spansOfBuckets(
          grain,
          ready.map((one) => one.bucketStart),
          BUCKETS_AT_ONCE,
        ).reverse();
        return newestFirst.map(({ from, to }) => ({
          subject,
          buckets: starts
            .filter((time) => time >= from.getTime() && time < to.getTime())
            .map((time) => new Date(time)),
        }));
      }
    }
    return [];
  }

  #isReady({ subject, bucketStart, ageMs }: MarkedBucket): boolean {
    if (this.#withoutSource.has(keyOf(subject, bucketStart))) {
      return false;
    }
    const settled =
      subject === EVENTS ? this.#ofEventsByHour() : [rollupNamed(this.#options.rollups, subject)!];
    return !this.#options.settling || ageMs >= Math.max(0, ...settled.map(({ settleMs }) => settleMs));
  }

  /** The rollups of events that an hour holds whole buckets of. */
  #ofEventsByHour(): readonly Rollup[] {
    return this.#options.rollups.filter(
      (rollup) => isFromEvents(rollup) && isAtLeastAsFine(rollup.grain, 'hour'),
    );
  }

  /** @returns how many buckets were worked off; none when another worker was in the way */
  async #attempt(task: Task): Promise<number> {
    try {
      return await this.#session.transaction(() => this.#recompute(task), 'repeatable read');
    } catch (error) {
      if (CONFLICTS.includes(sqlstateOf(error) ?? '')) {
        this.#conflicts += 1;
        // The other one has made progress.
        return 1;
      }
      throw error;
    }
  }

  async #recompute({ subject, buckets }: Task): Promise<number> {
    const own = rollupNamed(this.#options.rollups, subject);
    const targets = own ? [own] : this.#ofEventsByHour();
    // Before the snapshot: then no partition is detached between what it sees and what is read.
    await this.#session.run('lock table only analytics.usage_events in access share mode');
    const claimed = await this.#session.query<{ bucket_start: Date; has_source: boolean }>(
      readPackageFile('src/usage/rollup/claim-buckets.sql'),
      [subject, buckets, [own?.source ?? EVENTS]],
    );
    const computable = claimed.filter((row) => row.has_source).map((row) => row.bucket_start);
    for (const row of claimed.filter((one) => !one.has_source)) {
      this.#withoutSource.add(keyOf(subject, row.bucket_start));
    }
    if (computable.length === 0) {
      return 0;
    }
    await this.#session.run("set local work_mem = '64MB'");
    for (const span of spansOfBuckets(own?.grain ?? 'hour', computable)) {
      for (const target of targets) {
        await this.#replace(target, span);
      }
    }
    await this.#markDependents(own, targets, computable);
    const removed = await this.#session.query(
      'delete from analytics.rollup_marks where subject = $1 and bucket_start = any ($2::timestamptz[]) returning 1',
      [subject, computable],
    );
    this.#marks += removed.length;
    return computable.length;
  }

  /** Replaces the rows of a span with what its source gives. */
  async #replace(rollup: Rollup, { from, to }: TimeRange): Promise<void> {
    const startedMs = performance.now();
    const [removed, written] = await replaceRows(this.#session, rollup, { from, to });
    const before = this.#done.get(rollup.name);
    this.#done.set(rollup.name, {
      rollup: rollup.name,
      buckets: (before?.buckets ?? 0) + 1,
      rowsRemoved: (before?.rowsRemoved ?? 0) + removed,
      rowsWritten: (before?.rowsWritten ?? 0) + written,
      durationMs: (before?.durationMs ?? 0) + performance.now() - startedMs,
    });
  }

  /** Always, even where a mark is there: whoever deletes that one may not see what was written here. */
  async #markDependents(
    own: Rollup | undefined,
    changed: readonly Rollup[],
    buckets: readonly Date[],
  ): Promise<void> {
    for (const rollup of this.#options.rollups) {
      const sumsEvents = !own && isFromEvents(rollup) && !changed.includes(rollup);
      const sumsChanged = changed.some(({ name }) => name === rollup.source);
      if (sumsEvents || sumsChanged) {
        const starts = new Set(buckets.map((bucket) => bucketStart(rollup.grain, bucket).getTime()));
        await markBuckets(
          this.#session,
          rollup.name,
          [...starts].map((time) => new Date(time)),
        );
      }
    }
  }
}

/** @returns how many rows were removed and how many written */
async function replaceRows(
  session: Session,
  rollup: Rollup,
  { from, to }: TimeRange,
): Promise<[number, number]> {
  const table = qualifiedTable(rollup);
  const removed = await session.query<{ rows: bigint }>(
    `with removed as (
       delete from ${table} where bucket_start >= $1::timestamptz and bucket_start < $2::timestamptz returning 1
     )
     select count(*) as rows from removed`,
    [from, to],
  );
  const written = await session.query<{ rows: bigint }>(
    `with written as (\n${insertSql(rollup)}\nreturning 1\n)\nselect count(*) as rows from written`,
    [from, to],
  );
  return [Number(removed[0]!.rows), Number(written[0]!.rows)];
}

/** The statement that writes the rows of a span: $1 its beginning, $2 its end. */
export function insertSql(rollup: Rollup): string {
  const isEvents = isFromEvents(rollup);
  const from = isEvents ? 'analytics.usage_events' : qualifiedTable({ name: rollup.source });
  const time = isEvents ? 'e.event_time' : 'e.bucket_start';
  const query = rollupQuery(rollup, {
    engine: 'postgresql',
    from,
    where: `${time} >= $1::timestamptz and ${time} < $2::timestamptz`,
  });
  return `insert into ${qualifiedTable(rollup)} (${rollupColumns(rollup).join(', ')})\n${query}`;
}

function keyOf(subject: string, bucketStart: Date): string {
  return `${subject}/${bucketStart.getTime()}`;
}
