import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Session, withSession } from '../../src/database/index.js';
import { importUsage, readUsageEvent } from '../../src/usage/index.js';
import type { TestDatabase } from '../support/database.js';
import { createUsageDatabase, ORGANIZATION, OTHER_ORGANIZATION, SHARED_DATA, textInput } from './support.js';

let db: TestDatabase;
let session: Session;
beforeAll(async () => {
  db = await createUsageDatabase();
  session = await db.database.connect();
});
afterAll(async () => {
  await session.close();
  await db.drop();
});

const START_NS = 1_772_366_400_000_000_000n; // 2026-03-01T12:00:00Z

interface SpanParts {
  readonly spanId?: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly durationNs?: bigint;
  readonly code?: number;
  readonly changes?: Readonly<Record<string, unknown>>;
}

function attributes(values: Readonly<Record<string, string | number>>) {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value:
      typeof value === 'string'
        ? { stringValue: value }
        : Number.isInteger(value)
          ? { intValue: String(value) }
          : { doubleValue: value },
  }));
}

function request(spans: readonly SpanParts[], resource: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: attributes(resource) },
        scopeSpans: [
          {
            spans: spans.map(
              ({ spanId = '00f067aa0ba902b7', durationNs = 1_500_000_000n, code, ...span }) => ({
                traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
                spanId,
                startTimeUnixNano: String(START_NS),
                endTimeUnixNano: String(START_NS + durationNs),
                attributes: attributes(span.attributes),
                status: { code },
                ...span.changes,
              }),
            ),
          },
        ],
      },
    ],
  });
}

const NEW_NAMES = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'anthropic',
  'gen_ai.request.model': 'large',
  'gen_ai.response.model': 'large-2026-01-01',
  'gen_ai.usage.input_tokens': 1000,
  'gen_ai.usage.cache_read.input_tokens': 600,
  'gen_ai.usage.cache_write.input_tokens': 100,
  'gen_ai.usage.output_tokens': 50,
  'gen_ai.usage.reasoning.output_tokens': 20,
  'gen_ai.response.time_to_first_chunk': 0.25,
};

async function stored(file: string, organizationId = ORGANIZATION) {
  const before = new Set((await eventIds()).map(({ event_id }) => event_id));
  const result = await importUsage(session, { input: textInput(file), organizationId });
  const added = (await eventIds()).filter(({ event_id }) => !before.has(event_id));
  const events = await Promise.all(
    added.map(({ event_id, organization_id }) =>
      readUsageEvent(session, { organizationId: organization_id, eventId: event_id }),
    ),
  );
  return { result, events: events.map((event) => event!) };
}

async function eventIds() {
  return session.query<{ event_id: string; organization_id: string }>(
    'select event_id, organization_id from analytics.usage_events order by event_id',
  );
}

describe('spans of OpenTelemetry', () => {
  test('cannot put more into an event than their own: kinds of errors become plain text that fits', async () => {
    const wild = (errorType: string) => ({ ...NEW_NAMES, 'error.type': errorType });
    const { events, result } = await stored(
      request([
        { spanId: '00000000000000f1', attributes: wild(`x\tt\n${OTHER_ORGANIZATION}\t`) },
        { spanId: '00000000000000f2', attributes: wild(`${'é'.repeat(63)}a😀`) },
        { spanId: '00000000000000f3', attributes: wild('back\\slash') },
      ]),
    );
    expect(result.rowsInserted).toBe(3);
    expect(events.map(({ errorType }) => errorType).sort()).toEqual([
      'back\\slash',
      `x t ${OTHER_ORGANIZATION} `,
      `${'é'.repeat(63)}a`,
    ]);
  });

  test('leave out a time to the first token that nobody waits for', async () => {
    const { events } = await stored(
      request([
        {
          spanId: '00000000000000f4',
          attributes: { ...NEW_NAMES, 'gen_ai.response.time_to_first_chunk': 1e30 },
          changes: { endTimeUnixNano: undefined },
        },
      ]),
    );
    expect(events).toMatchObject([{ ttftUs: undefined, latencyUs: undefined }]);
  });

  test('become events: totals taken apart, the model that answered, time to the first token', async () => {
    const { result, events } = await stored(
      request([{ attributes: { ...NEW_NAMES, 'plinth.organization.id': OTHER_ORGANIZATION } }], {
        'cloud.region': 'eu-west-1',
      }),
    );
    expect(result).toMatchObject({ format: 'otlp-json', source: 'otlp', rowsRead: 1, rowsInserted: 1 });
    expect(events).toMatchObject([
      {
        organizationId: OTHER_ORGANIZATION,
        eventTime: new Date('2026-03-01T12:00:00Z'),
        provider: 'anthropic',
        model: 'large-2026-01-01',
        operation: 'chat',
        region: 'eu-west-1',
        status: 200,
        tokens: {
          inputUncached: 300,
          inputCacheRead: 600,
          inputCacheWrite: 100,
          outputText: 30,
          outputReasoning: 20,
        },
        ttftUs: 250_000,
        latencyUs: 1_500_000,
      },
    ]);
  });

  test('are read by the names of older versions too', async () => {
    const { events } = await stored(
      request([
        {
          spanId: '00000000000000a1',
          attributes: {
            'gen_ai.system': 'openai',
            'gen_ai.request.model': 'gpt-4',
            'gen_ai.usage.prompt_tokens': 12,
            'gen_ai.usage.completion_tokens': 3,
          },
        },
        {
          spanId: '00000000000000a2',
          attributes: {
            'gen_ai.system': 'openai',
            'gen_ai.operation.name': 'embeddings',
            'gen_ai.request.model': 'embed',
            'gen_ai.usage.input_tokens': 9,
          },
        },
      ]),
    );
    expect(
      events.map(({ provider, operation, tokens }) => [provider, operation, tokens?.inputUncached]),
    ).toEqual(
      expect.arrayContaining([
        ['openai', 'chat', 12],
        ['openai', 'embeddings', 9],
      ]),
    );
  });

  test('are the same events however often and in whichever file they come', async () => {
    const span = { spanId: '00000000000000b1', attributes: NEW_NAMES };
    const other = { spanId: '00000000000000b2', attributes: NEW_NAMES };
    expect((await stored(request([span]))).result.rowsInserted).toBe(1);
    expect((await stored(`${request([other])}\n${request([span])}\n`)).result).toMatchObject({
      rowsInserted: 1,
      rowsDuplicate: 1,
    });
  });

  test('of agents and tools are passed over: they hold sums of other spans', async () => {
    const { result } = await stored(
      request(
        ['invoke_agent', 'execute_tool', 'create_agent'].map((name, index) => ({
          spanId: `00000000000000c${index}`,
          attributes: { ...NEW_NAMES, 'gen_ai.operation.name': name },
        })),
      ),
    );
    expect(result).toMatchObject({ rowsRead: 0, rowsInserted: 0, rowsRejected: 0 });
  });

  test('that failed are errors, and unknown tokens are not zero', async () => {
    const { events } = await stored(
      request([
        {
          spanId: '00000000000000d1',
          code: 2,
          attributes: {
            'gen_ai.operation.name': 'chat',
            'gen_ai.provider.name': 'acme',
            'gen_ai.request.model': 'large',
            'error.type': '429',
          },
        },
      ]),
    );
    expect(events).toMatchObject([{ status: 429, errorType: '429', tokens: undefined }]);
  });

  test('with a fault set their line aside, with the place and the reason', async () => {
    const wrong = [
      request([{ attributes: { ...NEW_NAMES, 'gen_ai.usage.cache_read.input_tokens': 5000 } }]),
      request([{ attributes: { ...NEW_NAMES, 'gen_ai.usage.output_tokens': 1.5 } }]),
      request([{ attributes: NEW_NAMES, changes: { spanId: 'seven' } }]),
      request([{ attributes: NEW_NAMES, changes: { startTimeUnixNano: 'noon' } }]),
      request([{ attributes: NEW_NAMES, durationNs: -1_000_000n }]),
      request([{ attributes: { 'gen_ai.operation.name': 'chat' } }]),
      request([{ attributes: { ...NEW_NAMES, 'plinth.organization.id': 'acme' } }]),
      request([{ attributes: { ...NEW_NAMES, 'plinth.api_key.id': 'k-1' } }]),
      request([{ attributes: { ...NEW_NAMES, 'gen_ai.usage.output_tokens': '0x10' } }]),
      '{"resourceSpans": [1]}',
      '{"resourceSpans": [',
    ];
    const good = request([{ spanId: '00000000000000e1', attributes: NEW_NAMES }]);
    const { result } = await stored(`${good}\n${wrong.join('\n')}\n`);
    expect(result).toMatchObject({ rowsRead: 12, rowsInserted: 1, rowsRejected: 11 });
    expect(result.rejects.map(({ line, reason }) => `${line}: ${reason}`)).toEqual([
      '2: a span with parts of its tokens that are more than the whole (totals that include cache and reasoning was wanted)',
      "3: a span with '1.5' as a number of tokens (a whole number from 0 to 1000000000 was wanted)",
      '4: a span with another spanId (16 hexadecimal digits was wanted)',
      "5: a span with 'noon' as startTimeUnixNano (nanoseconds since 1970 was wanted)",
      '6: a span with -1000 microseconds between its ends (0 to 86400000000 was wanted)',
      '7: a span with no provider (gen_ai.provider.name) (1 to 64 characters was wanted)',
      "8: a span with 'acme' as its organization (plinth.organization.id) (a UUID was wanted)",
      "9: a span with 'k-1' as its key (plinth.api_key.id) (a UUID was wanted)",
      "10: a span with '0x10' as a number of tokens (a whole number from 0 to 1000000000 was wanted)",
      '11: lists and objects of another form (an OTLP request was wanted)',
    ]);
  });
});

const TRACES = ['fan_in_dependencies', 'multi_agent_research', 'parallel_requests', 'simple_chain'];

describe.skipIf(!existsSync(join(SHARED_DATA, 'otel-genai')))('real traces of agents', () => {
  test('are read whole: every span that asked a model, its tokens unknown, nothing of what was said kept', async () => {
    interface RealSpan {
      readonly start_time: string;
      readonly end_time: string;
      readonly attributes: Readonly<Record<string, string | number>>;
    }
    const spans = TRACES.flatMap(
      (name) =>
        (
          JSON.parse(readFileSync(join(SHARED_DATA, `otel-genai/${name}.json`), 'utf8')) as {
            spans: RealSpan[];
          }
        ).spans,
    );
    const nanos = (time: string): bigint => BigInt(Date.parse(`${time.slice(0, 23)}Z`)) * 1_000_000n;
    const lines = spans.map((span, index) =>
      request([
        {
          spanId: (0xf00 + index).toString(16).padStart(16, '0'),
          attributes: span.attributes,
          changes: {
            startTimeUnixNano: String(nanos(span.start_time)),
            endTimeUnixNano: String(nanos(span.end_time)),
          },
        },
      ]),
    );
    const { result, events } = await stored(lines.join('\n'));
    const asked = spans.filter(({ attributes: { 'gen_ai.operation.name': name } }) => name === 'chat');
    expect(asked.length).toBe(24);
    expect(result).toMatchObject({ rowsInserted: 24, rowsRejected: 0, totals: { usageUnknown: 24 } });
    expect(events.every(({ tokens, latencyUs }) => tokens === undefined && latencyUs! > 0)).toBe(true);
    const text = await withSession(db.database, (other) =>
      other.query<{ row: string }>('select to_jsonb(e)::text as row from analytics.usage_events as e'),
    );
    expect(text.some(({ row }) => /Paris|France|messages/.test(row))).toBe(false);
  });
});
