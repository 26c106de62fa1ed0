/**
 * The columns of Plinth's own events, in CSV and in JSON lines: one list, which both readers, the writer of
 * samples and the documentation use. A field is text here; JSON values become text first.
 */

import { MAX_ERROR_TYPE_BYTES, MAX_LATENCY_US, MAX_TOKENS, OPERATIONS } from '../event.js';
import { eventIdTimeMs, isUuid } from '../event-id.js';
import { inBounds, parseTimeMs, TIME_WANTED } from '../event-time.js';

interface FieldKind {
  /** What a value must be, for messages and documentation. */
  readonly wanted: string;
  isValid(text: string): boolean;
}

const UUID: FieldKind = { wanted: 'a UUID', isValid: isUuid };
const TOKENS = wholeNumber(MAX_TOKENS);
const DURATION = wholeNumber(MAX_LATENCY_US);

export interface EventField {
  readonly name: string;
  readonly meaning: string;
  readonly kind: FieldKind;
  /** Its values tell of a person and stay out of messages. */
  readonly isPersonal?: boolean;
}

export const EVENT_FIELDS = [
  {
    name: 'event_id',
    meaning: 'UUID of version 7 with the event’s time in it; derived from the line when empty',
    kind: { wanted: 'a UUID of version 7 with a time of the years 2000 to 2199', isValid: isEventId },
  },
  {
    name: 'event_time',
    meaning: 'when the request began, UTC unless it has an offset; may be empty when there is an event_id',
    kind: { wanted: TIME_WANTED, isValid: (text) => parseTimeMs(text) !== undefined },
  },
  { name: 'organization_id', meaning: 'the tenant; else the import’s', kind: UUID },
  { name: 'api_key_id', meaning: 'the key that asked; else the import’s', kind: UUID },
  { name: 'user_id', meaning: 'the person who asked; else the import’s', kind: UUID, isPersonal: true },
  { name: 'provider', meaning: 'who ran the model; else the import’s', kind: text(64) },
  { name: 'model', meaning: 'the model’s name; else the import’s', kind: text(200) },
  {
    name: 'operation',
    meaning: 'what was asked for; else the import’s, else chat',
    kind: { wanted: `one of ${OPERATIONS.join(', ')}`, isValid: isOperation },
  },
  {
    name: 'region',
    meaning: 'where it was served',
    kind: { wanted: 'a-z, 0-9 and hyphens, such as eu-west-1', isValid: isRegion },
  },
  {
    name: 'status',
    meaning: 'HTTP status; 200 when empty',
    kind: { wanted: 'an HTTP status from 100 to 599', isValid: isStatus },
  },
  {
    name: 'error_type',
    meaning: 'kind of error, such as timeout',
    kind: {
      wanted: `1 to ${MAX_ERROR_TYPE_BYTES} bytes without control characters`,
      isValid: (value) => Buffer.byteLength(value) <= MAX_ERROR_TYPE_BYTES && !NO_TEXT.test(value),
    },
  },
  { name: 'input_uncached_tokens', meaning: 'input tokens read afresh', kind: TOKENS },
  { name: 'input_cache_read_tokens', meaning: 'input tokens from the provider’s cache', kind: TOKENS },
  { name: 'input_cache_write_tokens', meaning: 'input tokens put into that cache', kind: TOKENS },
  { name: 'output_text_tokens', meaning: 'output tokens of the answer', kind: TOKENS },
  { name: 'output_reasoning_tokens', meaning: 'output tokens of reasoning', kind: TOKENS },
  { name: 'ttft_us', meaning: 'microseconds to the first token, at most latency_us', kind: DURATION },
  { name: 'latency_us', meaning: 'microseconds to the whole answer', kind: DURATION },
  {
    name: 'cost_nanos',
    meaning: 'cost that the provider reported; computed from the price list when empty',
    kind: { wanted: 'a whole number from 0 to 9223372036854775807', isValid: isNanos },
  },
  {
    name: 'currency',
    meaning: 'ISO 4217 code; else the import’s, else USD',
    kind: { wanted: 'a currency code such as USD', isValid: isCurrency },
  },
] as const satisfies readonly EventField[];

export type EventFieldName = (typeof EVENT_FIELDS)[number]['name'];

export const EVENT_FIELD_NAMES: readonly EventFieldName[] = EVENT_FIELDS.map((field) => field.name);

const BY_NAME = new Map<string, EventField>(EVENT_FIELDS.map((field) => [field.name, field]));

export function eventField(name: EventFieldName): EventField {
  return BY_NAME.get(name)!;
}

function wholeNumber(max: number): FieldKind {
  const digits = String(max).length;
  const pattern = new RegExp(`^\\d{1,${digits}}$`);
  return {
    wanted: `a whole number from 0 to ${max}`,
    isValid: (value) => pattern.test(value) && Number(value) <= max,
  };
}

function text(longest: number): FieldKind {
  return {
    wanted: `1 to ${longest} characters without control characters`,
    isValid: (value) => isAtMost(value, longest) && !NO_TEXT.test(value),
  };
}

/** In characters; an array of them is made only where code units do not tell. */
function isAtMost(value: string, longest: number): boolean {
  return value.length <= longest || (value.length <= longest * 2 && Array.from(value).length <= longest);
}

/** Control characters, and halves of characters, which would all become one replacement in the database. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a name may not hold
const NO_TEXT = /[\u0000-\u001f\u007f]|\p{Cs}/u;

function isEventId(value: string): boolean {
  const time = eventIdTimeMs(value);
  return time !== undefined && inBounds(time);
}

export function isOperation(value: string): boolean {
  return (OPERATIONS as readonly string[]).includes(value);
}

function isRegion(value: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,62}$/.test(value);
}

function isStatus(value: string): boolean {
  return /^[1-5]\d\d$/.test(value);
}

function isNanos(value: string): boolean {
  return /^\d{1,19}$/.test(value) && BigInt(value) <= 9_223_372_036_854_775_807n;
}

export function isCurrency(value: string): boolean {
  return /^[A-Z]{3}$/.test(value);
}
