import type { Dialect, StoredType } from './dialect.js';

const TYPES: Readonly<Partial<Record<StoredType, string>>> = {
  money: 'decimal(38, 0)',
  text: 'varchar',
  'small-list': 'smallint[]',
  'big-list': 'bigint[]',
};

/** DuckDB with `TimeZone` set to UTC, as `openDuckDb` does. */
export const duckDbDialect: Dialect = {
  name: 'duckdb',
  type: (type) => TYPES[type] ?? type,
  bucketStart: (grain, time) =>
    grain === 'quarter-hour'
      ? `time_bucket(interval '15 minutes', ${time}, timestamptz '2000-01-01 00:00:00+00')`
      : `date_trunc('${grain}', ${time})`,
  histogramBucket: (us) =>
    `(case when ${us} <= 1 then 0 when ${us} >= 86400000000 then 1260 else ceil(ln(${us}::double) / ln(1.0202::double)) end)::smallint`,
  hash48: (value) => `('0x' || substr(sha256(${value}::varchar), 1, 12))::bigint`,
  bitLength: (value) => `length(ltrim(bin(${value}), '0'))`,
  // The cast comes last: DuckDB evaluates what it casts also where the filter does not hold.
  list: (expression, key, filter, type) =>
    `coalesce(list(${expression} order by ${key}) filter (where ${filter}), [])::${TYPES[type]}`,
  listText: (list) => `array_to_string(${list}, ',')`,
  unnestPairs: (keys, values) =>
    `lateral (select unnest(${keys}) as key, unnest(${values}) as value) as pair`,
};
