/**
 * Ids of events. An id is a UUID of version 7 whose first 48 bits are the milliseconds of the event's time, so
 * that an event meets itself in its partition when it comes again. Events that bring no id get one derived from
 * what they are: the same line of the same source gives the same id, however often it is imported.
 */
import { hash, randomBytes } from 'node:crypto';

/** What the identity of an event without an id is made of. */
export interface LineIdentity {
  readonly source: string;
  readonly organizationId: string;
  /** Number of the line in its file, from 1; 0 for an event that has an id in its source. */
  readonly line: number;
  /** The line as it is in the file, without its ending; or that id. */
  readonly raw: string;
}

/** The id of a line: 48 bits of time, and 74 bits of SHA-256 over its identity. */
export function derivedEventId(timeMs: number, identity: LineIdentity): string {
  const { source, organizationId, line, raw } = identity;
  return eventIdOf(timeMs, hash('sha256', `${source}\0${organizationId}\0${line}\0${raw}`));
}

/** A new id for an event of that time; its other 74 bits are random. */
export function newEventId(timeMs: number): string {
  return eventIdOf(timeMs, randomBytes(10).toString('hex'));
}

/** Sets a time and at least 19 hexadecimal digits of bits into the form of a UUID of version 7. */
export function eventIdOf(timeMs: number, bits: string): string {
  const time = timeMs.toString(16).padStart(12, '0');
  const variant = VARIANTS[Number.parseInt(bits[3]!, 16) & 3];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${bits.slice(0, 3)}-${variant}${bits.slice(4, 7)}-${bits.slice(7, 19)}`;
}

const VARIANTS = ['8', '9', 'a', 'b'] as const;

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** The milliseconds in a UUID of version 7; `undefined` for anything else. */
export function eventIdTimeMs(id: string): number | undefined {
  return UUID_V7.test(id) ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : undefined;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}
