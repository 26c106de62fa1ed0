import type { Dialect, StoredType } from './dialect.js';

const TYPES: Readonly<Partial<Record<StoredType, string>>> = {
  // 2^63 events of a cost below 2^63 need 38 digits.
  money: 'numeric(38, 0)',
  'small-list': 'smallint[]',
  'big-list': 'bigint[]',
};

/** PostgreSQL 15 and newer, with the functions of the migration `latency_histogram`. */
export const postgresDialect: Dialect = {
  name: 'postgresql',
  type: (type) => TYPES[type] ?? type,
  bucketStart: (grain, time) =>
    grain === 'quarter-hour'
      ? `date_bin(interval '15 minutes', ${time}, timestamptz '2000-01-01 00:00:00+00')`
      : `date_trunc('${grain}', ${time}, 'UTC')`,
  histogramBucket: (us) => `analytics.latency_bucket(${us})`,
  hash48: (value) =>
    `('x' || encode(substr(sha256(convert_to(${value}::text, 'UTF8')), 1, 6), 'hex'))::bit(48)::bigint`,
  slot: (uuid) => `(uuid_hash(${uuid}) & 65535)`,
  ordered: (value, type) => (type === 'text' ? `${value} collate "C"` : value),
  bitLength: (value) => `length(ltrim((${value})::bit(48)::text, '0'))`,
  pairLists: (filter, [keys, values]) => [
    arrayOf('sketch_key', filter, TYPES[keys]!),
    arrayOf('sketch_value', filter, TYPES[values]!),
  ],
  listText: (list) => `array_to_string(${list}, ',')`,
  unnested: (from, keys, values) =>
    `${from} as e cross join lateral unnest(e.${keys}, e.${values}) as pair (pair_key, pair_value)`,
};

function arrayOf(column: string, filter: string, type: string): string {
  return `coalesce(array_agg(${column}::${type.slice(0, -2)} order by sketch_key) filter (where ${filter}), '{}')`;
}
