/**
 * Recomputes rollups from their events. Each grain comes straight from the events, not from the finer grain:
 * then a row equals its events by construction, whatever happened to other rollups, and no grain needs another
 * one to be there. What that costs is a scan of the span for each grain; by minute there are nearly as many
 * rows as events, so summing those up would not be cheaper.
 *
 * A span is replaced in one transaction over one snapshot: readers see the old rows or the new ones, an event
 * that is committed meanwhile is in the next run, and running again changes nothing.
 */
import { type OnProgress, silent } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import { inSpan } from '../../telemetry/index.js';
import { cancellable } from '../cancellation.js';
import { GRAINS, type Grain, readGrainSql, type TimeRange, wholeBuckets } from '../grain.js';
import { explainMissingSchema } from '../missing-schema.js';

export interface RollUpOptions {
  /** Which rollups: those that are kept are `minute`, `hour`, `day` and `month`. */
  readonly grains: readonly Grain[];
  /** From when on, widened to whole buckets of each grain; the first event unless given. */
  readonly from?: Date;
  /** Until when, excluded and widened likewise; the last event unless given. */
  readonly to?: Date;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** What became of one grain. */
export interface GrainRollUp {
  readonly grain: Grain;
  /** The whole buckets that were replaced; `undefined` when there was nothing to sum and nothing to remove. */
  readonly range: TimeRange | undefined;
  readonly rowsRemoved: number;
  readonly rowsWritten: number;
  readonly durationMs: number;
}

/**
 * Recomputes the buckets that a span touches, finest grain first. Without `from` and `to` everything: also rows
 * whose events are gone.
 * @throws USAGE_RANGE_INVALID, USAGE_SCHEMA_MISSING; USAGE_CANCELLED when the signal is given, nothing changed
 */
export async function rollUpUsage(session: Session, options: RollUpOptions): Promise<GrainRollUp[]> {
  const grains = GRAINS.filter((grain) => options.grains.includes(grain));
  return inSpan('plinth.usage.roll_up', { 'plinth.grains': grains }, () =>
    explainMissingSchema(WHAT, () =>
      session.transaction(
        () => cancellable(session, options.signal, WHAT, () => replaceAll(session, grains, options)),
        'repeatable read',
      ),
    ),
  );
}

const WHAT = 'roll up usage';

async function replaceAll(
  session: Session,
  grains: readonly Grain[],
  options: RollUpOptions,
): Promise<GrainRollUp[]> {
  // Locked before the first query takes the snapshot: of two runs the second sees what the first one wrote.
  for (const grain of grains) {
    await session.run(readGrainSql('rollup/lock.sql', grain));
  }
  const done: GrainRollUp[] = [];
  for (const grain of grains) {
    done.push(await replaceGrain(session, grain, options));
    (options.onProgress ?? silent)({ task: WHAT, done: done.length, total: grains.length, unit: 'grains' });
  }
  (options.onProgress ?? silent)({ task: WHAT, state: 'done' });
  return done;
}

async function replaceGrain(session: Session, grain: Grain, options: RollUpOptions): Promise<GrainRollUp> {
  const startedMs = performance.now();
  const range = await affectedRange(session, grain, options);
  const [rowsRemoved, rowsWritten] = range ? await replaceRange(session, grain, range) : [0, 0];
  return { grain, range, rowsRemoved, rowsWritten, durationMs: performance.now() - startedMs };
}

async function affectedRange(
  session: Session,
  grain: Grain,
  { from, to }: RollUpOptions,
): Promise<TimeRange | undefined> {
  if (from && to) {
    return wholeBuckets(grain, { from, to });
  }
  const [extent] = await session.query<{ first: Date | null; last: Date | null }>(
    readGrainSql('rollup/extent.sql', grain),
  );
  const { first, last } = extent!;
  if (!first || !last) {
    return undefined;
  }
  return wholeBuckets(grain, { from: from ?? first, to: to ?? new Date(last.getTime() + 1) });
}

async function replaceRange(
  session: Session,
  grain: Grain,
  { from, to }: TimeRange,
): Promise<[number, number]> {
  const [removed] = await session.query<{ rows: bigint }>(readGrainSql('rollup/remove.sql', grain), [
    from,
    to,
  ]);
  const [written] = await session.query<{ rows: bigint }>(readGrainSql('rollup/roll-up.sql', grain), [
    grain,
    from,
    to,
  ]);
  return [Number(removed!.rows), Number(written!.rows)];
}
