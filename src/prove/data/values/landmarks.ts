/** Values that conditions like: round moments, small numbers, codes, addresses, texts of well-known forms. */
import { createHash } from 'node:crypto';

/** For a base type by its name; none for types whose ordinary values are as good as any. */
export function landmarksOf(name: string): readonly string[] {
  switch (name) {
    case 'date':
      return MONTHS;
    case 'timestamp':
      return MONTHS.map((month) => `${month} 00:00:00`);
    case 'timestamptz':
      return MONTHS.map((month) => `${month} 00:00:00+00`);
    case 'interval':
      return ['1 day', '1 hour', '30 days', '1 month', '1 year'];
    case 'int2':
    case 'int4':
    case 'int8':
      return INTEGERS;
    case 'numeric':
    case 'float4':
    case 'float8':
      return [...INTEGERS, '0.5', '0.25', '0.1', '99.99'];
    case 'text':
    case 'varchar':
    case 'bpchar':
    case 'citext':
      return TEXTS;
    case 'json':
    case 'jsonb':
      return ['{}', '[]', '[1]', '["a"]', '{"a": 1}', '"a"', '1', 'true', 'null'];
    case 'bytea':
      return [16, 32, 12, 64, 20].map(
        (bytes) =>
          `\\x${digest('bytea')
            .padEnd(128, '0')
            .slice(0, bytes * 2)}`,
      );
    default:
      return [];
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The first days of two years' months; some of them begin a quarter, a year, a week. */
const MONTHS = Array.from({ length: 24 }, (_, month) =>
  new Date(Date.UTC(2024, month, 1)).toISOString().slice(0, 10),
);

const INTEGERS = [
  '0',
  '1',
  '2',
  '3',
  '5',
  '10',
  '12',
  '24',
  '60',
  '100',
  '1000',
  '1024',
  '-1',
  '443',
  '2024',
];

const FORMS: readonly ((n: number) => string)[] = [
  (n) => `name_${n}`,
  (n) => `some-name-${n}`,
  (n) => `Name${n}`,
  (n) => String(n + 1),
  (n) => `user${n}@example.com`,
  (n) => `https://example.com/${n}`,
  (n) => `/path/${n}`,
  (n) => `1.${n}.0`,
  (n) => digest(String(n)),
  (n) => digest(String(n)).slice(0, 32),
];

const TEXTS = [
  ...[
    'a',
    'A',
    'ab',
    'AB',
    'abc',
    'ABC',
    'abcd',
    '0',
    '00',
    '000',
    'en',
    'en-US',
    'US',
    'DE',
    'FR',
    'USD',
    'EUR',
    'GBP',
  ],
  ...[
    'UTC',
    'Europe/Berlin',
    '+15551234567',
    '12345',
    '2024-01-01',
    '{}',
    '[]',
    'true',
    '#a1b2c3',
    '10.0.0.1',
  ],
  ...['example.com', 'a.b.c', 'a:b', 'a/b', '00000000-0000-4000-8000-000000000001'],
  ...FORMS.flatMap((form) => [0, 1, 2].map(form)),
];
