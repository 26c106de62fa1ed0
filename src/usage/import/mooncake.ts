/**
 * The Mooncake traces: JSON lines with `timestamp` (milliseconds from the trace's start), `input_length`,
 * `output_length` and `hash_ids`, the prompt in blocks of 512 tokens. The blocks that a prompt begins with and
 * that were in an earlier prompt are cache reads; all of the input is still `input_length`. The cache is taken
 * to forget nothing, so this is the most that a provider could have saved. Times begin at `startTime`.
 * https://github.com/kvcache-ai/Mooncake
 */
import { MAX_TOKENS } from '../event.js';
import { inBounds, LATEST_MS } from '../event-time.js';
import { parseRecord, recordFault } from './json-record.js';
import type { LinePlace } from './malformed.js';
import { traceScope } from './scope.js';
import { SeenBlocks } from './seen-blocks.js';
import type { TraceFormat } from './trace-format.js';

const BLOCK_TOKENS = 512;
const LARGEST_BLOCK = 2 ** 32 - 1;

const FIELDS = ['timestamp', 'input_length', 'output_length', 'hash_ids'] as const;

type Field = (typeof FIELDS)[number];

export const mooncake: TraceFormat = {
  name: 'mooncake',
  source: 'mooncake-trace',
  summary: `a Mooncake trace (JSON lines with ${FIELDS.join(', ')})`,
  hasHeader: false,
  recognizes: (line) => /^\s*\{.*"(?:input_length|output_length|hash_ids)"/.test(line),
  open(_firstLine, place, scope) {
    const { startTime, organizationId, apiKeyId, userId, provider, model, operation, currency } = traceScope(
      scope,
      place.file,
    );
    const seen = new SeenBlocks();
    return (line) => {
      const request = parseRequest(line, place);
      const eventTime = new Date(startTime.getTime() + Math.floor(request.timestamp));
      if (!inBounds(eventTime.getTime())) {
        const wanted = 'a number of milliseconds that ends before the year 2200';
        throw recordFault(line, place, { field: 'timestamp', value: request.timestamp, wanted });
      }
      const cached = Math.min(request.input_length, BLOCK_TOKENS * cachedBlocks(request.hash_ids, seen));
      return {
        organizationId,
        apiKeyId,
        userId,
        provider,
        model,
        operation,
        currency,
        status: 200,
        eventTime,
        tokens: {
          inputUncached: request.input_length - cached,
          inputCacheRead: cached,
          inputCacheWrite: 0,
          outputText: request.output_length,
          outputReasoning: 0,
        },
      };
    };
  },
};

interface Request {
  readonly timestamp: number;
  readonly input_length: number;
  readonly output_length: number;
  readonly hash_ids: readonly number[];
}

/** How many blocks from the beginning were seen before; all of them have been seen after. */
function cachedBlocks(blocks: readonly number[], seen: SeenBlocks): number {
  const firstNew = blocks.findIndex((block) => !seen.has(block));
  const cached = firstNew === -1 ? blocks.length : firstNew;
  for (let index = cached; index < blocks.length; index += 1) {
    seen.add(blocks[index]!);
  }
  return cached;
}

const RULES: Readonly<Record<Field, { readonly wanted: string; isValid(value: unknown): boolean }>> = {
  timestamp: { wanted: 'a number of milliseconds, 0 or more', isValid: isMilliseconds },
  input_length: { wanted: `a whole number of tokens from 0 to ${MAX_TOKENS}`, isValid: isTokens },
  output_length: { wanted: `a whole number of tokens from 0 to ${MAX_TOKENS}`, isValid: isTokens },
  hash_ids: { wanted: `a list of whole numbers from 0 to ${LARGEST_BLOCK}`, isValid: isBlocks },
};

function parseRequest(line: string, place: LinePlace): Request {
  const record = parseRecord(line, place, FIELDS);
  for (const field of FIELDS) {
    if (!RULES[field].isValid(record[field])) {
      throw recordFault(line, place, { field, value: record[field], wanted: RULES[field].wanted });
    }
  }
  return record as unknown as Request;
}

function isMilliseconds(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= LATEST_MS;
}

function isTokens(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_TOKENS;
}

function isBlocks(value: unknown): boolean {
  return Array.isArray(value) && value.every(isBlock);
}

function isBlock(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LARGEST_BLOCK;
}
