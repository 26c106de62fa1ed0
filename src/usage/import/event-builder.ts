/** Makes an event of the text of its fields, the same way for CSV and JSON lines. */
import type { Operation, TokenCounts, UsageEvent } from '../event.js';
import { eventIdTimeMs } from '../event-id.js';
import { inBounds, parseTimeMs, TIME_WANTED } from '../event-time.js';
import { type EventFieldName, eventField } from './event-fields.js';
import { quoted } from './malformed.js';
import type { CheckedScope } from './scope.js';

/** The fields of the row that is being read. */
export interface FieldSource {
  /** The field's text; empty when it is not there. */
  text(name: EventFieldName): string;
  /** The error for a field of this row. */
  reject(name: EventFieldName, found: string, wanted: string): Error;
}

/** Reads the event of the current row, once for each row. @throws what `source.reject` makes */
export function eventBuilder(source: FieldSource, scope: CheckedScope): () => UsageEvent {
  const read = fieldReader(source);
  return () => {
    const { ttftUs, latencyUs } = latencyOf(source, read);
    const { eventId, timeMs } = idAndTimeOf(source);
    return {
      eventId,
      eventTime: new Date(timeMs),
      organizationId: read.required('organization_id', scope.organizationId),
      apiKeyId: read.optional('api_key_id') ?? scope.apiKeyId,
      userId: read.optional('user_id') ?? scope.userId,
      provider: read.required('provider', scope.provider),
      model: read.required('model', scope.model),
      operation: read.required('operation', scope.operation) as Operation,
      region: read.optional('region'),
      status: read.number('status') ?? 200,
      errorType: read.optional('error_type'),
      tokens: tokensOf(read),
      ttftUs,
      latencyUs,
      currency: read.required('currency', scope.currency),
      cost: costOf(read),
    };
  };
}

type FieldReader = ReturnType<typeof fieldReader>;

function fieldReader(source: FieldSource) {
  const optional = (name: EventFieldName): string | undefined => {
    const text = source.text(name);
    if (text === '') {
      return undefined;
    }
    const { kind, isPersonal } = eventField(name);
    if (!kind.isValid(text)) {
      throw source.reject(name, isPersonal ? 'another value' : quoted(text), kind.wanted);
    }
    return text;
  };
  return {
    optional,
    number: (name: EventFieldName): number | undefined => {
      const text = optional(name);
      return text === undefined ? undefined : Number(text);
    },
    required: (name: EventFieldName, fallback: string | undefined): string => {
      const value = optional(name) ?? fallback;
      if (value === undefined) {
        throw source.reject(name, `no ${name}`, eventField(name).kind.wanted);
      }
      return value;
    },
  };
}

/** The id if there is one, and the time from either; from both when they agree. */
function idAndTimeOf(source: FieldSource): { eventId: string | undefined; timeMs: number } {
  const id = source.text('event_id');
  const time = source.text('event_time');
  const inId = id === '' ? undefined : eventIdTimeMs(id);
  const timeMs = time === '' ? inId : parseTimeMs(time);
  if (id !== '' && (inId === undefined || !inBounds(inId))) {
    throw source.reject('event_id', quoted(id), eventField('event_id').kind.wanted);
  }
  if (timeMs === undefined) {
    const found = time === '' ? 'no event_time' : quoted(time);
    throw source.reject('event_time', found, time === '' ? 'a time here or in event_id' : TIME_WANTED);
  }
  if (inId !== undefined && inId !== timeMs) {
    const wanted = `the time in event_id, ${new Date(inId).toISOString()},`;
    throw source.reject('event_time', quoted(time), wanted);
  }
  return { eventId: id === '' ? undefined : id, timeMs };
}

/** Unknown when the row has none of the five; then those it does not have are zero. */
function tokensOf(read: FieldReader): TokenCounts | undefined {
  const inputUncached = read.number('input_uncached_tokens');
  const inputCacheRead = read.number('input_cache_read_tokens');
  const inputCacheWrite = read.number('input_cache_write_tokens');
  const outputText = read.number('output_text_tokens');
  const outputReasoning = read.number('output_reasoning_tokens');
  if ((inputUncached ?? inputCacheRead ?? inputCacheWrite ?? outputText ?? outputReasoning) === undefined) {
    return undefined;
  }
  return {
    inputUncached: inputUncached ?? 0,
    inputCacheRead: inputCacheRead ?? 0,
    inputCacheWrite: inputCacheWrite ?? 0,
    outputText: outputText ?? 0,
    outputReasoning: outputReasoning ?? 0,
  };
}

function latencyOf(source: FieldSource, read: FieldReader): Pick<UsageEvent, 'ttftUs' | 'latencyUs'> {
  const ttftUs = read.number('ttft_us');
  const latencyUs = read.number('latency_us');
  if (ttftUs !== undefined && latencyUs !== undefined && ttftUs > latencyUs) {
    throw source.reject('ttft_us', quoted(String(ttftUs)), `at most latency_us, ${latencyUs},`);
  }
  return { ttftUs, latencyUs };
}

function costOf(read: FieldReader): UsageEvent['cost'] {
  const nanos = read.optional('cost_nanos');
  return nanos === undefined ? undefined : { nanos: BigInt(nanos), source: 'provider' };
}
