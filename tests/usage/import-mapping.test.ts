import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/database/index.js';
import { shifted } from '../../src/usage/import/in-unit.js';
import { importUsage, readMapping, readUsageEvent } from '../../src/usage/index.js';
import type { TestDatabase } from '../support/database.js';
import { createUsageDatabase, ORGANIZATION, OTHER_ORGANIZATION, textInput } from './support.js';

let db: TestDatabase;
let session: Session;
const folder = mkdtempSync(join(tmpdir(), 'plinth-test-mapping-'));
beforeAll(async () => {
  db = await createUsageDatabase();
  session = await db.database.connect();
});
afterAll(async () => {
  await session.close();
  await db.drop();
  rmSync(folder, { recursive: true });
});

function mapping(text: string) {
  const file = join(folder, 'mapping.yml');
  writeFileSync(file, text);
  return readMapping(file);
}

async function imported(mappingText: string, file: string) {
  const result = await importUsage(session, { input: textInput(file), mapping: mapping(mappingText) });
  const rows = await session.query<{ event_id: string; organization_id: string }>(
    'select event_id, organization_id from analytics.usage_events where batch_id = $1 order by event_id',
    [result.batchId],
  );
  const events = await Promise.all(
    rows.map(({ event_id, organization_id }) =>
      readUsageEvent(session, { organizationId: organization_id, eventId: event_id }),
    ),
  );
  return { result, events: events.map((event) => event!) };
}

const GATEWAY = `
version: 1
format: csv
source: old-gateway
fields:
  event_time: { from: started, unit: s }
  foreign_id: request
  organization_id:
    from: tenant
    values: { acme: ${ORGANIZATION}, umbra: ${OTHER_ORGANIZATION} }
  provider: { value: openai }
  model: model name
  input_tokens: prompt
  input_cache_read_tokens: cached
  output_tokens: completion
  latency_us: { from: seconds, unit: s }
  cost_nanos: { from: dollars, unit: unit }
`;
const HEADER = 'request,started,tenant,model name,prompt,cached,completion,seconds,dollars,remark\n';

describe('a mapping', () => {
  test('makes events of a CSV file with other names, units, totals and values', async () => {
    const { result, events } = await imported(
      GATEWAY,
      `${HEADER}r-1,1772366400.25,acme,gpt-4,100,40,7,1.5,0.000000123,"ignored, wholly"\nr-2,1772366401,umbra,gpt-4,,,,,,\n`,
    );
    expect(result).toMatchObject({
      format: 'mapped-csv',
      source: 'old-gateway',
      rowsInserted: 2,
      rowsRejected: 0,
    });
    expect(events).toMatchObject([
      {
        eventTime: new Date('2026-03-01T12:00:00.250Z'),
        organizationId: ORGANIZATION,
        provider: 'openai',
        model: 'gpt-4',
        tokens: { inputUncached: 60, inputCacheRead: 40, outputText: 7, outputReasoning: 0 },
        latencyUs: 1_500_000,
        cost: { nanos: 123n, source: 'provider' },
      },
      { organizationId: OTHER_ORGANIZATION, tokens: undefined, cost: undefined },
    ]);
  });

  test('gives an event the identity of its foreign id: in another file it is the same', async () => {
    const again = await imported(GATEWAY, `${HEADER}r-2,1772366401,umbra,gpt-4,,,,,,another line\n`);
    expect(again.result).toMatchObject({ rowsInserted: 0, rowsDuplicate: 1 });
  });

  test('reads paths of JSON lines, and the usage in an answer as its provider tells it', async () => {
    const line = {
      at: '2026-03-01T13:00:00Z',
      ids: { org: ORGANIZATION },
      answer: {
        model: 'claude-sonnet-4-5',
        usage: {
          input_tokens: 10,
          cache_read_input_tokens: 30,
          cache_creation_input_tokens: 5,
          output_tokens: 4,
        },
      },
    };
    const { events } = await imported(
      'version: 1\nformat: jsonl\nfields:\n  event_time: at\n  organization_id: ids.org\n  provider: { value: anthropic }\nusage: { from: answer, provider: anthropic }\n',
      `${JSON.stringify(line)}\n`,
    );
    expect(events).toMatchObject([
      {
        model: 'claude-sonnet-4-5',
        tokens: { inputUncached: 10, inputCacheRead: 30, inputCacheWrite: 5, outputText: 4 },
      },
    ]);
  });

  test('sets rows aside whose values do not fit, at the column of the file', async () => {
    const { result } = await imported(
      GATEWAY,
      `${HEADER}r-3,soon,acme,gpt-4,1,0,1,1,1,\nr-4,1772366402,nobody,gpt-4,1,0,1,1,1,\nr-5,1772366402,acme,gpt-4,10,40,1,1,1,\n`,
    );
    expect(result.rejects).toMatchObject([
      { line: 2, column: 5, field: 'event_time' },
      { line: 3, column: 16, field: 'organization_id' },
      { line: 4, column: 27, field: 'input_uncached_tokens' },
    ]);
    const answer = await imported(
      'version: 1\nformat: jsonl\nfields: { event_time: at, organization_id: org, provider: { value: openai }, model: m }\nusage: { provider: openai, flavor: chat }\n',
      `{"at": "2026-03-01T13:00:00Z", "org": "${ORGANIZATION}", "m": "x", "prompt": "my secret"}\n`,
    );
    expect(answer.result.rejects).toMatchObject([{ line: 1 }]);
    expect(answer.result.rejects[0]!.reason).not.toContain('secret');
  });

  test('sets rows aside whose values would lose something: objects, and ids and amounts that JSON rounds', async () => {
    const text =
      'version: 1\nformat: jsonl\nfields: { event_time: at, organization_id: { from: org, values: { acme: "ORG" } }, provider: { value: x }, model: m, foreign_id: id, cost_nanos: nanos, error_type: error }\n';
    const rows = [
      { id: 1 },
      { error: { code: 500 } },
      { id: '9007199254740993' },
      { nanos: 9_007_199_254_740_994 },
      { org: 'constructor' },
    ].map((row) => JSON.stringify({ at: '2026-03-01T14:00:00Z', org: 'acme', m: 'x', ...row }));
    // Beyond what a number of JavaScript tells apart.
    const ids = ['3', '4'].map(
      (digit) => `{"at":"2026-03-01T14:00:00Z","org":"acme","m":"x","id":900719925474099${digit}}`,
    );
    const { result } = await imported(text.replace('ORG', ORGANIZATION), `${[...rows, ...ids].join('\n')}\n`);
    expect(result).toMatchObject({ rowsRead: 7, rowsInserted: 2, rowsDuplicate: 0, rowsRejected: 5 });
    expect(result.rejects.map(({ line, field }) => [line, field])).toEqual([
      [2, 'error'],
      [4, 'nanos'],
      [5, 'organization_id'],
      [6, 'id'],
      [7, 'id'],
    ]);
  });

  test('of a column that the file has twice refuses the import', async () => {
    await expect(
      imported(
        'version: 1\nformat: csv\nfields: { event_time: t, status: s }\n',
        't,s,s\n2026-03-01T14:00:00Z,200,500\n',
      ),
    ).rejects.toMatchObject({ code: 'USAGE_TRACE_MALFORMED', details: { line: 1, column: 5 } });
  });

  test('is refused where it is wrong, at the place', () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      [
        'version: 1\nformat: xml\nfields: { event_time: t }\n',
        /'format' is not right \(one of csv, jsonl was wanted\)/,
      ],
      ['version: 1\nformat: csv\nfields: { model: m }\n', /neither event_time nor event_id is mapped/],
      [
        'version: 1\nformat: csv\nfields: { event_time: { from: t, unit: unit } }\n',
        /'event_time' has no unit 'unit' \(iso, s, ms, us, ns was wanted\)/,
      ],
      [
        'version: 1\nformat: csv\nfields: { event_time: t }\nusage: { provider: openai }\n',
        /can be read from JSON lines only/,
      ],
      ['version: 1\nformat: csv\nfields: { event_time: t, modle: m }\n', /modle/],
    ];
    for (const [text, message] of cases) {
      expect(() => mapping(text)).toThrow(
        expect.objectContaining({ code: 'USAGE_MAPPING_INVALID', message: expect.stringMatching(message) }),
      );
    }
  });

  test('of a column that the file does not have, or a provider that is not known, refuses the import', async () => {
    await expect(imported(GATEWAY, 'request,started\nr,1\n')).rejects.toMatchObject({
      code: 'USAGE_COLUMN_UNKNOWN',
    });
    await expect(
      imported('version: 1\nformat: jsonl\nfields: { event_time: t }\nusage: { provider: nobody }\n', '{}\n'),
    ).rejects.toMatchObject({ code: 'USAGE_PAYLOAD_UNKNOWN' });
  });
});

test('numbers of other units are moved by powers of ten without loss', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
      fc.integer({ min: 0, max: 9 }),
      (whole, places) => {
        const sign = whole < 0n ? '-' : '';
        const digits = (whole < 0n ? -whole : whole).toString().padStart(places + 1, '0');
        const text = `${sign}${digits.slice(0, digits.length - places)}.${digits.slice(digits.length - places)}`;
        expect(shifted(text, places)).toBe(whole);
        expect(shifted(`${whole}e-${places}`, places)).toBe(whole);
      },
    ),
  );
  expect([
    shifted('1.5', 0),
    shifted('1.4999', 0),
    shifted('', 0),
    shifted('.', 0),
    shifted('1x', 0),
  ]).toEqual([2n, 1n, undefined, undefined, undefined]);
});
