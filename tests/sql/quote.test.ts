import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withSession } from '../../src/database/index.js';
import { qualifiedName, quoteIdentifier, quoteLiteral } from '../../src/sql/index.js';
import { createTestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';

const words = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }),
  fc.stringMatching(/^[a-z_][a-z0-9_$]{0,8}$/),
  fc.constantFrom('Users', 'a"b', '1a', 'é', "it's", 'a\\b', "\\'", '', 'user'),
);
const texts = fc.array(
  words.filter((word) => !word.includes('\0') && !/\p{Surrogate}/u.test(word)),
  { minLength: 300, maxLength: 300 },
);

describeOnEveryServer('quoting', ({ url }) => {
  test('makes names and constants that the server reads back as they were', async () => {
    const { database, drop } = await createTestDatabase({ serverUrl: await url() });
    await withSession(database, async (session) => {
      const keywords = await session.query<{ word: string; reserved: boolean }>(
        `select word, catcode <> 'U' as reserved from pg_catalog.pg_get_keywords()`,
      );
      for (const { word, reserved } of keywords) {
        // Reserved in some version is quoted for all of them.
        if (reserved) {
          expect(quoteIdentifier(word)).toBe(`"${word}"`);
        }
      }
      const [samples] = fc.sample(texts, { numRuns: 1, seed: 7 });
      const names = [...samples!, ...keywords.map(({ word }) => word)].filter(
        (name) => name !== '' && Buffer.byteLength(name) < 64,
      );
      const selected = names.map(
        (name, index) =>
          `select ${index} as n, ${quoteLiteral(name)} as value, ${quoteLiteral(quoteIdentifier(name))} as quoted`,
      );
      const rows = await session.query<{ n: number; value: string; quoted: string; parsed: string[] }>(
        `select n, value, quoted, pg_catalog.parse_ident(quoted) as parsed from (${selected.join(' union all ')}) as samples order by n`,
      );
      expect(rows.map(({ value }) => value)).toEqual(names);
      expect(rows.map(({ quoted }) => quoted)).toEqual(names.map(quoteIdentifier));
      expect(rows.map(({ parsed }) => parsed)).toEqual(names.map((name) => [name]));
      await session.run(`set standard_conforming_strings = off`);
      const [row] = await session.query<{ value: string }>(`select ${quoteLiteral("a\\'b")} as value`);
      expect(row!.value).toBe("a\\'b");
    });
    await drop();
  });
});

describe('quoting', () => {
  test("agrees with PostgreSQL 18's own quote_ident", async () => {
    const { database, drop } = await createTestDatabase();
    await withSession(database, async (session) => {
      const [samples] = fc.sample(texts, { numRuns: 1, seed: 11 });
      const keywords = await session.query<{ word: string }>('select word from pg_catalog.pg_get_keywords()');
      const names = [...samples!, ...keywords.map(({ word }) => word)].filter((name) => name !== '');
      const rows = await session.query<{ quoted: string }>(
        `select pg_catalog.quote_ident(name) as quoted from unnest($1::text[]) with ordinality as n (name, at) order by at`,
        [names],
      );
      expect(names.map(quoteIdentifier)).toEqual(rows.map(({ quoted }) => quoted));
    });
    await drop();
  });

  test('joins the parts of a name and leaves out absent ones', () => {
    expect(qualifiedName('app', 'Users', 'id')).toBe('app."Users".id');
    expect(qualifiedName(undefined, 'users')).toBe('users');
  });
});
