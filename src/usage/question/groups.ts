/**
 * Usage by group: who used most, and what a total is made of. The groups that are shown are ranked in the database
 * where a rollup answers, so that a million organizations are no more than the ten that are asked for.
 */
import type { Session } from '../../database/index.js';
import { inSpan } from '../../telemetry/index.js';
import { USAGE_ERRORS } from '../errors.js';
import { DEFAULT_CURRENCY } from '../event.js';
import { bucketStart, type TimeRange } from '../grain.js';
import { explainMissingSchema } from '../missing-schema.js';
import { OTHER, otherValue } from '../rollup/other-value.js';
import { sourceColumn } from '../rollup/source-columns.js';
import { bucketBounds, checkRange, spanBefore } from './buckets.js';
import { type ColumnFilter, columnFilter, type UsageFilter } from './filter.js';
import { inOneSnapshot } from './one-snapshot.js';
import { type Asking, questionRows, type RankMeasure, type UsageSource } from './rows.js';
import { grouped, sumsOf, type UsageRow, type UsageSums } from './sums.js';
import { checkTimeZone } from './time-zone.js';

/** What usage is grouped by, and the columns of that. */
const GROUPS = {
  organization: ['organization_id'],
  provider: ['model_id'],
  model: ['model_id'],
  key: ['organization_id', 'api_key_id'],
  user: ['organization_id', 'user_id'],
  operation: ['operation'],
  status: ['status'],
  region: ['region'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type GroupBy = keyof typeof GROUPS;

export const GROUPINGS = Object.keys(GROUPS) as readonly GroupBy[];

export interface GroupOptions extends TimeRange, UsageFilter, Asking {
  readonly by: GroupBy;
  /** What ranks the groups; `requests` unless given. */
  readonly measure?: RankMeasure;
  /** Whose cost ranks; USD unless given. */
  readonly currency?: string;
  /** How many groups are shown, 1 to 10,000; 10 unless given. */
  readonly limit?: number;
  /** Whose hours the span is made of, and its months where there is one before it; UTC unless given. */
  readonly timeZone?: string;
  /** Tell the span before, too. */
  readonly compare?: boolean;
}

export interface UsageGroup extends UsageSums {
  /** The values that make the group: `provider` and `model`, else the columns of events; `__other__` for those beyond a cap. */
  readonly key: Readonly<Record<string, string | number | null>>;
  /** The group's part of what ranks, of all that was asked for; 0 when that is nothing. */
  readonly share: number;
  /** The same group in the span before. */
  readonly before?: UsageSums;
}

export interface UsageGroups {
  readonly by: GroupBy;
  readonly measure: RankMeasure;
  readonly currency: string;
  readonly range: TimeRange;
  readonly timeZone: string;
  readonly source: UsageSource;
  /** The one with the most first. */
  readonly groups: readonly UsageGroup[];
  /** Of everything that was asked for, in groups that are shown or not. */
  readonly total: UsageSums;
  readonly before?: { readonly range: TimeRange; readonly total: UsageSums };
}

/**
 * The groups with the most, over the whole hours of a span.
 * @throws USAGE_RANGE_INVALID, USAGE_OPTION_INVALID, USAGE_HISTORY_UNREACHABLE, USAGE_SCHEMA_MISSING
 * @example
 * const top = await usageGroups(session, { rollups, from, to, by: 'organization', measure: 'cost', limit: 20 });
 */
export async function usageGroups(session: Session, options: GroupOptions): Promise<UsageGroups> {
  const {
    by,
    measure = 'requests',
    currency = DEFAULT_CURRENCY,
    timeZone = 'UTC',
    compare = false,
  } = options;
  checkTimeZone(timeZone);
  checkRange(options);
  const limit = checkedLimit(options.limit ?? 10);
  checkCurrency(currency);
  const range = wholeHours(options, timeZone);
  return inSpan('plinth.usage.groups', {}, () =>
    explainMissingSchema('read usage by group', () =>
      inOneSnapshot(session, async () => {
        const filter = await columnFilter(session, options);
        const ask = { ...options, timeZone, filter };
        const bounds = [range.from, range.to];
        const most = by === 'provider' ? undefined : { measure, currency, count: limit };
        const { rows, source } = await questionRows(session, {
          ...ask,
          bounds,
          groupBy: GROUPS[by],
          ...(most ? { most } : {}),
        });
        const names = await modelNames(session, by);
        const found = groupsOf(by, rows, names);
        // Rows that were not ranked are all there are, and so are fewer groups than asked for: nothing is read twice.
        const isAll = !most || source.rollup === undefined || found.length < limit;
        const total = sumsOf(
          isAll ? rows : (await questionRows(session, { ...ask, bounds, groupBy: [] })).rows,
        );
        const rank = (sums: UsageSums): bigint => rankOf(sums, measure, currency);
        const shown = found.sort((a, b) => compareGroups(a, b, rank)).slice(0, limit);
        const before = compare
          ? await spanOfGroups(session, { ...ask, by, names, range: spanBefore(range, timeZone), shown })
          : undefined;
        const whole = Number(rank(total));
        return {
          by,
          measure,
          currency,
          range,
          timeZone,
          source,
          groups: shown.map(({ key, sums, text }) => ({
            key,
            share: whole === 0 ? 0 : Number(rank(sums)) / whole,
            ...sums,
            ...(before ? { before: before.byKey.get(text) ?? sumsOf([]) } : {}),
          })),
          total,
          ...(before ? { before: { range: before.range, total: before.total } } : {}),
        };
      }),
    ),
  );
}

/** Those of the zone's clocks; a span of whole hours of UTC, which rollups can tell, stays as it is. */
function wholeHours({ from, to }: TimeRange, timeZone: string): TimeRange {
  if ([from, to].every((time) => bucketStart('hour', time).getTime() === time.getTime())) {
    return { from, to };
  }
  const hours = bucketBounds('hour', timeZone, { from, to });
  return { from: hours[0]!, to: hours.at(-1)! };
}

function checkedLimit(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) {
    throw USAGE_ERRORS.OPTION_INVALID({
      message: `Cannot show ${limit} groups (1 to 10,000 were wanted)`,
      details: { option: 'limit' },
    });
  }
  return limit;
}

function checkCurrency(currency: string): void {
  if (!/^[A-Z]{3}$/.test(currency)) {
    throw USAGE_ERRORS.OPTION_INVALID({
      message: `Cannot rank by cost in '${currency}' (a currency code such as USD was wanted)`,
      details: { option: 'currency' },
    });
  }
}

interface Group {
  readonly key: UsageGroup['key'];
  readonly text: string;
  /** A row of it, for its columns. */
  readonly row: UsageRow;
  readonly sums: UsageSums;
}

type ModelNames = ReadonlyMap<number, { readonly provider: string; readonly model: string }>;

function groupsOf(by: GroupBy, rows: readonly UsageRow[], names: ModelNames): Group[] {
  const keyOf = (row: UsageRow): UsageGroup['key'] => {
    if (by === 'provider' || by === 'model') {
      const { provider, model } = nameOf(row.model_id as number, names);
      return by === 'model' ? { provider, model } : { provider };
    }
    return Object.fromEntries(GROUPS[by].map((column) => [column, shownValue(column, row[column])]));
  };
  return [...grouped(rows, (row) => JSON.stringify(keyOf(row)))].map(([text, own]) => ({
    key: keyOf(own[0]!),
    text,
    row: own[0]!,
    sums: sumsOf(own),
  }));
}

type ModelName = { readonly provider: string | null; readonly model: string | null };

function nameOf(model: number, names: ModelNames): ModelName {
  const isOther = shownValue('model_id', model) === OTHER;
  return names.get(model) ?? { provider: isOther ? OTHER : null, model: isOther ? OTHER : null };
}

/** What stands for values beyond a cap, by the name that people know. */
function shownValue(column: string, value: unknown): string | number | null {
  return value === otherValue(sourceColumn(column)!) ? OTHER : (value as string | number | null);
}

/** The most first; then in the order in which the database ranks. */
function compareGroups(a: Group, b: Group, rank: (sums: UsageSums) => bigint): number {
  const difference = rank(b.sums) - rank(a.sums);
  return difference === 0n ? (a.text < b.text ? -1 : 1) : difference > 0n ? 1 : -1;
}

function rankOf(sums: UsageSums, measure: RankMeasure, currency: string): bigint {
  switch (measure) {
    case 'requests':
      return sums.requests;
    case 'errors':
      return sums.errors;
    case 'tokens':
      return sums.inputTokens + sums.outputTokens;
    case 'cost':
      return sums.costs.find((cost) => cost.currency === currency)?.nanos ?? 0n;
  }
}

async function modelNames(session: Session, by: GroupBy): Promise<ModelNames> {
  if (by !== 'model' && by !== 'provider') {
    return new Map();
  }
  const rows = await session.query<{ id: number; provider: string; model: string }>(
    'select id, provider, name as model from analytics.models',
  );
  return new Map(rows.map(({ id, provider, model }) => [id, { provider, model }]));
}

interface BeforeWanted extends Asking {
  readonly by: GroupBy;
  readonly names: ModelNames;
  readonly range: TimeRange;
  readonly timeZone: string;
  readonly filter: ColumnFilter;
  readonly shown: readonly Group[];
}

/** The same groups in another span, and the total of it. */
async function spanOfGroups(session: Session, wanted: BeforeWanted) {
  const { by, names, range, shown, filter } = wanted;
  const bounds = [range.from, range.to];
  const only = Object.fromEntries(
    GROUPS[by]
      .filter((column) => by !== 'provider' && !(column in filter))
      .map((column) => [column, [...new Set(shown.map(({ row }) => row[column] as string | number | null))]]),
  );
  const ask = { ...wanted, bounds };
  const { rows } =
    shown.length === 0 ? { rows: [] } : await questionRows(session, { ...ask, only, groupBy: GROUPS[by] });
  const { rows: all } = await questionRows(session, { ...ask, groupBy: [] });
  return {
    range,
    byKey: new Map(groupsOf(by, rows, names).map(({ text, sums }) => [text, sums])),
    total: sumsOf(all),
  };
}
