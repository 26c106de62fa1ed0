/** Answers as plain tables, for CSV and Parquet: names in snake_case, one figure a column, a cost for each currency. */
import type { Money } from '../event.js';
import { TOKEN_BUCKETS } from '../event.js';
import type { StoredUsageEvent } from '../stored-event.js';
import type { UsageGroups } from './groups.js';
import type { UsageSums } from './sums.js';
import type { UsageTrend } from './trend.js';

type CellType = 'varchar' | 'bigint' | 'decimal(38, 0)' | 'double' | 'timestamptz' | 'boolean';
type Cell = string | number | bigint | boolean | Date | undefined | null;

export interface AnswerTable {
  /** Names, and types of DuckDB. */
  readonly columns: readonly { readonly name: string; readonly type: CellType }[];
  readonly rows: readonly (readonly Cell[])[];
}

/** How a thing becomes a cell of a column. */
interface ColumnOf<Item> {
  readonly name: string;
  readonly type: CellType;
  readonly cell: (item: Item) => Cell;
}

/** A row for each bucket. */
export function trendTable(trend: UsageTrend): AnswerTable {
  const { points, before, total } = trend;
  const currencies = currenciesOf([total, ...(before ? [before.total] : [])]);
  const items = points.map((point, index) => ({ point, before: before?.points[index] }));
  return tableOf<(typeof items)[number]>(items, [
    { name: 'bucket_start', type: 'timestamptz', cell: ({ point }) => point.bucketStart },
    { name: 'bucket_end', type: 'timestamptz', cell: ({ point }) => point.bucketEnd },
    ...sumColumns<(typeof items)[number]>('', currencies, ({ point }) => point),
    ...(before ? sumColumns<(typeof items)[number]>('before_', currencies, (item) => item.before!) : []),
  ]);
}

/** A row for each group that is shown. */
export function groupsTable({ groups, before, total }: UsageGroups): AnswerTable {
  const currencies = currenciesOf([total, ...(before ? [before.total] : [])]);
  type Group = UsageGroups['groups'][number];
  return tableOf<Group>(groups, [
    ...Object.keys(groups[0]?.key ?? {}).map(
      (name): ColumnOf<Group> => ({
        name,
        type: name === 'status' ? 'bigint' : 'varchar',
        cell: ({ key }) => key[name],
      }),
    ),
    { name: 'share', type: 'double', cell: ({ share }) => share },
    ...sumColumns<Group>('', currencies, (group) => group),
    ...(before ? sumColumns<Group>('before_', currencies, (group) => group.before!) : []),
  ]);
}

/** A row for each event, with the columns of `analytics.usage_events` and the model by name. */
export function eventsTable(events: readonly StoredUsageEvent[]): AnswerTable {
  return tableOf<StoredUsageEvent>(events, [
    { name: 'event_time', type: 'timestamptz', cell: (event) => event.eventTime },
    { name: 'event_id', type: 'varchar', cell: (event) => event.eventId },
    { name: 'organization_id', type: 'varchar', cell: (event) => event.organizationId },
    { name: 'api_key_id', type: 'varchar', cell: (event) => event.apiKeyId },
    { name: 'user_id', type: 'varchar', cell: (event) => event.userId },
    { name: 'provider', type: 'varchar', cell: (event) => event.provider },
    { name: 'model', type: 'varchar', cell: (event) => event.model },
    { name: 'operation', type: 'varchar', cell: (event) => event.operation },
    { name: 'region', type: 'varchar', cell: (event) => event.region },
    { name: 'status', type: 'bigint', cell: (event) => event.status },
    { name: 'error_type', type: 'varchar', cell: (event) => event.errorType },
    ...TOKEN_BUCKETS.map(
      ([bucket, name]): ColumnOf<StoredUsageEvent> => ({
        name,
        type: 'bigint',
        cell: ({ tokens }) => tokens?.[bucket],
      }),
    ),
    { name: 'ttft_us', type: 'bigint', cell: (event) => event.ttftUs },
    { name: 'latency_us', type: 'bigint', cell: (event) => event.latencyUs },
    { name: 'cost_nanos', type: 'bigint', cell: (event) => event.cost?.nanos },
    { name: 'currency', type: 'varchar', cell: (event) => event.currency },
    { name: 'cost_source', type: 'varchar', cell: (event) => event.cost?.source },
    { name: 'source', type: 'varchar', cell: (event) => event.source },
    { name: 'parts', type: 'varchar', cell: ({ parts }) => parts && JSON.stringify(parts) },
    { name: 'batch_id', type: 'varchar', cell: (event) => event.batchId },
    { name: 'ingested_at', type: 'timestamptz', cell: (event) => event.ingestedAt },
  ]);
}

/** The table as CSV (RFC 4180 with line feeds): a header, times in UTC, nothing for what is not known. */
export function tableCsv({ columns, rows }: AnswerTable): string {
  const lines = [columns.map(({ name }) => name), ...rows.map((row) => row.map(cellText))];
  return lines.map((line) => `${line.join(',')}\n`).join('');
}

function cellText(cell: Cell): string {
  if (cell === undefined || cell === null) {
    return '';
  }
  const text = cell instanceof Date ? cell.toISOString() : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function tableOf<Item>(items: readonly Item[], columns: readonly ColumnOf<Item>[]): AnswerTable {
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: items.map((item) => columns.map(({ cell }) => cell(item))),
  };
}

function currenciesOf(totals: readonly { readonly costs: readonly Money[] }[]): string[] {
  return [...new Set(totals.flatMap(({ costs }) => costs.map(({ currency }) => currency)))].sort();
}

function sumColumns<Item>(
  prefix: string,
  currencies: readonly string[],
  sumsOf: (item: Item) => UsageSums,
): ColumnOf<Item>[] {
  const column = (name: string, type: CellType, cell: (sums: UsageSums) => Cell): ColumnOf<Item> => ({
    name: prefix + name,
    type,
    cell: (item) => cell(sumsOf(item)),
  });
  return [
    column('requests', 'bigint', ({ requests }) => requests),
    column('errors', 'bigint', ({ errors }) => errors),
    column('error_rate', 'double', ({ errorRate }) => errorRate),
    column('input_tokens', 'bigint', ({ inputTokens }) => inputTokens),
    column('output_tokens', 'bigint', ({ outputTokens }) => outputTokens),
    ...TOKEN_BUCKETS.map(([bucket, name]) => column(name, 'bigint', ({ tokens }) => tokens[bucket])),
    column('usage_unknown', 'bigint', ({ usageUnknown }) => usageUnknown),
    ...currencies.map((currency) =>
      column(
        `cost_nanos_${currency.toLowerCase()}`,
        'decimal(38, 0)',
        ({ costs }) => costs.find((cost) => cost.currency === currency)?.nanos ?? 0n,
      ),
    ),
    column('cost_unknown', 'bigint', ({ costUnknown }) => costUnknown),
    column('latency_p50_us', 'double', ({ latency }) => latency?.p50Us),
    column('latency_p95_us', 'double', ({ latency }) => latency?.p95Us),
    column('latency_p99_us', 'double', ({ latency }) => latency?.p99Us),
  ];
}
