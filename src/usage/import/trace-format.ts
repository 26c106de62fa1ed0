import type { UsageEvent } from '../event.js';
import type { LinePlace } from './malformed.js';
import type { CheckedScope } from './scope.js';

/** Turns one line, which `place` counts, into an event, or into as many as it holds. @throws USAGE_TRACE_MALFORMED */
export type LineReader = (line: string) => UsageEvent | readonly UsageEvent[];

/** A file format of usage. A new one is one file and one line in `formats.ts`. */
export interface TraceFormat {
  readonly name: string;
  /** Where events come from that are imported without a `source`: part of their identity. */
  readonly source: string;
  /** One line of what it is, for the message about a file of none. */
  readonly summary: string;
  /** The first line is a header, not an event. */
  readonly hasHeader: boolean;
  /** Whether a file that begins with this line is one. */
  recognizes(firstLine: string): boolean;
  /** @throws USAGE_COLUMN_UNKNOWN, USAGE_SCOPE_MISSING, USAGE_TRACE_MALFORMED */
  open(firstLine: string, place: LinePlace, scope: CheckedScope): LineReader;
}
