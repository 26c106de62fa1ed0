/**
 * Imports usage events from a file or a stream: all of them or none, in one transaction, in constant memory.
 * Rows are copied to a temporary table and go from there to the events with "on conflict do nothing"; an event
 * has the same id however often it comes, so importing a file again adds nothing.
 */
import { type OnProgress, readPackageFile, silent } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import { inSpan } from '../../telemetry/index.js';
import { cancellable, untilCancelled } from '../cancellation.js';
import { explainClosedDay } from '../closed-day.js';
import { USAGE_ERRORS } from '../errors.js';
import { explainMissingSchema } from '../missing-schema.js';
import { modelIds } from '../models.js';
import { ensureUsagePartitions, spansOfDays } from '../partitions.js';
import type { PriceList } from '../price/price-list.js';
import { priceFinder } from '../price/price-timeline.js';
import { EventStream } from './event-stream.js';
import type { EventTotals } from './event-totals.js';
import { formatNamed } from './formats.js';
import { mappedFormat } from './mapped-format.js';
import type { Mapping } from './mapping.js';
import { BAD_ROWS, type BadRows, type Reject } from './rejects.js';
import { type CheckedScope, checkedScope, type ImportScope } from './scope.js';
import { STAGED_COLUMNS } from './staged-row.js';
import type { TraceFormat } from './trace-format.js';
import { type OpenInput, openInput, type UsageInput } from './usage-input.js';

export interface ImportOptions extends ImportScope {
  readonly input: UsageInput;
  /** The name of a format; told from the first line unless given. */
  readonly format?: string;
  /**
   * Who reported the events: 1 to 64 of a-z, 0-9, dot, underscore, colon and hyphen. It is part of the identity
   * of events without an id, so the same file under another source is other events. The format's unless given.
   */
  readonly source?: string;
  /** How the columns of a file of another format become events; see `readMapping`. */
  readonly mapping?: Mapping;
  /** What becomes of rows that are no valid events: `quarantine` unless given. */
  readonly badRows?: BadRows;
  /** Prices for events that bring no cost; see `readPriceList`. Without them such costs are unknown. */
  readonly prices?: PriceList;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface ImportResult {
  /** The import's row in `analytics.import_batches`. */
  readonly batchId: string;
  readonly format: string;
  readonly source: string;
  readonly rowsRead: number;
  readonly rowsInserted: number;
  /** Rows whose event was there already, or came twice in the file. */
  readonly rowsDuplicate: number;
  /** Rows that are no valid events: they are in `analytics.usage_rejects`, with the reason. */
  readonly rowsRejected: number;
  /** The first of them, at most ten. */
  readonly rejects: readonly Omit<Reject, 'content'>[];
  /** Sums over all events read, duplicates included: what the file holds. */
  readonly totals: EventTotals;
  readonly partitionsCreated: number;
  readonly durationMs: number;
  readonly rowsPerSecond: number;
}

/**
 * Imports a file. Formats: an Azure LLM trace, a Mooncake trace, spans as OTLP JSON, Plinth's events as CSV, JSON lines
 * or Parquet, and any columns with a mapping.
 *
 * A row that is no valid event is set aside with the reason, unless `badRows` is `refuse`.
 *
 * @throws USAGE_TRACE_MALFORMED, USAGE_COLUMN_UNKNOWN and USAGE_FORMAT_UNKNOWN naming line and column;
 * USAGE_REJECTS_TOO_MANY; USAGE_SCOPE_MISSING, USAGE_OPTION_INVALID, USAGE_DAYS_TOO_MANY, USAGE_SCHEMA_MISSING, FILE_NOT_READ;
 * USAGE_CANCELLED when the signal is given. Nothing is changed then.
 * @example
 * await importUsage(session, {
 *   input: { path: 'trace.csv' }, organizationId, provider: 'acme', model: 'large', prices,
 * });
 */
export async function importUsage(session: Session, options: ImportOptions): Promise<ImportResult> {
  return inSpan('plinth.usage.import', {}, async (span) => {
    const result = await importInput(session, options, openInput(options.input));
    span.setAttributes({ 'plinth.rows': result.rowsRead, 'plinth.rows_inserted': result.rowsInserted });
    return result;
  });
}

const WHAT = 'import usage';
/** The second task of an import: from the staging table to the events. */
const KEEPING = 'store usage';

const explained = <T>(work: () => Promise<T>): Promise<T> =>
  explainMissingSchema(WHAT, () => explainClosedDay(WHAT, work));

async function importInput(
  session: Session,
  options: ImportOptions,
  input: OpenInput,
): Promise<ImportResult> {
  const startedMs = performance.now();
  const { onProgress = silent, signal } = options;
  const format = options.mapping ? await mappedFormat(options.mapping) : namedFormat(options.format);
  const stream = eventStream({ ...options, onProgress }, { input, format, scope: checkedScope(options) });
  const outcome = await explained(() =>
    session.transaction(async () => {
      await session.run(readPackageFile('src/usage/import/staging.sql'));
      await session.copyIn(
        `copy pg_temp.usage_import (${STAGED_COLUMNS.join(', ')}) from stdin`,
        stream.rows(),
      );
      onProgress({ task: WHAT, state: 'done' });
      onProgress({ task: KEEPING });
      return cancellable(session, signal, WHAT, () => keepStaged(session, stream, input));
    }),
  );
  onProgress({ task: KEEPING, state: 'done' });
  const durationMs = performance.now() - startedMs;
  const totals = stream.tally.totals();
  return {
    ...outcome,
    format: stream.format.name,
    source: stream.source,
    rowsRead: totals.rows + stream.rejects.rows.length,
    rowsDuplicate: totals.rows - outcome.rowsInserted,
    rowsRejected: stream.rejects.rows.length,
    rejects: stream.rejects.rows.slice(0, 10).map(({ content: _, ...told }) => told),
    totals,
    durationMs,
    rowsPerSecond: Math.round((totals.rows / durationMs) * 1000),
  };
}

interface Opened {
  readonly input: OpenInput;
  readonly format: TraceFormat | undefined;
  readonly scope: CheckedScope;
}

function namedFormat(name: string | undefined): TraceFormat | undefined {
  return name === undefined ? undefined : formatNamed(name);
}

function eventStream(
  options: ImportOptions & Required<Pick<ImportOptions, 'onProgress'>>,
  { input, format, scope }: Opened,
): EventStream {
  const { source, badRows, onProgress } = options;
  if (badRows !== undefined && !BAD_ROWS.includes(badRows)) {
    throw USAGE_ERRORS.OPTION_INVALID({
      message: `Cannot import usage: the option badRows has another form (${BAD_ROWS.join(' or ')} was wanted)`,
      details: { option: 'badRows' },
    });
  }
  if (source !== undefined && !/^[a-z0-9][a-z0-9._:-]{0,63}$/.test(source)) {
    throw USAGE_ERRORS.OPTION_INVALID({
      message:
        'Cannot import usage: the option source has another form (1 to 64 of a-z, 0-9, dot, underscore, colon and hyphen was wanted)',
      details: { option: 'source' },
    });
  }
  return new EventStream({
    name: input.name,
    chunks: untilCancelled(input.chunks, options.signal, WHAT),
    format,
    source,
    scope,
    findPrices: priceFinder(options.prices ?? []),
    badRows: options.badRows ?? 'quarantine',
    onRead: (bytes) => onProgress({ task: WHAT, done: bytes, total: input.totalBytes, unit: 'bytes' }),
  });
}

type Kept = Pick<ImportResult, 'batchId' | 'rowsInserted' | 'partitionsCreated'>;

/** From the staging table to the events, with the days and models that they need and the batch they are in. */
async function keepStaged(session: Session, stream: EventStream, input: OpenInput): Promise<Kept> {
  const partitionsCreated = await ensureDays(session, stream.tally.days, input.name);
  const models = await modelIds(session, stream.models);
  const [batch] = await session.query<{ id: string }>('select analytics.uuid_v7_at(clock_timestamp()) as id');
  const batchId = batch!.id;
  // The events are sorted on their way; a setting of the transaction, gone with it.
  await session.run("set local work_mem = '64MB'");
  const [row] = await session.query<{ inserted: bigint }>(
    readPackageFile('src/usage/import/insert-staged.sql'),
    [batchId, stream.source, models],
  );
  const rowsInserted = Number(row!.inserted);
  await session.query(INSERT_BATCH, [
    batchId,
    stream.source,
    input.fileName,
    input.fileName === undefined ? null : input.sha256 ? await input.sha256() : stream.sha256(),
    stream.tally.rows + stream.rejects.rows.length,
    rowsInserted,
    stream.tally.rows - rowsInserted,
    stream.rejects.rows.length,
  ]);
  await keepRejects(session, batchId, stream.rejects.rows);
  return { batchId, rowsInserted, partitionsCreated };
}

const INSERT_BATCH = `
  insert into analytics.import_batches
    (id, source, file_name, file_sha256, rows_read, rows_inserted, rows_duplicate, rows_rejected, finished_at, outcome)
  values ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp(), 'succeeded')`;

const INSERT_REJECTS = `
  insert into analytics.usage_rejects (batch_id, line_number, column_number, field, reason, content)
  select $1, line, "column", field, reason, content
  from jsonb_to_recordset($2::jsonb) as r (line bigint, "column" integer, field text, reason text, content text)`;

async function keepRejects(session: Session, batchId: string, rejects: readonly Reject[]): Promise<void> {
  if (rejects.length > 0) {
    await session.query(INSERT_REJECTS, [batchId, JSON.stringify(rejects)]);
  }
}

/** As many days as the database makes at once. */
const MOST_DAYS = 1100;

async function ensureDays(session: Session, days: ReadonlySet<number>, file: string): Promise<number> {
  if (days.size > MOST_DAYS) {
    throw USAGE_ERRORS.DAYS_TOO_MANY({
      message: `Cannot import ${file}: its events lie on ${days.size} days (at most ${MOST_DAYS} were wanted)`,
      details: { days: days.size },
    });
  }
  let created = 0;
  for (const span of spansOfDays(days)) {
    created += await ensureUsagePartitions(session, span);
  }
  return created;
}
