/**
 * Records events as they come, many with one statement: what a gateway calls for each request. A call waits until its
 * event is in the database, so an answer means that it is kept; while one batch is on its way the next one gathers.
 * A batch that is refused is recorded one by one, so that a bad event fails alone.
 */
import { readPackageFile } from '../core/index.js';
import type { Database, Session } from '../database/index.js';
import { USAGE_ERRORS } from './errors.js';
import { TOKEN_BUCKETS, type UsageEvent } from './event.js';
import { explainMissingSchema } from './missing-schema.js';
import { modelIds } from './models.js';
import {
  DEFAULT_SOURCE,
  type RecordedEvent,
  type RecordOptions,
  recordUsageEvent,
  settledEvent,
} from './record-event.js';

const RECORD_EVENTS = readPackageFile('src/usage/record-events.sql');

export interface RecorderOptions extends RecordOptions {
  /** Most events of one statement; 500 unless given. */
  readonly batchEvents?: number;
  /**
   * How long the first event of a batch waits for others, in milliseconds; 5 unless given. While a batch is on its
   * way the next one waits for it anyway, so under load this does not matter.
   */
  readonly waitMs?: number;
  /** Most events that wait; beyond it calls are refused instead of filling the memory. 50,000 unless given. */
  readonly queueEvents?: number;
}

export interface UsageRecorder {
  /**
   * Records an event; resolves when it is in the database. Safe to repeat with the same `eventId`.
   * @throws USAGE_EVENT_INVALID, USAGE_PARTITION_MISSING, USAGE_SCHEMA_MISSING; USAGE_RECORDER_FULL when too many wait;
   * USAGE_RECORDER_CLOSED after `close`
   */
  record(event: UsageEvent): Promise<RecordedEvent>;
  /** Resolves when all that was given is recorded or refused, and gives the connection back. */
  close(): Promise<void>;
}

interface Waiting {
  readonly event: UsageEvent;
  resolve(recorded: RecordedEvent): void;
  reject(error: unknown): void;
}

/**
 * @example
 * const recorder = openUsageRecorder(database, { findPrices });
 * await recorder.record({ organizationId, eventTime, provider, model, operation: 'chat', status: 200, tokens, currency: 'USD' });
 */
export function openUsageRecorder(database: Database, options: RecorderOptions = {}): UsageRecorder {
  const { batchEvents = 500, waitMs = 5, queueEvents = 50_000 } = options;
  let waiting: Waiting[] = [];
  let session: Session | undefined;
  let running: Promise<void> | undefined;
  let isClosed = false;
  const models = new Map<string, number>();

  const connected = async (): Promise<Session> => {
    if (!session?.isOpen) {
      session = await database.connect();
    }
    return session;
  };
  const drain = async (): Promise<void> => {
    if (waiting.length < batchEvents && !isClosed) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchEvents);
      waiting = waiting.slice(batchEvents);
      await keep({ connect: connected, models, options }, batch);
    }
    running = undefined;
  };
  return {
    record: (event) => {
      if (isClosed) {
        return Promise.reject(
          USAGE_ERRORS.RECORDER_CLOSED({ message: 'Cannot record a usage event: the recorder is closed' }),
        );
      }
      if (waiting.length >= queueEvents) {
        return Promise.reject(
          USAGE_ERRORS.RECORDER_FULL({
            message: `Cannot record a usage event: ${waiting.length} wait already (at most ${queueEvents} were wanted)`,
          }),
        );
      }
      return new Promise((resolve, reject) => {
        waiting.push({ event, resolve, reject });
        running ??= drain();
      });
    },
    close: async () => {
      isClosed = true;
      await running;
      await session?.close();
    },
  };
}

interface Keeper {
  connect(): Promise<Session>;
  /** Numbers of the models that have been seen, by name. */
  readonly models: Map<string, number>;
  readonly options: RecordOptions;
}

async function keep(keeper: Keeper, batch: readonly Waiting[]): Promise<void> {
  let session: Session;
  try {
    session = await keeper.connect();
  } catch (error) {
    batch.forEach(({ reject }) => {
      reject(error);
    });
    return;
  }
  try {
    const recorded = await keepTogether(session, keeper, batch);
    batch.forEach(({ resolve }, index) => {
      resolve(recorded[index]!);
    });
  } catch {
    for (const { event, resolve, reject } of batch) {
      await recordUsageEvent(session, event, keeper.options).then(resolve, reject);
    }
  }
}

async function keepTogether(
  session: Session,
  { models, options }: Keeper,
  batch: readonly Waiting[],
): Promise<RecordedEvent[]> {
  const settled = batch.map(({ event }) => settledEvent(event, options));
  await learnModels(session, models, batch);
  const rows = batch.map(({ event }, index) => rowOf(event, settled[index]!, models.get(modelKey(event))!));
  const inserted = await session.query<{ event_id: string }>(
    RECORD_EVENTS,
    [JSON.stringify(rows), options.source ?? DEFAULT_SOURCE],
    { name: 'plinth_record_events' },
  );
  const isNew = new Set(inserted.map(({ event_id }) => event_id));
  // An event that comes twice in one batch is new once.
  return settled.map((one) => ({ ...one, isNew: isNew.delete(one.eventId.toLowerCase()) }));
}

async function learnModels(
  session: Session,
  models: Map<string, number>,
  batch: readonly Waiting[],
): Promise<void> {
  const unseen = new Map(
    batch
      .filter(({ event }) => !models.has(modelKey(event)))
      .map(({ event }) => [modelKey(event), { provider: event.provider, name: event.model }] as const),
  );
  if (unseen.size > 0) {
    const ids = await explainMissingSchema('record usage events', () =>
      modelIds(session, [...unseen.values()]),
    );
    [...unseen.keys()].forEach((key, index) => {
      models.set(key, ids[index]!);
    });
  }
}

function modelKey({ provider, model }: UsageEvent): string {
  return `${provider}\0${model}`;
}

function rowOf(event: UsageEvent, { eventId, cost }: Omit<RecordedEvent, 'isNew'>, modelId: number): object {
  const { tokens } = event;
  return {
    organization_id: event.organizationId,
    event_id: eventId,
    api_key_id: event.apiKeyId,
    user_id: event.userId,
    model_id: modelId,
    operation: event.operation,
    region: event.region,
    status: event.status,
    error_type: event.errorType,
    tokens: tokens && TOKEN_BUCKETS.map(([bucket]) => tokens[bucket]),
    ttft_us: event.ttftUs,
    latency_us: event.latencyUs,
    price_id: cost?.priceId,
    cost_nanos: cost?.nanos.toString(),
    currency: event.currency,
    cost_source: cost?.source,
    parts: event.parts,
  };
}
