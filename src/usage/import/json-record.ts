import { type FieldOffset, walkJsonObject } from './json-line.js';
import { type LinePlace, malformed, quoted, unknownColumn } from './malformed.js';

/**
 * A line that is one JSON object with no other fields than `known`.
 * @throws USAGE_TRACE_MALFORMED at the first fault of its syntax; USAGE_COLUMN_UNKNOWN
 */
export function parseRecord(
  line: string,
  place: LinePlace,
  known: readonly string[],
): Record<string, unknown> {
  const record = anyRecord(line, place);
  for (const name in record) {
    if (!known.includes(name)) {
      throw unknownColumn(place, line, { name, offset: offsetOf(line, name).name, known });
    }
  }
  return record;
}

/** A line that is one JSON object, whatever its fields. @throws USAGE_TRACE_MALFORMED */
export function anyRecord(line: string, place: LinePlace): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
      return parsed as Record<string, unknown>;
    }
  } catch {
    // Its place is found below.
  }
  throw syntaxFault(line, place);
}

export interface RecordFault {
  readonly field: string;
  readonly value: unknown;
  readonly wanted: string;
  /** Says what is there in other words than the value itself. */
  readonly found?: string;
}

/** The error for a field of a line whose syntax is right; a field that is missing is missed at the line's end. */
export function recordFault(line: string, place: LinePlace, fault: RecordFault): Error {
  const { field, value, wanted } = fault;
  const isThere = value !== undefined;
  const found = fault.found ?? `${quoted(JSON.stringify(value) ?? '')} as ${field}`;
  return malformed(place, line, {
    offset: isThere ? offsetOf(line, field).value : line.length,
    found: isThere ? found : `no field ${field}`,
    wanted,
    field,
  });
}

function offsetOf(line: string, field: string): FieldOffset {
  const walked = walkJsonObject(line);
  return ('offset' in walked ? undefined : walked.get(field)) ?? { name: 0, value: 0 };
}

function syntaxFault(line: string, place: LinePlace): Error {
  const walked = walkJsonObject(line);
  const fault = 'offset' in walked ? walked : { offset: 0, found: 'a value', wanted: 'a JSON object' };
  return malformed(place, line, fault);
}
