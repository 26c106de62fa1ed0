/** The manifest of the history: which file holds which day. */
import type { Session } from '../../database/index.js';
import type { TimeRange } from '../grain.js';
import { explainMissingSchema } from '../missing-schema.js';
import type { EventSums } from './columns.js';

/** Largest file that is read or written whole. */
export const LARGEST_SEGMENT_BYTES = 2 ** 31 - 1;

/** The name of a file: its day, and the beginning of its SHA-256. */
export function objectKey(day: string, sha256: Buffer): string {
  return `usage_events/${day.slice(0, 4)}/${day}-${sha256.toString('hex').slice(0, 32)}.parquet`;
}

export interface UsageSegment {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  readonly events: number;
  readonly fileBytes: number;
  readonly objectKey: string;
  readonly sha256: Buffer;
  readonly sealedAt: Date;
  /** What its events come to. */
  readonly sums: EventSums;
}

/** Where the files of the history can be read. */
export interface HistoryFiles {
  /** The path of a file on this machine, brought here if need be. @throws USAGE_SEGMENT_DIFFERS, STORAGE_… */
  pathOf(segment: UsageSegment): Promise<string>;
}

/** Whether a span, of which SQL gives the beginning and the end, has a day that is in the history. */
export function inHistorySql(from: string, to: string): string {
  return `exists (
    select from analytics.usage_segments as segment
    where segment.sealed_at is not null and segment.replaced_at is null
      and segment.day < ${to} at time zone 'UTC' and segment.day + 1 > ${from} at time zone 'UTC'
  )`;
}

/** A day, `YYYY-MM-DD` (UTC), as a span. */
export function dayRange(day: string): TimeRange {
  const from = new Date(`${day}T00:00:00Z`);
  return { from, to: new Date(from.getTime() + 86_400_000) };
}

/** The files that count, of the days that a span touches; all of them without one. @throws USAGE_SCHEMA_MISSING */
export async function usageSegments(session: Session, range?: TimeRange): Promise<UsageSegment[]> {
  const rows = await explainMissingSchema('read the manifest of the history', () =>
    session.query<{
      day: string;
      events: bigint;
      file_bytes: bigint;
      object_key: string;
      file_sha256: Buffer;
      sealed_at: Date;
      tokens: string;
      cost_nanos: string;
      row_hash: string;
    }>(SEGMENTS, [range?.from ?? null, range?.to ?? null]),
  );
  return rows.map((row) => ({
    day: row.day,
    events: Number(row.events),
    fileBytes: Number(row.file_bytes),
    objectKey: row.object_key,
    sha256: row.file_sha256,
    sealedAt: row.sealed_at,
    sums: {
      events: String(row.events),
      tokens: row.tokens,
      cost_nanos: row.cost_nanos,
      row_hash: row.row_hash,
    },
  }));
}

const SEGMENTS = `
  select day::text as day, events, file_bytes, object_key, file_sha256, sealed_at, tokens, cost_nanos, row_hash
    from analytics.usage_segments
   where sealed_at is not null and replaced_at is null
     and ($1::timestamptz is null or day >= ($1::timestamptz at time zone 'UTC')::date)
     and ($2::timestamptz is null or day < $2::timestamptz at time zone 'UTC')
   order by day`;
