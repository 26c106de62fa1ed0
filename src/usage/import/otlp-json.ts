/**
 * Spans as OTLP JSON, a request a line as the OpenTelemetry Collector's file exporter writes them. A span that asks a
 * model becomes an event; others are passed over. The identity of an event is that of its span, so a span that comes
 * twice, in whichever file, is one event. Prompts and answers, which some instrumentations put into spans, are not read.
 */
import type { Operation, TokenCounts, UsageEvent } from '../event.js';
import { MAX_ERROR_TYPE_BYTES, MAX_LATENCY_US, MAX_TOKENS } from '../event.js';
import { isUuid } from '../event-id.js';
import { inBounds } from '../event-time.js';
import { walkJsonObject } from './json-line.js';
import { recordFault } from './json-record.js';
import { type LinePlace, malformed, quoted } from './malformed.js';
import { type AttributeValue, attributeOf, type GenAiName, OPERATIONS_OF_SPANS } from './otel-names.js';
import type { CheckedScope } from './scope.js';
import type { TraceFormat } from './trace-format.js';

export const otlpJson: TraceFormat = {
  name: 'otlp-json',
  source: 'otlp',
  summary: 'OpenTelemetry spans as OTLP JSON, a request a line',
  hasHeader: false,
  recognizes: (line) => /^\s*\{\s*"resourceSpans"\s*:/.test(line),
  open: (_firstLine, place, scope) => (line) => eventsOf(line, place, scope),
};

interface OtlpRequest {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: readonly OtlpAttribute[] };
    readonly scopeSpans?: readonly { readonly spans?: readonly OtlpSpan[] }[];
  }[];
}

interface OtlpSpan {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly startTimeUnixNano?: string | number;
  readonly endTimeUnixNano?: string | number;
  readonly attributes?: readonly OtlpAttribute[];
  readonly status?: { readonly code?: number | string };
}

interface OtlpAttribute {
  readonly key?: string;
  readonly value?: {
    readonly stringValue?: string;
    readonly intValue?: string | number;
    readonly doubleValue?: number;
    readonly boolValue?: boolean;
  };
}

function eventsOf(line: string, place: LinePlace, scope: CheckedScope): UsageEvent[] {
  const request = parse(line, place);
  try {
    return objects(request.resourceSpans).flatMap(({ resource, scopeSpans }) => {
      const ofResource = attributesOf(resource?.attributes);
      return objects(scopeSpans).flatMap(({ spans }) =>
        objects(spans).flatMap((span) => {
          const attributes = new Map([...ofResource, ...attributesOf(span.attributes)]);
          const operation = operationOf(attributes);
          return operation ? [eventOf({ span, attributes, operation }, scope)] : [];
        }),
      );
    });
  } catch (thrown) {
    throw thrown instanceof SpanFault || thrown instanceof TypeError ? faultOf(thrown, line, place) : thrown;
  }
}

/** The list's items, which the type promises to be objects. @throws TypeError when they are not */
function objects<Item>(list: readonly Item[] = []): readonly Item[] {
  if (!Array.isArray(list) || list.some((item) => typeof item !== 'object' || item === null)) {
    throw new TypeError('a list of objects was wanted');
  }
  return list;
}

function parse(line: string, place: LinePlace): OtlpRequest {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
      return parsed;
    }
  } catch {
    const walked = walkJsonObject(line);
    if ('offset' in walked) {
      throw malformed(place, line, walked);
    }
  }
  throw malformed(place, line, { offset: 0, found: 'another value', wanted: 'an OTLP request' });
}

/** What is wrong with a span; caught where the line is known. */
class SpanFault extends Error {
  readonly span: OtlpSpan;
  readonly found: string;
  readonly wanted: string;

  constructor(span: OtlpSpan, found: string, wanted: string) {
    super('a span is no usage event');
    this.span = span;
    this.found = found;
    this.wanted = wanted;
  }
}

function faultOf(fault: SpanFault | TypeError, line: string, place: LinePlace): Error {
  if (fault instanceof TypeError) {
    return recordFault(line, place, {
      field: 'resourceSpans',
      value: {},
      found: 'lists and objects of another form',
      wanted: 'an OTLP request',
    });
  }
  const id = fault.span.spanId;
  const offset = id === undefined ? -1 : line.indexOf(`"${id}"`);
  return malformed(place, line, {
    offset: Math.max(0, offset),
    found: `a span with ${fault.found}`,
    wanted: fault.wanted,
  });
}

function attributesOf(list: readonly OtlpAttribute[] = []): Map<string, AttributeValue> {
  return new Map(
    objects(list).flatMap(({ key, value }): (readonly [string, AttributeValue])[] => {
      const { stringValue, intValue, doubleValue, boolValue } = value ?? {};
      const found = stringValue ?? (intValue === undefined ? (doubleValue ?? boolValue) : Number(intValue));
      return key === undefined || found === undefined ? [] : [[key, found]];
    }),
  );
}

/** `undefined` for spans that are not of a model's answer. */
function operationOf(attributes: ReadonlyMap<string, AttributeValue>): Operation | undefined {
  const named = attributeOf(attributes, 'operation');
  if (named === undefined) {
    // Before 1.27 there was no such attribute: a span that counts tokens asked a model.
    return attributeOf(attributes, 'inputTokens') === undefined ? undefined : 'chat';
  }
  return Object.hasOwn(OPERATIONS_OF_SPANS, named as string)
    ? OPERATIONS_OF_SPANS[named as keyof typeof OPERATIONS_OF_SPANS]
    : undefined;
}

interface ModelSpan {
  readonly span: OtlpSpan;
  readonly attributes: ReadonlyMap<string, AttributeValue>;
  readonly operation: Operation;
}

function eventOf({ span, attributes, operation }: ModelSpan, scope: CheckedScope): UsageEvent {
  const text = (name: GenAiName): string | undefined => {
    const value = attributeOf(attributes, name);
    return value === undefined || value === '' ? undefined : String(value);
  };
  const id = (
    name: 'organization' | 'apiKey',
    what: string,
    fallback: string | undefined,
  ): string | undefined => {
    const value = text(name);
    if (value !== undefined && !isUuid(value)) {
      // Another's usage must not become that of the import's organization.
      throw new SpanFault(span, `${quoted(value)} as its ${what}`, 'a UUID');
    }
    return value ?? fallback;
  };
  const user = text('user');
  const named = (value: string | undefined, what: string, longest: number): string => {
    if (value === undefined || value.length > longest || /[\p{Cc}\p{Cs}]/u.test(value)) {
      throw new SpanFault(
        span,
        value === undefined ? `no ${what}` : `${quoted(value)} as its ${what}`,
        `1 to ${longest} characters`,
      );
    }
    return value;
  };
  const errorType = text('errorType') ?? (isError(span) ? 'error' : undefined);
  return {
    foreignId: `${hex(span, 'traceId', 32)}/${hex(span, 'spanId', 16)}`,
    ...timesOf(span, attributes),
    organizationId: named(id('organization', ORGANIZATION, scope.organizationId), ORGANIZATION, 36),
    apiKeyId: id('apiKey', 'key (plinth.api_key.id)', scope.apiKeyId),
    // The conventions let it be anything.
    userId: user !== undefined && isUuid(user) ? user : scope.userId,
    provider: named(text('provider') ?? scope.provider, 'provider (gen_ai.provider.name)', 64),
    model: named(
      text('responseModel') ?? text('requestModel') ?? scope.model,
      'model (gen_ai.request.model)',
      200,
    ),
    operation,
    region: /^[a-z0-9][a-z0-9-]{0,62}$/.test(text('region') ?? '') ? text('region') : undefined,
    status: statusOf(attributes, errorType),
    errorType: errorType === undefined ? undefined : shortened(errorType),
    tokens: tokensOf(span, attributes),
    currency: scope.currency,
  };
}

const ORGANIZATION = 'organization (plinth.organization.id)';

/** As much of it as an event holds, without control characters. */
function shortened(errorType: string): string {
  let text = errorType.replace(/[\p{Cc}\p{Cs}]/gu, ' ').slice(0, MAX_ERROR_TYPE_BYTES);
  while (Buffer.byteLength(text) > MAX_ERROR_TYPE_BYTES) {
    text = Array.from(text).slice(0, -1).join('');
  }
  return text;
}

function isError({ status }: OtlpSpan): boolean {
  return status?.code === 2 || status?.code === 'STATUS_CODE_ERROR';
}

/** A failed span without an HTTP status is counted as the server's fault. */
function statusOf(attributes: ReadonlyMap<string, AttributeValue>, errorType: string | undefined): number {
  const status = Number(
    attributeOf(attributes, 'status') ?? (/^[45]\d\d$/.test(errorType ?? '') ? errorType : Number.NaN),
  );
  return Number.isInteger(status) && status >= 100 && status <= 599
    ? status
    : errorType === undefined
      ? 200
      : 500;
}

function hex(span: OtlpSpan, field: 'traceId' | 'spanId', digits: number): string {
  const value = span[field];
  if (typeof value !== 'string' || !new RegExp(`^[0-9a-fA-F]{${digits}}$`).test(value)) {
    throw new SpanFault(
      span,
      value === undefined ? `no ${field}` : `another ${field}`,
      `${digits} hexadecimal digits`,
    );
  }
  return value.toLowerCase();
}

function timesOf(
  span: OtlpSpan,
  attributes: ReadonlyMap<string, AttributeValue>,
): Pick<UsageEvent, 'eventTime' | 'latencyUs' | 'ttftUs'> {
  const startNs = nanosecondsOf(span, 'startTimeUnixNano');
  const startMs = Number(startNs / 1_000_000n);
  if (!inBounds(startMs)) {
    throw new SpanFault(span, 'its beginning out of bounds', 'a time of the years 2000 to 2199');
  }
  const latencyUs =
    span.endTimeUnixNano === undefined
      ? undefined
      : Number((nanosecondsOf(span, 'endTimeUnixNano') - startNs) / 1000n);
  if (latencyUs !== undefined && (latencyUs < 0 || latencyUs > MAX_LATENCY_US)) {
    throw new SpanFault(span, `${latencyUs} microseconds between its ends`, `0 to ${MAX_LATENCY_US}`);
  }
  const first = attributeOf(attributes, 'timeToFirst');
  const ttftUs = typeof first === 'number' && first >= 0 ? Math.round(first * 1e6) : undefined;
  return {
    eventTime: new Date(startMs),
    latencyUs,
    // Clocks of two places: a first token after the last one is no fact.
    ttftUs: ttftUs !== undefined && ttftUs > (latencyUs ?? MAX_LATENCY_US) ? undefined : ttftUs,
  };
}

function nanosecondsOf(span: OtlpSpan, field: 'startTimeUnixNano' | 'endTimeUnixNano'): bigint {
  const text = String(span[field] ?? '');
  if (!/^\d{1,19}$/.test(text)) {
    throw new SpanFault(span, `${quoted(text)} as ${field}`, 'nanoseconds since 1970');
  }
  return BigInt(text);
}

/** The conventions' totals include what came from and went into the cache, and reasoning; unknown unless given. */
function tokensOf(span: OtlpSpan, attributes: ReadonlyMap<string, AttributeValue>): TokenCounts | undefined {
  const count = (name: GenAiName): number | undefined => {
    const value = attributeOf(attributes, name);
    if (value === undefined) {
      return undefined;
    }
    const number = /^\d{1,10}$/.test(String(value)) ? Number(value) : -1;
    if (number < 0 || number > MAX_TOKENS) {
      throw new SpanFault(
        span,
        `${quoted(String(value))} as a number of tokens`,
        `a whole number from 0 to ${MAX_TOKENS}`,
      );
    }
    return number;
  };
  const input = count('inputTokens');
  const output = count('outputTokens');
  if (input === undefined && output === undefined) {
    return undefined;
  }
  const inputCacheRead = count('cacheRead') ?? 0;
  const inputCacheWrite = count('cacheWrite') ?? 0;
  const outputReasoning = count('reasoning') ?? 0;
  const inputUncached = (input ?? 0) - inputCacheRead - inputCacheWrite;
  const outputText = (output ?? 0) - outputReasoning;
  if (inputUncached < 0 || outputText < 0) {
    throw new SpanFault(
      span,
      'parts of its tokens that are more than the whole',
      'totals that include cache and reasoning',
    );
  }
  return { inputUncached, inputCacheRead, inputCacheWrite, outputText, outputReasoning };
}
