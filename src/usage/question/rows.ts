/** The rows that answer a question: by bucket, by the dimensions that are grouped by, and by currency. */
import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import { USAGE_ERRORS } from '../errors.js';
import { GRAINS, type Grain, type TimeRange } from '../grain.js';
import type { HistoryFiles } from '../history/segments.js';
import { eventsQuery, mergeQuery } from '../rollup/compile.js';
import { anyDirtySql, type LiveOptions, liveRows } from '../rollup/live.js';
import { EVENTS, type Rollup } from '../rollup/rollup.js';
import { sourceColumn } from '../rollup/source-columns.js';
import type { QuestionGrain } from './buckets.js';
import { type ColumnFilter, filterSql } from './filter.js';
import { type FoldedValues, foldedValues } from './folded.js';
import { lateRows } from './late.js';
import { inOneSnapshot } from './one-snapshot.js';
import { answerMeasures, type ChosenRollup, chosenRollup } from './source.js';
import { askEvents } from './spanning.js';
import { type Statement, statement } from './statement.js';
import type { UsageRow } from './sums.js';

/** What an answer was read from. */
export interface UsageSource {
  /** The rollup, read with its live tail; `undefined` for the events. */
  readonly rollup: string | undefined;
  /** Why the events were read. */
  readonly why: string | undefined;
  /** Whether latencies could be told. */
  readonly hasPercentiles: boolean;
  /** Files of the history that were read. */
  readonly files: number;
  /** Values that stand as `__other__`, by what is grouped by; left out where there are none. */
  readonly folded?: readonly FoldedValues[];
}

/** What every question has. */
export interface Asking {
  readonly rollups: readonly Rollup[];
  /** Where the history is; a question whose events are there needs it. */
  readonly history?: HistoryFiles;
  /** Read the events where no rollup has percentiles. */
  readonly percentiles?: boolean;
}

/** The groups with the most of a measure. */
export interface Most {
  readonly measure: RankMeasure;
  /** Whose cost ranks. */
  readonly currency: string;
  readonly count: number;
}

export const RANK_MEASURES = ['requests', 'tokens', 'cost', 'errors'] as const;
export type RankMeasure = (typeof RANK_MEASURES)[number];

export interface RowsWanted extends Asking {
  /** Where buckets begin, and the last one ends; two for one bucket. */
  readonly bounds: readonly Date[];
  /** The grain of the buckets, and their zone; they let the engine compute what is a bucket of UTC. */
  readonly grain?: QuestionGrain;
  readonly timeZone: string;
  readonly groupBy: readonly string[];
  readonly filter: ColumnFilter;
  /** Values of what is grouped by, as an answer showed them, to which this one is narrowed as well. */
  readonly only?: ColumnFilter;
  /** Only these groups, where a rollup answers. */
  readonly most?: Most;
}

/** Days of events that are read for one organization, and for all of them. */
const MOST_DAYS = { one: 400, all: 93 } as const;

/** The rows, as of one moment with all that is read to find them. */
export function questionRows(session: Session, wanted: RowsWanted): Promise<QuestionRows> {
  return inOneSnapshot(session, () => ask(session, wanted));
}

export interface QuestionRows {
  readonly source: UsageSource;
  readonly rows: readonly UsageRow[];
}

async function ask(session: Session, wanted: RowsWanted): Promise<QuestionRows> {
  const { bounds, groupBy, rollups } = wanted;
  const range = { from: bounds[0]!, to: bounds.at(-1)! };
  const filter = { ...wanted.filter, ...wanted.only };
  const dimensions = [...new Set([...groupBy, ...Object.keys(filter)])];
  const choice = chosenRollup(rollups, {
    dimensions,
    bounds,
    wantsPercentiles: wanted.percentiles ?? false,
    horizons: await rollupHorizons(session),
  });
  const folded = choice.rollup
    ? await foldedValues(session, choice.rollup, rollups, { range, dimensions, filter })
    : [];
  const hidden = folded.find(({ dimension }) => dimension in wanted.filter);
  if (choice.rollup && !hidden) {
    const { rollup, hasPercentiles } = choice;
    const { rows, files } = await askRollup(session, choice, { ...wanted, filter }, range);
    const others = folded.filter(({ dimension }) => groupBy.includes(dimension));
    const source = { rollup: rollup.name, why: undefined, hasPercentiles, files };
    return { rows, source: others.length > 0 ? { ...source, folded: others } : source };
  }
  const why = choice.rollup
    ? `${choice.rollup.name} has folded values of ${hidden!.dimension} beyond its cap`
    : choice.why;
  checkExtent(range, filter, why);
  const { rows, files } = await askEvents<UsageRow>(
    session,
    { range, filter, history: wanted.history },
    ({ from, where, to }) =>
      eventsQuery(shaped({ source: EVENTS, grain: 'hour' }, groupBy, true), {
        ...shape(wanted, to),
        from: withBuckets(wanted, to, from, where),
        where: isListed(wanted) && to.engine === 'duckdb' ? 'true' : where,
      }),
  );
  return { rows, source: { rollup: undefined, why, hasPercentiles: true, files } };
}

function checkExtent({ from, to }: TimeRange, filter: ColumnFilter, why: string): void {
  const most = filter.organization_id ? MOST_DAYS.one : MOST_DAYS.all;
  const days = Math.ceil((to.getTime() - from.getTime()) / 86_400_000);
  if (days > most) {
    throw USAGE_ERRORS.RANGE_INVALID({
      message: `Cannot read the events of ${days} days${filter.organization_id ? '' : ' of all organizations'} (${most} at most were wanted): they were to be read because ${why}`,
    });
  }
}

/** From when on what rollups sum, and they themselves, are whole. */
async function rollupHorizons(session: Session): Promise<ReadonlyMap<string, Date>> {
  const rows = await session.query<{ subject: string; complete_from: Date }>(
    'select subject, complete_from from analytics.rollup_horizons',
  );
  return new Map(rows.map(({ subject, complete_from }) => [subject, complete_from]));
}

/**
 * With what came late for days in the history, where there is such: looked for in the snapshot of the answer, so that no
 * bucket moves there in between. Whether any bucket is dirty is asked first: the live tail takes longer to plan than a
 * month of rows takes to read.
 */
async function askRollup(
  session: Session,
  choice: ChosenRollup,
  wanted: RowsWanted,
  range: TimeRange,
): Promise<{ readonly rows: readonly UsageRow[]; readonly files: number }> {
  const to = statement('postgresql');
  const about = { ...wanted, range };
  const [found] = await session.query<{ is_dirty: boolean }>(anyDirtySql(choice.rollup, wanted.rollups), [
    range.from,
    range.to,
  ]);
  const late = found!.is_dirty ? await lateRows(session, choice.rollup, about, to) : undefined;
  const live = { isClean: !found!.is_dirty, ...(late ? { late: late.rows } : {}) };
  const sql = rollupSql(choice, about, to, live);
  return { rows: await session.query<UsageRow>(sql, to.values), files: late?.files ?? 0 };
}

function rollupSql(
  { rollup, hasPercentiles }: ChosenRollup,
  wanted: RowsWanted & { readonly range: TimeRange },
  to: Statement,
  tail: Pick<LiveOptions, 'late' | 'isClean'>,
): string {
  const { range } = wanted;
  // What the answer does not show is not computed for the live tail.
  const shown = new Set(answerMeasures(hasPercentiles).map(({ name }) => name));
  const slim = (one: Rollup): Rollup => ({
    ...one,
    measures: one.measures.filter(({ name }) => shown.has(name)),
  });
  const live = liveRows(slim(rollup), wanted.rollups.map(slim), {
    from: to.value(range.from, 'timestamptz'),
    to: to.value(range.to, 'timestamptz'),
    where: filterSql(wanted.filter, to),
    ...tail,
  });
  const merged = (from: string): string =>
    mergeQuery(shaped(rollup, wanted.groupBy, hasPercentiles), { ...shape(wanted, to), from });
  // A part of the query for each measure reads its source: what was ranked is read once.
  return wanted.most
    ? `with ranked as materialized (\n${ranked(live, wanted.groupBy, wanted.most, to)}\n)\n${merged('ranked')}`
    : merged(live);
}

/** The rows of the groups that have the most. */
function ranked(
  live: string,
  groupBy: readonly string[],
  { measure, currency, count }: Most,
  to: Statement,
): string {
  const columns = groupBy.map(quoteIdentifier);
  const same = columns.map((name) => `l.${name} is not distinct from most.${name}`).join(' and ');
  const sums: Readonly<Record<RankMeasure, string>> = {
    requests: 'sum(r.requests)',
    errors: 'sum(r.errors)',
    tokens:
      'sum(r.input_uncached_tokens + r.input_cache_read_tokens + r.input_cache_write_tokens + r.output_text_tokens + r.output_reasoning_tokens)',
    cost: `coalesce(sum(r.cost_nanos) filter (where r.currency = ${measure === 'cost' ? to.value(currency, 'text') : "''"}), 0)`,
  };
  return `select l.* from ${live} as l
where exists (
  select from (
    select ${columns.join(', ')}
    from ${live} as r
    group by ${columns.join(', ')}
    order by ${sums[measure]} desc, ${columns.join(', ')}
    limit ${to.value(count, 'bigint')}
  ) as most
  where ${same}
)`;
}

/** A rollup of what an answer shows. */
function shaped(
  rollup: Pick<Rollup, 'source' | 'grain'>,
  groupBy: readonly string[],
  hasPercentiles: boolean,
): Rollup {
  return {
    ...rollup,
    name: 'question',
    description: '',
    dimensions: [...groupBy, 'currency'].map((name) => sourceColumn(name)!),
    measures: answerMeasures(hasPercentiles),
    caps: [],
    retentionMs: undefined,
    settleMs: 0,
  };
}

function shape(wanted: RowsWanted, to: Statement) {
  const { bounds, grain, timeZone } = wanted;
  if (bounds.length === 2) {
    const from = to.value(bounds[0], 'timestamptz');
    return { engine: to.engine, bucketStart: () => from };
  }
  if (timeZone === 'UTC' && isGrain(grain)) {
    return { engine: to.engine, grain };
  }
  if (to.engine === 'duckdb') {
    return { engine: to.engine, bucketStart: () => 'e.question_bucket' };
  }
  const starts = to.value(bounds.slice(0, -1), 'timestamptz[]');
  return {
    engine: to.engine,
    bucketStart: (time: string) => `(${starts})[width_bucket(${time}, ${starts})]`,
  };
}

/** Whether buckets are those of a list, and no function of the engine gives them. */
function isListed({ bounds, grain, timeZone }: RowsWanted): boolean {
  return bounds.length > 2 && !(timeZone === 'UTC' && isGrain(grain));
}

/** DuckDB finds the bucket in a list by a join, so it is put beside the rows. */
function withBuckets(wanted: RowsWanted, to: Statement, from: string, where: string): string {
  if (!isListed(wanted) || to.engine === 'postgresql') {
    return from;
  }
  const seconds = wanted.bounds.slice(0, -1).map((bound) => bound.getTime() / 1000);
  return `(
select e.*, b.question_bucket
from (select * from ${from} as e where ${where}) as e
asof join (select to_timestamp(unnest(${to.list(seconds, 'bigint')})) as question_bucket) as b
  on e.event_time >= b.question_bucket
)`;
}

function isGrain(grain: QuestionGrain | undefined): grain is Grain {
  return (GRAINS as readonly (string | undefined)[]).includes(grain);
}
