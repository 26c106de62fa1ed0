/** The columns of a file of history, and an event as the text that is hashed: the same in PostgreSQL and in DuckDB. */

interface HistoryColumn {
  readonly name: string;
  /** Its type in DuckDB, and in the file. */
  readonly type: 'uuid' | 'bigint' | 'integer' | 'smallint' | 'boolean' | 'varchar' | 'timestamptz';
  /** What PostgreSQL gives for it, where that is not the column of the event. */
  readonly from?: string;
}

/** Version of the columns: what `usage_segments.format` holds. */
export const FORMAT = 1;

/** The model by name, too: a file is readable without the database. */
const HISTORY_COLUMNS: readonly HistoryColumn[] = [
  { name: 'organization_id', type: 'uuid' },
  { name: 'event_time', type: 'timestamptz' },
  { name: 'event_id', type: 'uuid' },
  { name: 'ingested_at', type: 'timestamptz' },
  { name: 'input_uncached_tokens', type: 'bigint' },
  { name: 'input_cache_read_tokens', type: 'bigint' },
  { name: 'input_cache_write_tokens', type: 'bigint' },
  { name: 'output_text_tokens', type: 'bigint' },
  { name: 'output_reasoning_tokens', type: 'bigint' },
  { name: 'ttft_us', type: 'bigint' },
  { name: 'latency_us', type: 'bigint' },
  { name: 'cost_nanos', type: 'bigint' },
  { name: 'model_id', type: 'integer' },
  { name: 'status', type: 'smallint' },
  { name: 'usage_known', type: 'boolean' },
  { name: 'api_key_id', type: 'uuid' },
  { name: 'user_id', type: 'uuid' },
  { name: 'price_id', type: 'uuid' },
  { name: 'batch_id', type: 'uuid' },
  { name: 'provider', type: 'varchar', from: 'm.provider' },
  { name: 'model', type: 'varchar', from: 'm.name' },
  { name: 'operation', type: 'varchar' },
  { name: 'currency', type: 'varchar' },
  { name: 'cost_source', type: 'varchar' },
  { name: 'source', type: 'varchar' },
  { name: 'region', type: 'varchar' },
  { name: 'error_type', type: 'varchar' },
  { name: 'parts', type: 'varchar' },
];

/** The models `m` beside events `e`, also for an event whose model is not known: nothing enforces it. */
export const WITH_MODELS = 'left join analytics.models as m on m.id = e.model_id';

/** What `copy … to` selects, from `analytics.usage_events` or a partition as `e` and the models as `m`. */
export const COPIED = HISTORY_COLUMNS.map(({ name, type, from }) =>
  type === 'timestamptz' ? microseconds(`e.${name}`) : (from ?? `e.${name}`),
).join(', ');

function microseconds(expression: string): string {
  return `(extract(epoch from ${expression}) * 1000000)::bigint`;
}

/** The columns of the copied rows as DuckDB reads them; times are microseconds until they are made times. */
export const CSV_COLUMNS = HISTORY_COLUMNS.map(
  ({ name, type }) => `'${name}': '${type === 'timestamptz' ? 'bigint' : type}'`,
).join(', ');

/** The rows of a CSV file with their times made. */
export const FROM_CSV = HISTORY_COLUMNS.map(({ name, type }) =>
  type === 'timestamptz' ? `make_timestamptz(${name}) as ${name}` : name,
).join(', ');

/** Count, sums and hash of the events `e` (with their models `m`), on PostgreSQL. */
export const POSTGRES_SUMS = sums(
  `('x' || substr(md5(${text((column) =>
    column.type === 'timestamptz'
      ? microseconds(`e.${column.name}`)
      : column.type === 'boolean'
        ? `e.${column.name}::integer`
        : (column.from ?? `e.${column.name}`),
  )}), 1, 15))::bit(60)::bigint`,
  'e.',
);

/** The same of rows with the columns of a file, in DuckDB. */
export const DUCKDB_SUMS = sums(
  `('0x' || substr(md5(${text((column) =>
    column.type === 'timestamptz'
      ? `epoch_us(${column.name})`
      : column.type === 'boolean'
        ? `${column.name}::integer`
        : column.name,
  )}), 1, 15))::bigint`,
  '',
);

/** Columns as text with a bar between; null is a tilde, which no column is. */
function text(expression: (column: HistoryColumn) => string): string {
  return HISTORY_COLUMNS.map((column) => `coalesce((${expression(column)})::text, '~')`).join(" || '|' || ");
}

function sums(hash: string, prefix: string): string {
  const tokens = HISTORY_COLUMNS.filter(({ name }) => name.endsWith('_tokens')).map(
    ({ name }) => prefix + name,
  );
  return [
    'count(*)::text as events',
    `coalesce(sum(${tokens.join(' + ')}), 0)::text as tokens`,
    `coalesce(sum(${prefix}cost_nanos), 0)::text as cost_nanos`,
    `coalesce(sum(${hash}), 0)::text as row_hash`,
  ].join(', ');
}

/** What events come to; equal where the events are. */
export interface EventSums {
  readonly events: string;
  readonly tokens: string;
  readonly cost_nanos: string;
  readonly row_hash: string;
}

export function areEqual(a: EventSums, b: EventSums): boolean {
  return (
    a.events === b.events &&
    a.tokens === b.tokens &&
    a.cost_nanos === b.cost_nanos &&
    a.row_hash === b.row_hash
  );
}
