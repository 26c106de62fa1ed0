/** Events of one organization as they are, the newest first, wherever they are kept. */
import type { Session } from '../../database/index.js';
import { inSpan } from '../../telemetry/index.js';
import { USAGE_ERRORS } from '../errors.js';
import { TOKEN_BUCKETS } from '../event.js';
import type { TimeRange } from '../grain.js';
import type { HistoryFiles } from '../history/segments.js';
import { explainMissingSchema } from '../missing-schema.js';
import { type StoredEventRow, type StoredUsageEvent, storedEvent } from '../stored-event.js';
import { checkRange } from './buckets.js';
import { columnFilter, type UsageFilter } from './filter.js';
import { askNewestEvents } from './spanning.js';

export interface EventsOptions extends TimeRange, UsageFilter {
  readonly organizationId: string;
  /** How many at most, 1 to 1,000,000; 1,000 unless given. */
  readonly limit?: number;
  /** Where the history is; events of days that are there need it. */
  readonly history?: HistoryFiles;
}

/**
 * The newest events of a span, in the database and in the history, each once.
 * @throws USAGE_RANGE_INVALID, USAGE_OPTION_INVALID, USAGE_HISTORY_UNREACHABLE, USAGE_SCHEMA_MISSING
 * @example
 * const events = await usageEvents(session, { organizationId, from, to, model: 'sample-large-2', limit: 100 });
 */
export async function usageEvents(session: Session, options: EventsOptions): Promise<StoredUsageEvent[]> {
  const { from, to, history, limit = 1000 } = options;
  checkRange(options);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000_000) {
    throw USAGE_ERRORS.OPTION_INVALID({
      message: `Cannot read ${limit} events (1 to 1,000,000 were wanted)`,
      details: { option: 'limit' },
    });
  }
  return inSpan('plinth.usage.events', {}, () =>
    explainMissingSchema('read usage events', async () => {
      const filter = await columnFilter(session, options);
      const rows = await askNewestEvents<StoredEventRow>(
        session,
        { range: { from, to }, filter, history, limit },
        ({ from: source, where, to: statement }) =>
          statement.engine === 'postgresql'
            ? `select ${COLUMNS} from ${WITH_MODELS} as e where ${where} ${newestOf(statement.value(limit, 'bigint'))}`
            : // Sorted in one go, DuckDB would no longer skip the parts of files that the organization is not in.
              `with found as materialized (select ${COLUMNS} from ${source} as e where ${where})
               select * from found as e ${newestOf(statement.value(limit, 'bigint'))}`,
      );
      return rows.map(plainRow).sort(newestFirst).slice(0, limit).map(storedEvent);
    }),
  );
}

function newestOf(limit: string): string {
  return `order by e.event_time desc, e.event_id desc limit ${limit}`;
}

/** A file of the history names the models itself. */
const WITH_MODELS = `(
select u.*, m.provider, m.name as model
from analytics.usage_events as u
left join analytics.models as m on m.id = u.model_id
)`;

/** Nothing enforces that the dictionary has the model of an event. */
const MODEL_NAMES: readonly string[] = ['provider', 'model'];

const COLUMNS = [
  'event_id',
  'event_time',
  'ingested_at',
  'organization_id',
  'batch_id',
  'source',
  'api_key_id',
  'user_id',
  'provider',
  'model',
  'operation',
  'region',
  'status',
  'error_type',
  'usage_known',
  ...TOKEN_BUCKETS.map(([, column]) => column),
  'ttft_us',
  'latency_us',
  'price_id',
  'cost_nanos',
  'currency',
  'cost_source',
  'parts',
]
  .map((name) => (MODEL_NAMES.includes(name) ? `coalesce(e.${name}, 'unknown') as ${name}` : `e.${name}`))
  .join(', ');

/** Files hold `parts` as text. */
function plainRow(row: StoredEventRow): StoredEventRow {
  return typeof row.parts === 'string' ? { ...row, parts: JSON.parse(row.parts) } : row;
}

function newestFirst(a: StoredEventRow, b: StoredEventRow): number {
  return b.event_time.getTime() - a.event_time.getTime() || (a.event_id < b.event_id ? 1 : -1);
}
