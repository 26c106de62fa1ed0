/**
 * Brings rollups up to their source by the marks: for a bucket that has some, everything is recomputed in one
 * snapshot, and exactly the marks that this snapshot sees are deleted, in one transaction. A transaction that
 * changed events is then either in the snapshot, and counted, or its mark survives and the bucket is done again.
 *
 * Marks of `usage_events` are hours. An hour brings the rollups of events by hour or finer up to date at once, and
 * marks what is coarser or sums these rollups: those are recomputed by their own marks, after they have settled.
 *
 * Any number of workers may run at once, here and in other processes.
 *
 * A run ends though writers never do: it takes what is marked in passes, in each of which every rollup has its turn,
 * and computes a bucket at most twice. What one busy tenant marks over and over comes last in a pass, by itself, so
 * that the others do not wait for it.
 */
import { isPlinthError, type OnProgress, readPackageFile, silent } from '../../core/index.js';
import { type Session, sqlstateOf } from '../../database/index.js';
import { inSpan } from '../../telemetry/index.js';
import { cancellable } from '../cancellation.js';
import { bucketStarts, isAtLeastAsFine, nextBucket } from '../grain.js';
import type { HistoryFiles } from '../history/segments.js';
import { explainMissingSchema } from '../missing-schema.js';
import { BUCKET_WIDTHS } from './bucket-widths.js';
import { bucketsOfHistory, withHistory } from './from-history.js';
import { type MarkedBucket, markBuckets, markedBuckets, spansOfBuckets } from './marks.js';
import type { Pace } from './pace.js';
import { replaceFromHistory, replaceRows } from './replace-rows.js';
import { EVENTS, isFromEvents, type Rollup, rollupNamed } from './rollup.js';

export interface RefreshOptions {
  readonly rollups: readonly Rollup[];
  /** Leave buckets for now whose marks are younger than what their rollup wants them to settle. */
  readonly settling?: boolean;
  /** What earlier rounds of the same worker took: leaves buckets for now that have had their share of its time. */
  readonly pace?: Pace;
  /** Where the history is; buckets that have events there are left as they are without it. */
  readonly history?: HistoryFiles;
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
  /** Marked buckets that were left: they settle or rest, another worker has them, or they were marked meanwhile. */
  readonly left: number;
  /**
   * Marked buckets whose rows stay as they are: their source has left for good, and so do their marks, or it is in a
   * history that was not given.
   */
  readonly withoutSource: number;
  readonly durationMs: number;
}

/** Most buckets of one transaction. */
const BUCKETS_AT_ONCE = 24;

/** A bucket with more marks than this is busy: it has a transaction of its own, after the others. */
const BUSY_MARKS = 100;

/** Codes of a file of the history that cannot be read. */
const UNREADABLE = /^(USAGE_SEGMENT_DIFFERS|STORAGE_[A-Z_]+)$/;

/** How often one run computes one bucket at most. */
const MOST_TIMES = 2;

/**
 * Works off what is marked. Alone with a database at rest it leaves nothing that can be worked off.
 * @throws USAGE_SCHEMA_MISSING; USAGE_CANCELLED when the signal is given: what was finished stays; USAGE_SEGMENT_DIFFERS or
 * STORAGE_… after all others are done, when a file of the history cannot be read
 */
export async function refreshRollups(session: Session, options: RefreshOptions): Promise<Refresh> {
  return inSpan('plinth.usage.roll_up', {}, async (span) => {
    const startedMs = performance.now();
    const run = new RefreshRun(session, options);
    await explainMissingSchema(WHAT, () => run.workOff());
    if (run.failure) {
      throw run.failure;
    }
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
  /** How often each bucket was computed. */
  readonly #computed = new Map<string, number>();
  /** The first file that could not be read. */
  failure: Error | undefined;
  /** All of these errors. */
  readonly #held = new Set<unknown>();
  #worked = 0;
  #marks = 0;
  #conflicts = 0;
  #left = 0;

  constructor(session: Session, options: RefreshOptions) {
    this.#session = session;
    this.#options = options;
  }

  async workOff(): Promise<void> {
    const { onProgress = silent } = this.#options;
    // Others have all of it where nothing was worked off: what they leave is for their next round or ours.
    while ((await this.#pass()) > 0) {}
    const marked = await markedBuckets(this.#session);
    this.#left = marked.filter((one) => !this.#withoutSource.has(keyOf(one))).length;
    onProgress({ task: WHAT, state: 'done' });
  }

  /** One turn for every rollup, what the others sum first. Returns how many buckets were worked off. */
  async #pass(): Promise<number> {
    const { rollups, onProgress = silent, signal } = this.#options;
    let worked = 0;
    for (const subject of [EVENTS, ...rollups.map(({ name }) => name)]) {
      const ready = (await markedBuckets(this.#session, subject)).filter((one) => this.#isReady(one));
      let open = ready.length;
      for (const task of this.#tasksOf(subject, ready)) {
        onProgress({ task: WHAT, done: this.#worked, total: this.#worked + open, unit: 'buckets' });
        const done = await cancellable(this.#session, signal, WHAT, () => this.#attempt(task));
        open -= task.buckets.length;
        worked += done;
        this.#worked += done;
      }
    }
    return worked;
  }

  report(durationMs: number): Refresh {
    const rollups = this.#options.rollups.flatMap(({ name }) => this.#done.get(name) ?? []);
    return {
      rollups,
      marks: this.#marks,
      conflicts: this.#conflicts,
      left: this.#left,
      withoutSource: this.#withoutSource.size,
      durationMs,
    };
  }

  /** The newest first, and at last the busy ones, the busiest at the end. */
  #tasksOf(subject: string, ready: readonly MarkedBucket[]): Task[] {
    const grain = rollupNamed(this.#options.rollups, subject)?.grain ?? 'hour';
    const isBusy = ({ marks }: MarkedBucket): boolean => marks > BUSY_MARKS;
    const calm = ready.filter((one) => !isBusy(one)).map((one) => one.bucketStart);
    const spans = spansOfBuckets(grain, calm, BUCKETS_AT_ONCE).reverse();
    const busy = ready.filter(isBusy).sort((a, b) => a.marks - b.marks);
    return [
      ...spans.map(({ from, to }) => ({ subject, buckets: calm.filter((one) => one >= from && one < to) })),
      ...busy.map((one) => ({ subject, buckets: [one.bucketStart] })),
    ];
  }

  #isReady({ subject, bucketStart, ageMs }: MarkedBucket): boolean {
    const { pace } = this.#options;
    const key = keyOf({ subject, bucketStart });
    if (this.#withoutSource.has(key) || this.#times(key) >= MOST_TIMES || pace?.isResting(key)) {
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

  #times(key: string): number {
    return this.#computed.get(key) ?? 0;
  }

  /** @returns how many buckets were worked off; none when another worker was in the way */
  async #attempt(task: Task): Promise<number> {
    const startedMs = performance.now();
    try {
      const computed = await this.#session.transaction(() => this.#recompute(task), 'repeatable read');
      const tookMs = (performance.now() - startedMs) / computed.length;
      for (const bucketStart of computed) {
        const key = keyOf({ subject: task.subject, bucketStart });
        this.#computed.set(key, this.#times(key) + 1);
        this.#options.pace?.worked(key, tookMs);
      }
      return computed.length;
    } catch (error) {
      if (this.#held.has(error)) {
        // The others of the task are tried again.
        return 1;
      }
      if (CONFLICTS.includes(sqlstateOf(error) ?? '')) {
        this.#conflicts += 1;
        // The other one has made progress.
        return 1;
      }
      throw error;
    }
  }

  /** @returns the buckets that it computed */
  async #recompute({ subject, buckets }: Task): Promise<readonly Date[]> {
    const own = rollupNamed(this.#options.rollups, subject);
    const targets = own ? [own] : this.#ofEventsByHour();
    // Before the snapshot: then no partition is detached between what it sees and what is read.
    await this.#session.run('lock table only analytics.usage_events in access share mode');
    const isEvents = targets.some(isFromEvents);
    const claimed = await this.#session.query<ClaimedBucket>(
      readPackageFile('src/usage/rollup/claim-buckets.sql'),
      [subject, buckets, [own?.source ?? EVENTS], isEvents ? BUCKET_WIDTHS[own?.grain ?? 'hour'] : null],
    );
    const { history } = this.#options;
    const isComputable = (row: ClaimedBucket): boolean =>
      row.has_source && (!row.in_history || history !== undefined);
    for (const row of claimed.filter((one) => !isComputable(one))) {
      this.#withoutSource.add(keyOf({ subject, bucketStart: row.bucket_start }));
    }
    const startsOf = (rows: readonly ClaimedBucket[]): Date[] => rows.map((row) => row.bucket_start);
    // A horizon never goes back: what marks ask for here can never be done.
    await this.#deleteMarks(subject, startsOf(claimed.filter((row) => !row.has_source)));
    const computable = claimed.filter(isComputable);
    if (computable.length === 0) {
      return [];
    }
    await this.#session.run("set local work_mem = '64MB'");
    const grain = own?.grain ?? 'hour';
    for (const span of spansOfBuckets(grain, startsOf(computable.filter((row) => !row.in_history)))) {
      for (const target of targets) {
        await this.#replace(target, () => replaceRows(this.#session, target, span));
      }
    }
    const cold = startsOf(computable.filter((row) => row.in_history));
    try {
      for (const span of spansOfBuckets(grain, cold, bucketsOfHistory(grain))) {
        await withHistory(this.#session, span, history, async (events) => {
          for (const target of targets) {
            await this.#replace(target, () => replaceFromHistory(this.#session, target, span, events));
          }
        });
      }
    } catch (error) {
      this.#noteFailure(error, subject, cold);
      throw error;
    }
    return this.#finish(own, targets, { subject, buckets: startsOf(computable) });
  }

  /** A file that cannot be read holds up its own buckets and no others. */
  #noteFailure(error: unknown, subject: string, cold: readonly Date[]): void {
    if (isPlinthError(error) && UNREADABLE.test(error.code)) {
      this.failure ??= error;
      for (const bucket of cold) {
        this.#withoutSource.add(keyOf({ subject, bucketStart: bucket }));
      }
      this.#held.add(error);
    }
  }

  /** Deletes the marks that the snapshot sees, and marks what is made of these buckets. */
  async #finish(
    own: Rollup | undefined,
    targets: readonly Rollup[],
    { subject, buckets: computable }: Task,
  ): Promise<readonly Date[]> {
    await this.#markDependents(own, targets, computable);
    await this.#deleteMarks(subject, computable);
    return computable;
  }

  async #deleteMarks(subject: string, buckets: readonly Date[]): Promise<void> {
    if (buckets.length > 0) {
      const removed = await this.#session.query(
        'delete from analytics.rollup_marks where subject = $1 and bucket_start = any ($2::timestamptz[]) returning 1',
        [subject, buckets],
      );
      this.#marks += removed.length;
    }
  }

  /** Replaces the rows of a span with what its source gives. */
  async #replace(rollup: Rollup, replacing: () => Promise<readonly [number, number]>): Promise<void> {
    const startedMs = performance.now();
    const [removed, written] = await replacing();
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
        const starts = new Set(
          buckets.flatMap((from) => {
            const span = { from, to: nextBucket(own?.grain ?? 'hour', from) };
            return bucketStarts(rollup.grain, span).map((start) => start.getTime());
          }),
        );
        await markBuckets(
          this.#session,
          rollup.name,
          [...starts].map((time) => new Date(time)),
        );
      }
    }
  }
}

interface ClaimedBucket {
  readonly bucket_start: Date;
  readonly has_source: boolean;
  readonly in_history: boolean;
}

function keyOf({ subject, bucketStart }: Pick<MarkedBucket, 'subject' | 'bucketStart'>): string {
  return `${subject}/${bucketStart.getTime()}`;
}
