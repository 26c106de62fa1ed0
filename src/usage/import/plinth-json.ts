/** Plinth's own events as JSON lines: objects with fields of `EVENT_FIELDS`; null is the same as no field. */
import { eventBuilder } from './event-builder.js';
import { EVENT_FIELD_NAMES, eventField } from './event-fields.js';
import { parseRecord, recordFault } from './json-record.js';
import type { TraceFormat } from './trace-format.js';

export const plinthJson: TraceFormat = {
  name: 'plinth-json',
  source: 'plinth-events',
  summary: 'events as JSON lines (objects with event_time, organization_id, …)',
  hasHeader: false,
  recognizes: (line) => /^\s*\{/.test(line),
  open(_firstLine, place, scope) {
    let line = '';
    let record: Record<string, unknown> = {};
    const build = eventBuilder(
      {
        text: (name) => {
          const text = textOf(record[name]);
          if (text === undefined) {
            const { wanted } = eventField(name).kind;
            throw recordFault(line, place, {
              field: name,
              value: record[name],
              wanted,
              found: NO_PLAIN_VALUE,
            });
          }
          return text;
        },
        reject: (name, found, wanted) =>
          recordFault(line, place, {
            field: name,
            value: record[name] ?? undefined,
            wanted,
            found: `${found} as ${name}`,
          }),
      },
      scope,
    );
    return (next) => {
      line = next;
      record = parseRecord(next, place, EVENT_FIELD_NAMES);
      return build();
    };
  },
};

const NO_PLAIN_VALUE = 'a list, an object, true, false or a number beyond 2^53';

/** `undefined` for what cannot be the value of a field, or not exactly. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) {
    return '';
  }
  if (typeof value === 'number') {
    return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) : undefined;
  }
  return typeof value === 'string' ? value : undefined;
}
