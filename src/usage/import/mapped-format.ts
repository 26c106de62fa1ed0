/** A file format made from a mapping: its columns, or the paths of its JSON lines, become the fields of events. */
import type { UsageEvent } from '../event.js';
import type { PayloadUsage } from '../payload/payload-usage.js';
import { payloadReader } from '../payload/payload-usage.js';
import { csvFieldOffset, csvFields } from './csv-line.js';
import { eventBuilder } from './event-builder.js';
import type { EventFieldName } from './event-fields.js';
import { microsecondsIn, nanosIn, timeIn } from './in-unit.js';
import { anyRecord } from './json-record.js';
import { type LinePlace, malformed, quoted, unknownColumn } from './malformed.js';
import type { FieldRule, MappedField, Mapping } from './mapping.js';
import type { CheckedScope } from './scope.js';
import type { LineReader, TraceFormat } from './trace-format.js';

/** @throws USAGE_PAYLOAD_UNKNOWN for a provider or an interface that is not known */
export async function mappedFormat(mapping: Mapping): Promise<TraceFormat> {
  const readPayload = mapping.usage && (await payloadReader(mapping.usage));
  return {
    name: `mapped-${mapping.format}`,
    source: mapping.source ?? 'mapped-events',
    summary: 'a file with a mapping',
    hasHeader: mapping.format === 'csv',
    recognizes: () => true,
    open: (firstLine, place, scope) => {
      const opened = { mapping, place, scope, readPayload };
      return mapping.format === 'csv' ? csvReader(firstLine, opened) : jsonReader(opened);
    },
  };
}

interface Opened {
  readonly mapping: Mapping;
  readonly place: LinePlace;
  readonly scope: CheckedScope;
  readonly readPayload: ((payload: unknown) => PayloadUsage) | undefined;
}

/** A row: the text of a column or path, and where it stands in the line. */
interface Row {
  readonly line: string;
  /** @param isExact no digit may be lost */
  text(from: string, isExact: boolean): string;
  offset(from: string): number;
}

function csvReader(header: string, opened: Opened): LineReader {
  const { mapping, place } = opened;
  const columns = fieldsOf(header, place);
  const indexOf = new Map(columns.map((name, index) => [name, index]));
  for (const rule of Object.values(mapping.fields)) {
    const from = fromOf(rule);
    if (from !== undefined && !indexOf.has(from)) {
      throw unknownColumn(place, header, { name: from, offset: 0, known: columns });
    }
    if (from !== undefined && columns.indexOf(from) !== indexOf.get(from)) {
      const offset = csvFieldOffset(header, indexOf.get(from)!);
      throw malformed(place, header, {
        offset,
        found: `${quoted(from)} again`,
        wanted: 'a mapped column once',
      });
    }
  }
  const build = rowBuilder(opened);
  return (line) => {
    const fields = fieldsOf(line, place);
    if (fields.length !== columns.length) {
      throw malformed(place, line, {
        offset: line.length,
        found: `${fields.length} fields`,
        wanted: `${columns.length} as in the header`,
      });
    }
    const index = (from: string): number => indexOf.get(from)!;
    return build({
      line,
      text: (from) => fields[index(from)]!,
      offset: (from) => csvFieldOffset(line, index(from)),
    });
  };
}

function fieldsOf(line: string, place: LinePlace): string[] {
  const fields = csvFields(line);
  if (!Array.isArray(fields)) {
    throw malformed(place, line, fields);
  }
  return fields;
}

function jsonReader(opened: Opened): LineReader {
  const build = rowBuilder(opened);
  const { usage } = opened.mapping;
  return (line) => {
    const record = anyRecord(line, opened.place);
    const offset = (from: string): number => Math.max(0, line.indexOf(`"${from.split('.').at(-1)}"`));
    const used = usage && readAnswer(usage.from === '' ? record : valueAt(record, usage.from), line, opened);
    return build(
      {
        line,
        text: (from, isExact) => {
          const value = valueAt(record, from);
          const flaw = flawOf(value, isExact);
          if (flaw !== undefined) {
            const found = `${flaw} as ${from}`;
            throw malformed(opened.place, line, {
              offset: offset(from),
              found,
              wanted: 'a plain value',
              field: from,
            });
          }
          return textOf(value);
        },
        offset,
      },
      used,
    );
  };
}

function readAnswer(answer: unknown, line: string, { readPayload, place }: Opened): PayloadUsage | undefined {
  try {
    return readPayload?.(answer);
  } catch (error) {
    const found = `an answer whose usage cannot be read: ${(error as Error).message.replace(/^.*?: /, '')}`;
    throw malformed(place, line, { offset: 0, found, wanted: "the provider's answer as it came" });
  }
}

function valueAt(record: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
      record,
    );
}

/** Why a value of JSON cannot be told as text, if so. Ids that are rounded would be one event. */
function flawOf(value: unknown, isExact: boolean): string | undefined {
  if (typeof value === 'object' && value !== null) {
    return 'a list or an object';
  }
  return isExact && typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER
    ? 'a number beyond 2^53, which is not read exactly unless it stands in quotes,'
    : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

function fromOf(rule: FieldRule | undefined): string | undefined {
  return typeof rule === 'string' ? rule : rule && 'from' in rule ? rule.from : undefined;
}

/** Builds the event of a row; the tokens of a provider's answer come before the row's own. */
function rowBuilder({ mapping, place, scope }: Opened): (row: Row, used?: PayloadUsage) => UsageEvent {
  let row: Row;
  let used: PayloadUsage | undefined;
  const mapped = (field: MappedField): string => {
    const rule = mapping.fields[field];
    const from = fromOf(rule);
    if (rule === undefined || from === undefined) {
      return typeof rule === 'object' && 'value' in rule ? rule.value : '';
    }
    const text = row.text(from, field === 'foreign_id' || field === 'cost_nanos');
    const { unit, values } = typeof rule === 'object' && 'from' in rule ? rule : {};
    const named = values && Object.hasOwn(values, text) ? values[text]! : text;
    if (named === '') {
      return '';
    }
    switch (field) {
      case 'event_time':
        return timeIn(named, unit);
      case 'ttft_us':
      case 'latency_us':
        return microsecondsIn(named, unit);
      case 'cost_nanos':
        return nanosIn(named, unit);
      default:
        return named;
    }
  };
  const tokens = (name: EventFieldName): string => {
    const [total, ...parts] = TOTAL_OF[name] ?? [];
    const whole = total === undefined ? '' : mapped(total);
    return whole === '' || mapped(name) !== ''
      ? mapped(name)
      : String(parts.reduce((rest, part) => rest - Number(mapped(part)), Number(whole)));
  };
  const build = eventBuilder(
    {
      text: (name) => (name === 'model' ? mapped(name) || (used?.model ?? '') : tokens(name)),
      reject: (name, found, wanted) => {
        const total = TOTAL_OF[name]?.[0];
        const from = fromOf(mapping.fields[name]) ?? (total && fromOf(mapping.fields[total]));
        const offset = from === undefined ? row.line.length : row.offset(from);
        return malformed(place, row.line, { offset, found, wanted, field: name });
      },
    },
    scope,
  );
  return (next, payload) => {
    row = next;
    used = payload;
    const foreignId = mapped('foreign_id');
    const event = build();
    return {
      ...event,
      ...(foreignId === '' ? {} : { foreignId }),
      ...(payload ? { tokens: payload.tokens, parts: payload.parts } : {}),
    };
  };
}

/** The total that a bucket is what is left of, and what is taken from it. */
const TOTAL_OF: Readonly<Partial<Record<EventFieldName, readonly [MappedField, ...MappedField[]]>>> = {
  input_uncached_tokens: ['input_tokens', 'input_cache_read_tokens', 'input_cache_write_tokens'],
  output_text_tokens: ['output_tokens', 'output_reasoning_tokens'],
};
