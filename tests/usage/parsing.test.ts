import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { derivedEventId, eventIdTimeMs } from '../../src/usage/event-id.js';
import { parseTimeMs } from '../../src/usage/event-time.js';
import { csvFieldOffset, csvFields } from '../../src/usage/import/csv-line.js';
import { walkJsonObject } from '../../src/usage/import/json-line.js';
import { readLines } from '../../src/usage/import/lines.js';
import { SeenBlocks } from '../../src/usage/import/seen-blocks.js';

const LINE_TEXT = fc.string({ unit: fc.constantFrom('a', '"', ',', ' ', 'é', '😀', "'"), maxLength: 8 });

describe('a line of CSV', () => {
  test('gives back the fields that were written', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(LINE_TEXT, fc.boolean()), { minLength: 1, maxLength: 6 }), (fields) => {
        const written = fields.map(([text, quote]) =>
          quote || /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text,
        );
        const line = written.join(',');
        expect(csvFields(line)).toEqual(fields.map(([text]) => text));
        written.forEach((field, index) => {
          const offset = csvFieldOffset(line, index);
          expect(line.slice(offset, offset + field.length)).toBe(field);
        });
      }),
    );
  });
});

describe('a line of JSON', () => {
  test('has a fault exactly where JSON.parse refuses it', () => {
    const cut = fc
      .tuple(
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })),
        fc.nat(),
        fc.constantFrom('', '}', '"', ',', '\\', '01', 'nul'),
      )
      .map(([value, at, extra]) => {
        const text = JSON.stringify(value);
        return (
          text.slice(0, at % (text.length + 1)) + extra + text.slice((at % (text.length + 1)) + (at % 3))
        );
      });
    fc.assert(
      fc.property(cut, (text) => {
        const walked = walkJsonObject(text);
        expect('offset' in walked).toBe(!isJsonObject(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test('tells where the names and values of its fields are', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), (value) => {
        const text = JSON.stringify(value, null, ' ').replaceAll('\n', ' ');
        const walked = walkJsonObject(text) as ReadonlyMap<string, { name: number; value: number }>;
        for (const [name, field] of Object.entries(value)) {
          const offset = walked.get(name)!;
          expect(text.startsWith(JSON.stringify(name), offset.name)).toBe(true);
          expect(text.slice(offset.value)).toMatch(/^["[{\-\dtfn]/);
          expect(text.slice(offset.value)[0]).toBe(JSON.stringify(field)[0]);
        }
      }),
    );
  });
});

describe('lines', () => {
  test('do not depend on where the pieces of the input end', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r\n', 'é', '😀', '\uFEFF'), maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 7 }), async (written, size) => {
        const bytes = Buffer.from(written);
        const wanted = await linesOf([bytes]);
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        expect(await linesOf(pieces)).toEqual(wanted);
        const plain = written.replace(/^\uFEFF/, '').split(/\r?\n/);
        expect(wanted).toEqual(plain.at(-1) === '' ? plain.slice(0, -1) : plain);
      }),
    );
  });
});

describe('a time', () => {
  test('is read to the millisecond, finer digits cut off, whatever its offset', () => {
    const time = fc.date({
      min: new Date('2000-01-01T00:00:00Z'),
      max: new Date('2199-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(time, fc.integer({ min: 0, max: 999_999 }), (date, nanos) => {
        const text = `${date.toISOString().slice(0, -1)}${String(nanos).padStart(6, '0')}`;
        expect(parseTimeMs(text)).toBe(date.getTime());
        expect(parseTimeMs(`${text.replace('T', ' ')}Z`)).toBe(date.getTime());
      }),
    );
    expect(parseTimeMs('2026-03-01T01:30:00+05:30')).toBe(Date.UTC(2026, 1, 28, 20));
    expect(parseTimeMs('2026-03-01 01:30:00-0230')).toBe(Date.UTC(2026, 2, 1, 4));
  });

  test('is none when it is not in the calendar, not on the clock or out of bounds', () => {
    for (const text of [
      '',
      'noon',
      '2026-03-01',
      '2025-02-29T00:00:00Z',
      '2026-00-01T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-01-01T24:00:00Z',
      '2026-01-01T00:60:00Z',
      '2026-01-01T23:59:60Z',
      '1999-12-31T23:59:59Z',
      '2200-01-01T00:00:00Z',
      ' 2026-01-01T00:00:00Z',
    ]) {
      expect(parseTimeMs(text)).toBeUndefined();
    }
  });
});

describe('a derived event id', () => {
  test('holds the time, is a UUID of version 7, and differs with every part of the identity', () => {
    const identity = fc.record({
      source: LINE_TEXT,
      organizationId: LINE_TEXT,
      line: fc.nat(),
      raw: LINE_TEXT,
    });
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 43 }), identity, identity, (timeMs, one, other) => {
        const id = derivedEventId(timeMs, one);
        expect(eventIdTimeMs(id)).toBe(timeMs);
        expect(id === derivedEventId(timeMs, other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });
});

test('a set of blocks holds what was added and nothing else', () => {
  const block = fc.oneof(fc.integer({ min: 0, max: 70 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
  fc.assert(
    fc.property(fc.array(block), fc.array(block), (added, asked) => {
      const seen = new SeenBlocks();
      for (const number of added) {
        seen.add(number);
      }
      for (const number of [...added, ...asked]) {
        expect(seen.has(number)).toBe(added.includes(number));
      }
    }),
  );
});

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

async function linesOf(chunks: readonly Uint8Array[]): Promise<string[]> {
  const place = { file: 'test', line: 0 };
  const lines: string[] = [];
  async function* source(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  for await (const some of readLines(source(), place)) {
    lines.push(...some);
    place.line += some.length;
  }
  return lines;
}
