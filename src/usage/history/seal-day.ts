/**
 * Moves a day of events to the history. The steps, each of which may be the last before a crash:
 *
 *   export    the partition's events, in one snapshot, into a Parquet file sorted by organization and time; late
 *             events of a day that is in the history already are merged with its file
 *   verify    the file, read back, has the count, sums and hash that PostgreSQL computes of the same events
 *   announce  the manifest names the file, which does not count yet: it is known even if nothing comes of it
 *   store     the file goes into the store, under a name that holds its hash: never over another
 *   record    under a lock that keeps writers out, the partition still comes to the same sums: the file counts, the
 *             one before it does not, and the partition is closed for changes, in one transaction
 *   detach    concurrently, outside a transaction: readers and writers of other days go on
 *   drop      the detached table
 *
 * What was reached is read from the database, so running it again goes on where it stopped; until `record` nothing has
 * changed but a file that does not count, which upkeep removes. A day whose late events are all in its file already
 * keeps that file.
 */
import { createHash } from 'node:crypto';
import { createWriteStream, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type OnProgress, readPackageFile, silent } from '../../core/index.js';
import { LOCK_NOT_AVAILABLE, type Session, sqlstateOf, waitingForLocks } from '../../database/index.js';
import type { ObjectStore } from '../../storage/index.js';
import { USAGE_ERRORS } from '../errors.js';
import { explainMissingSchema } from '../missing-schema.js';
import { areEqual, COPIED, type EventSums, POSTGRES_SUMS, WITH_MODELS } from './columns.js';
import { fetchSegment, type StoredSegment } from './fetch-segment.js';
import { announceSegment, type MadeFile, sealSegment } from './manifest.js';
import { dayRange, objectKey, usageSegments } from './segments.js';
import { makeWorkFolder, sweepWorkFolder } from './work-folder.js';
import { writeSegment } from './write-segment.js';

export type SealStep = 'export' | 'verify' | 'announce' | 'store' | 'record' | 'detach' | 'drop';

export interface SealOptions {
  /** Where the files go. */
  readonly store: ObjectStore;
  /** A folder for files that are being made; they go when the call ends, and what killed calls have left goes too. */
  readonly workFolder: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
  /** How long to wait for locks that others hold on the day, in milliseconds; 10,000 unless given. */
  readonly waitMs?: number;
  /** Called before each step, which waits for it. */
  readonly onStep?: (step: SealStep) => void | Promise<void>;
}

export interface SealedDay {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  /** `sealed`: it is in the history. `empty`: it held nothing, and is gone. `absent`: there was no partition. */
  readonly outcome: 'sealed' | 'empty' | 'absent';
  /** Events of the day in the history. */
  readonly events: number;
  readonly fileBytes: number;
}

/**
 * Moves a day to the history, or goes on with one that was cut off.
 *
 * @param day `YYYY-MM-DD`, UTC
 * @throws USAGE_DAY_NOT_READY while changes of it are not in the rollups; USAGE_SEGMENT_DIFFERS when the file does not
 * hold what the database does; USAGE_DAY_BUSY when writers or readers do not let it be closed in time; STORAGE_… when
 * the store refuses; USAGE_SCHEMA_MISSING, USAGE_CANCELLED
 */
export async function sealUsageDay(session: Session, day: string, options: SealOptions): Promise<SealedDay> {
  const { onStep, onProgress = silent, signal } = options;
  const step = async (name: SealStep): Promise<void> => {
    if (signal?.aborted) {
      throw USAGE_ERRORS.CANCELLED({ message: `Stopped before the step '${name}' of ${day}` });
    }
    onProgress({ task: `move ${day} to the history: ${name}` });
    await onStep?.(name);
  };
  sweepWorkFolder(options.workFolder);
  let state = await dayState(session, day);
  if (!state.partition) {
    return { day, outcome: 'absent', events: 0, fileBytes: 0 };
  }
  if (!state.isClosed && state.isAttached && !state.isDetaching) {
    if (state.marks > 0) {
      throw USAGE_ERRORS.DAY_NOT_READY({
        message: `Cannot move ${day} to the history: ${state.marks} of its changes are not in the rollups yet (none was wanted)`,
        details: { day, marks: state.marks },
      });
    }
    await intoFile(session, { day, state, step, waitMs: DEFAULT_WAIT_MS, ...options });
    state = await dayState(session, day);
  }
  if (!state.isClosed) {
    throw USAGE_ERRORS.DAY_NOT_READY({
      message: `Cannot move ${day} to the history: ${state.partition} was detached by somebody else (a partition of analytics.usage_events was wanted)`,
      details: { day },
    });
  }
  if (state.isAttached) {
    await step('detach');
    await detach(session, state);
  }
  await step('drop');
  const limits = { day, waitMs: options.waitMs ?? DEFAULT_WAIT_MS };
  await patiently(session, limits, () => session.run(`drop table ${state.partition}`));
  onProgress({ task: `move ${day} to the history: drop`, state: 'done' });
  const [segment] = await usageSegments(session, dayRange(day));
  return segment
    ? { day, outcome: 'sealed', events: segment.events, fileBytes: segment.fileBytes }
    : { day, outcome: 'empty', events: 0, fileBytes: 0 };
}

const DEFAULT_WAIT_MS = 10_000;

interface DayState {
  /** Its partition, quoted; `undefined` when there is none. */
  readonly partition: string | undefined;
  readonly isAttached: boolean;
  readonly isDetaching: boolean;
  readonly isClosed: boolean;
  /** Changes that are not in the rollups yet. */
  readonly marks: number;
  /** The file that holds the day so far. */
  readonly file: (StoredSegment & { readonly sums: EventSums }) | undefined;
}

async function dayState(session: Session, day: string): Promise<DayState> {
  const [row] = await explainMissingSchema('read how a day of usage stands', () =>
    session.query<{
      partition: string | null;
      is_attached: boolean;
      is_detaching: boolean;
      is_closed: boolean;
      object_key: string | null;
      file_sha256: Buffer;
      events: bigint;
      tokens: string;
      cost_nanos: string;
      row_hash: string;
      marks: bigint;
    }>(readPackageFile('src/usage/history/day-state.sql'), [day, `usage_events_${day.replaceAll('-', '')}`]),
  );
  return {
    partition: row?.partition ?? undefined,
    isAttached: row?.is_attached ?? false,
    isDetaching: row?.is_detaching ?? false,
    isClosed: row?.is_closed ?? false,
    marks: Number(row?.marks ?? 0),
    file: row?.object_key
      ? {
          objectKey: row.object_key,
          sha256: row.file_sha256,
          sums: {
            events: String(row.events),
            tokens: row.tokens,
            cost_nanos: row.cost_nanos,
            row_hash: row.row_hash,
          },
        }
      : undefined,
  };
}

interface Sealing extends SealOptions {
  readonly day: string;
  readonly state: DayState;
  readonly waitMs: number;
  step(name: SealStep): Promise<void>;
}

/** How often the export starts anew because an event came in while it ran. */
const TRIES = 3;

async function intoFile(session: Session, sealing: Sealing): Promise<void> {
  for (let turn = 1; ; turn += 1) {
    const folder = makeWorkFolder(sealing.workFolder, sealing.day);
    try {
      if (await record(session, sealing, await makeFile(session, sealing, folder))) {
        return;
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    if (turn === TRIES) {
      throw busy(sealing.day, `events came in while it was exported, ${TRIES} times`);
    }
  }
}

interface Made {
  /** What the partition came to when it was exported. */
  readonly exported: EventSums;
  /** `undefined` when there is no event to keep, or none that the file before it does not hold. */
  readonly file: MadeFile | undefined;
}

async function makeFile(session: Session, sealing: Sealing, folder: string): Promise<Made> {
  const { day, state, step, store } = sealing;
  await step('export');
  const csv = join(folder, 'events.csv');
  const exported = await session.transaction(async () => {
    const [sums] = await session.query<EventSums & object>(sumsOf(state.partition!));
    await pipeline(
      session.copyOut(
        `copy (select ${COPIED} from ${state.partition} as e ${WITH_MODELS}) to stdout (format csv)`,
      ),
      createWriteStream(csv),
    );
    return sums!;
  }, 'repeatable read');
  if (exported.events === '0') {
    return { exported, file: undefined };
  }
  const parquet = join(folder, 'events.parquet');
  const earlier = state.file && join(folder, 'earlier.parquet');
  if (state.file && earlier) {
    await fetchSegment(store, state.file, earlier);
  }
  const sums = await writeSegment({
    csv,
    parquet,
    earlier,
    folder,
    exported,
    day,
    beforeVerifying: () => step('verify'),
  });
  if (state.file && areEqual(sums, state.file.sums)) {
    return { exported, file: undefined };
  }
  const bytes = readFileSync(parquet);
  const sha256 = createHash('sha256').update(bytes).digest();
  const file = { sums, bytes: bytes.length, sha256, key: objectKey(day, sha256) };
  await step('announce');
  if (!(await announceSegment(session, day, file))) {
    throw busy(day, 'somebody else moves it');
  }
  await step('store');
  await store.write(file.key, bytes);
  await fetchSegment(store, { objectKey: file.key, sha256 }, join(folder, 'stored.parquet'));
  return { exported, file };
}

function sumsOf(relation: string): string {
  return `select ${POSTGRES_SUMS} from ${relation} as e ${WITH_MODELS}`;
}

/** Enters the file into the manifest and closes the partition; false when events came in since the export. */
async function record(session: Session, sealing: Sealing, made: Made): Promise<boolean> {
  const { day, state, step } = sealing;
  await step('record');
  return patiently(session, sealing, () =>
    session.transaction(async () => {
      await session.run(`lock table ${state.partition} in share row exclusive mode`);
      const [now] = await session.query<EventSums & object>(sumsOf(state.partition!));
      if (!areEqual(now!, made.exported)) {
        return false;
      }
      const found = await dayState(session, day);
      const isSame = !found.isClosed && found.file?.objectKey === state.file?.objectKey;
      if (!isSame || (made.file && !(await sealSegment(session, day, made.file.key)))) {
        throw busy(day, 'somebody else moves it');
      }
      await session.run(
        `create trigger usage_sealed before insert or update or delete on ${state.partition}
           for each row execute function analytics.refuse_sealed_usage()`,
      );
      return true;
    }),
  );
}

/** Not in a transaction, so not with `set local`: the session's own limits are set back. */
async function detach(session: Session, { partition, isDetaching }: DayState): Promise<void> {
  await session.run("set lock_timeout = '10s'");
  try {
    await session.run(
      `alter table analytics.usage_events detach partition ${partition} ${isDetaching ? 'finalize' : 'concurrently'}`,
    );
  } finally {
    await session.run('reset lock_timeout').catch(() => {});
  }
}

/** @throws USAGE_DAY_BUSY while others hold the locks */
async function patiently<T>(
  session: Session,
  { day, waitMs }: { readonly day: string; readonly waitMs: number },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await waitingForLocks(session, waitMs, work);
  } catch (error) {
    throw sqlstateOf(error) === LOCK_NOT_AVAILABLE ? busy(day, 'others hold locks on it') : error;
  }
}

function busy(day: string, why: string): Error {
  return USAGE_ERRORS.DAY_BUSY({ message: `Cannot move ${day} to the history: ${why}`, details: { day } });
}
