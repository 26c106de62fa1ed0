/** What a trend is read from: the coarsest rollup that can tell it, with its live tail, else the events themselves. */

import { TOKEN_BUCKETS } from '../event.js';
import { type Grain, isAtLeastAsFine } from '../grain.js';
import { mergeQuery, rollupQuery } from './compile.js';
import { parseCondition } from './condition.js';
import { liveRows } from './live.js';
import { EVENTS, type Measure, type Rollup } from './rollup.js';
import { sourceColumn } from './source-columns.js';

const named = (name: string) => ({ name, meaning: name });
const counted = (name: string, where: string): Measure => ({
  kind: 'count',
  ...named(name),
  where: parseCondition(where),
});

/** What a trend shows of each bucket, by the names that a rollup must have them under. */
const TREND_MEASURES: readonly Measure[] = [
  { kind: 'count', ...named('requests'), where: undefined },
  counted('errors', 'status >= 400 or error_type is not null'),
  counted('usage_unknown', 'not usage_known'),
  counted('cost_unknown', 'cost_nanos is null'),
  ...TOKEN_BUCKETS.map(([, column]): Measure => ({ kind: 'sum', ...named(column), column })),
  { kind: 'cost', ...named('cost_nanos'), column: 'cost_nanos' },
  { kind: 'percentiles', ...named('latency'), column: 'latency_us' },
];

export interface TrendSource {
  /** The rollup that is read; `undefined` for the events. */
  readonly rollup: string | undefined;
  /** The query: $1 the beginning and $2 the end, $3 an organization and $4 models where they are asked for. */
  readonly sql: string;
}

export interface TrendNeeds {
  readonly grain: Grain;
  readonly byOrganization: boolean;
  readonly byModel: boolean;
}

export function trendSource(rollups: readonly Rollup[], needs: TrendNeeds): TrendSource {
  const { grain, byOrganization, byModel } = needs;
  const where = [
    ...(byOrganization ? ['e.organization_id = $3::uuid'] : []),
    ...(byModel ? [`e.model_id = any ($${byOrganization ? 4 : 3}::integer[])`] : []),
  ].join(' and ');
  const condition = where === '' ? 'true' : where;
  const rollup = rollups
    .filter((one) => canTell(one, needs))
    .sort((a, b) => (isAtLeastAsFine(a.grain, b.grain) ? 1 : -1))[0];
  const common = { engine: 'postgresql', grain, dimensions: ['currency'] } as const;
  if (rollup) {
    const rows = liveRows(rollup, rollups, {
      from: '$1::timestamptz',
      to: '$2::timestamptz',
      where: condition,
    });
    return {
      rollup: rollup.name,
      sql: ordered(mergeQuery(withTrendMeasures(rollup), { ...common, from: rows })),
    };
  }
  const span = 'e.event_time >= $1::timestamptz and e.event_time < $2::timestamptz';
  const events = withTrendMeasures({ source: EVENTS, grain });
  return {
    rollup: undefined,
    sql: ordered(
      rollupQuery(events, { ...common, from: 'analytics.usage_events', where: `${span} and ${condition}` }),
    ),
  };
}

function canTell(rollup: Rollup, { grain, byOrganization, byModel }: TrendNeeds): boolean {
  const dimensions = rollup.dimensions.map(({ name }) => name);
  return (
    isAtLeastAsFine(rollup.grain, grain) &&
    (!byOrganization || dimensions.includes('organization_id')) &&
    (!byModel || dimensions.includes('model_id')) &&
    TREND_MEASURES.every(({ name, kind }) =>
      rollup.measures.some((measure) => measure.name === name && measure.kind === kind),
    )
  );
}

function withTrendMeasures(rollup: Pick<Rollup, 'source' | 'grain'>): Rollup {
  return {
    ...rollup,
    name: 'trend',
    description: '',
    dimensions: [sourceColumn('currency')!],
    measures: TREND_MEASURES,
    retentionMs: undefined,
    settleMs: 0,
  };
}

function ordered(sql: string): string {
  return `${sql}\norder by bucket_start, currency`;
}
