/**
 * How a file comes into the manifest: announced before it is stored, so that one whose sealing is cut off is known and
 * can be removed; then sealed, in the transaction that closes its partition, and the file before it is replaced.
 */
import type { Session } from '../../database/index.js';
import { type EventSums, FORMAT } from './columns.js';

/** A file that was made for a day. */
export interface MadeFile {
  readonly sums: EventSums;
  readonly bytes: number;
  readonly sha256: Buffer;
  readonly key: string;
}

/** @returns false when the file counts already, or did a moment ago: somebody else has sealed the day */
export async function announceSegment(session: Session, day: string, file: MadeFile): Promise<boolean> {
  const rows = await session.query(ANNOUNCE, [
    day,
    file.sums.events,
    file.bytes,
    file.sums.cost_nanos,
    file.sums.tokens,
    file.sums.row_hash,
    FORMAT,
    file.key,
    file.sha256,
  ]);
  return rows.length > 0;
}

// An object that was removed is written again: whoever removes one holds its row until it is gone.
const ANNOUNCE = `
  insert into analytics.usage_segments as s
    (day, events, file_bytes, cost_nanos, tokens, row_hash, format, object_key, file_sha256, sealed_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null)
  on conflict (object_key) do update
  set announced_at = clock_timestamp(), sealed_at = null, replaced_at = null, removed_at = null
  where s.sealed_at is null or s.replaced_at is not null
  returning 1`;

/**
 * Lets an announced file count instead of the one before it. In a transaction of the caller.
 * @returns false when the announced row is not there any more
 */
export async function sealSegment(session: Session, day: string, key: string): Promise<boolean> {
  await session.query(REPLACE, [day]);
  return (await session.query(SEAL, [day, key])).length > 0;
}

const REPLACE = `
  update analytics.usage_segments set replaced_at = clock_timestamp()
   where day = $1 and sealed_at is not null and replaced_at is null`;

const SEAL = `
  update analytics.usage_segments set sealed_at = clock_timestamp()
   where day = $1 and object_key = $2 and sealed_at is null and removed_at is null
  returning 1`;
