/**
 * The database that migrations are tried on. One that a trial has left as the history would have it is where the next
 * migration is tried: nothing has to be copied then, and its sessions are warm. What is found wrong there is to be
 * found again on a copy of the line, which only the history has gone over.
 */
import {
  type Database,
  type ScratchDatabase,
  type SessionPool,
  sessionPool,
  withSession,
} from '../database/index.js';
import type { Filler } from './filler.js';
import type { Line, LineState } from './line.js';
import type { Snapshot } from './snapshot.js';

export interface Stage {
  /** The database just before the migration at `index`, with rows in every table. */
  before(index: number): Promise<Standing>;
  /** A copy of the line just before the migration at `index`, of one's own. */
  copyBefore(index: number): Promise<StageCopy>;
  /** The trial of the migration at `index` has left the database like this; `undefined` where it is of no more use. */
  leave(index: number, end: Snapshot | undefined): Promise<void>;
  /** Drops the database and closes its sessions. */
  close(): Promise<void>;
}

export interface StageCopy {
  readonly scratch: ScratchDatabase;
  readonly unfilled: LineState['unfilled'];
}

export interface Standing extends LineState {
  readonly database: Database;
  /** The same, with sessions that are used again. */
  readonly pooled: Database;
  /** What it was found to be, where that is known. */
  readonly before: Snapshot | undefined;
  /** Trials of other migrations were made on it. */
  readonly isUsed: boolean;
}

/** Every trial writes rows: with more than this, comparing them takes longer than a new copy. */
const MOST_ROWS = 3000;

interface Held {
  readonly scratch: ScratchDatabase;
  readonly pool: SessionPool;
  readonly state: LineState;
  readonly at: number;
  readonly end: Snapshot | undefined;
}

export function openStage(line: Line, filler: Filler): Stage {
  let held: Held | undefined;
  const discard = async (): Promise<void> => {
    const old = held;
    held = undefined;
    await old?.pool.close();
    await old?.scratch.drop();
  };
  const onCopy = async (index: number): Promise<Held> => {
    await discard();
    const state = await line.moveBefore(index);
    const scratch = await line.copy();
    return { scratch, pool: sessionPool(scratch.database), state, at: index, end: undefined };
  };
  const goOn = async ({ end, state, pool, ...rest }: Held): Promise<Held> => {
    if (end?.rows.tables.every(({ rows }) => rows.length > 0)) {
      return { end, state: { ...state, unfilled: [] }, pool, ...rest };
    }
    const unfilled = await withSession(pool.database, (session) => filler.fill(session));
    return { end: undefined, state: { ...state, unfilled }, pool, ...rest };
  };
  return {
    async before(index) {
      const isUsed = held?.at === index;
      if (isUsed) {
        await line.goOnWith(held!.scratch);
      }
      held = isUsed ? await goOn(held!) : await onCopy(index);
      const { scratch, pool, state, end } = held;
      return { ...state, database: scratch.database, pooled: pool.database, before: end, isUsed };
    },
    async copyBefore(index) {
      const { unfilled } = await line.moveBefore(index);
      return { scratch: await line.copy(), unfilled };
    },
    async leave(index, end) {
      if (held && end && rowsIn(end) <= MOST_ROWS) {
        held = { ...held, at: index + 1, end };
      } else {
        await discard();
      }
    },
    close: discard,
  };
}

function rowsIn({ rows }: Snapshot): number {
  return rows.tables.reduce((sum, table) => sum + table.rows.length, 0);
}
