/** Plinth's own events as CSV: a header line that names columns of `EVENT_FIELDS` in any order, then rows. */
import { csvTable } from './csv-table.js';
import { eventBuilder } from './event-builder.js';
import { EVENT_FIELD_NAMES } from './event-fields.js';
import { malformed } from './malformed.js';
import { type RequiredScope, requireScope } from './scope.js';
import type { TraceFormat } from './trace-format.js';

const NEEDED = [
  ['organization_id', 'organizationId'],
  ['provider', 'provider'],
  ['model', 'model'],
] as const satisfies readonly (readonly [string, RequiredScope])[];

export const plinthCsv: TraceFormat = {
  name: 'plinth-csv',
  source: 'plinth-events',
  summary: 'events as CSV (a header with event_time, organization_id, …)',
  hasHeader: true,
  recognizes: (line) =>
    !line.startsWith('{') && line.split(',').some((name) => (EVENT_FIELD_NAMES as string[]).includes(name)),
  open(header, place, scope) {
    const table = csvTable(header, EVENT_FIELD_NAMES, place);
    const missing = NEEDED.filter(([column]) => !table.indexOf.has(column)).map(([, option]) => option);
    requireScope(scope, missing, place.file);
    let line = '';
    let fields: string[] = [];
    const build = eventBuilder(
      {
        text: (name) => {
          const index = table.indexOf.get(name);
          return index === undefined ? '' : fields[index]!;
        },
        reject: (name, found, wanted) => {
          const index = table.indexOf.get(name);
          return index === undefined
            ? malformed(place, line, { offset: line.length, found, wanted, field: name })
            : table.reject(line, index, { found, wanted, field: name });
        },
      },
      scope,
    );
    return (next) => {
      line = next;
      fields = table.row(next);
      return build();
    };
  },
};
