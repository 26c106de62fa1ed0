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
  slot: (uuid) => `(hash(${uuid}) % 65536)`,
  ordered: (value) => value,
  bitLength: (value) => `length(ltrim(bin(${value}), '0'))`,
  pairLists: (filter, [keys, values]) => {
    // One number a pair, so that one plain list is sorted: ordered lists sort for each group and each list by itself.
    const pairs = `list_sort(coalesce(list((sketch_key << 44) | sketch_value) filter (where ${filter}), []))`;
    return [
      `list_transform(${pairs}, lambda pair : pair >> 44)::${TYPES[keys]}`,
      `list_transform(${pairs}, lambda pair : pair & 17592186044415)::${TYPES[values]}`,
    ];
  },
  listText: (list) => `array_to_string(${list}, ',')`,
  unnested: (from, keys, values) =>
    `(select *, unnest(${keys}) as pair_key, unnest(${values}) as pair_value from ${from} as source) as e`,
};
