import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lex, meaningDigest, splitStatements, statementDigests } from '../../src/sql/index.js';
import { corpusFiles, noCorpora } from './corpora.js';

const SCRIPT = `-- Licence header
create table "Users" (
  id bigint primary key, -- the key
  name text default 'a''b' /* why */
);
create function f() returns int language sql as $body$ select 1 $body$;
insert into "Users" values (1, 'x');
`;

describe('the digest of a meaning', () => {
  test.each<[title: string, edit: (text: string) => string]>([
    ['another licence header', (text) => text.replace('Licence header', 'Other licence\n-- of two lines')],
    ['a comment removed', (text) => text.replace(' -- the key', '').replace(' /* why */', '')],
    ['a comment added inside a statement', (text) => text.replace('bigint', '/* key; */ bigint')],
    ['other indentation', (text) => text.replaceAll('\n  ', '\n\t\t')],
    ['Windows line endings', (text) => text.replaceAll('\n', '\r\n')],
    [
      'keywords in capitals',
      (text) => text.replace('create table', 'CREATE Table').replace('bigint', 'BIGINT'),
    ],
    ['another dollar tag', (text) => text.replaceAll('$body$', () => '$$')],
    ['stray semicolons', (text) => `;;${text.replaceAll(';', ' ; ;')}`],
    ['no last semicolon', (text) => text.trimEnd().slice(0, -1)],
    ['a byte-order mark', (text) => `\uFEFF${text}`],
    ['a string divided over two lines', (text) => text.replace("'a''b'", "'a''' -- so\n  'b'")],
  ])('stays the same with %s', (_, edit) => {
    expect(edit(SCRIPT)).not.toBe(SCRIPT);
    expect(meaningDigest(edit(SCRIPT))).toBe(meaningDigest(SCRIPT));
  });

  test.each<[title: string, edit: (text: string) => string]>([
    ['a changed type', (text) => text.replace('bigint', 'int')],
    ['a changed case in a quoted name', (text) => text.replaceAll('"Users"', '"users"')],
    ['a changed case in a constant', (text) => text.replace("'x'", "'X'")],
    ['a space added in a constant', (text) => text.replace("'x'", "'x '")],
    ['a comment added in a function body', (text) => text.replace('select 1', 'select 1 -- one\n')],
    ['a statement removed', (text) => text.replace(/insert.*\n/, '')],
    [
      'statements in another order',
      (text) =>
        text
          .split(/(?=create function|insert)/)
          .reverse()
          .join(''),
    ],
    ['a statement divided in two', (text) => text.replace('default', '; default')],
    [
      'a comment opened around a statement',
      (text) => text.replace('insert', '/* insert').replace("'x');", "'x'); */"),
    ],
    ['a quote taken away', (text) => text.replace("'x'", "'x")],
  ])('changes with %s', (_, edit) => {
    expect(meaningDigest(edit(SCRIPT))).not.toBe(meaningDigest(SCRIPT));
  });

  test('tells a space between strings from none', () => {
    expect(meaningDigest("select 'a' 'b'")).not.toBe(meaningDigest("select 'a'\n'b'"));
    expect(meaningDigest("select 'a'\n'b'")).toBe(meaningDigest("select 'ab'"));
    expect(meaningDigest("select e'a'\n'\\'b'")).toBe(meaningDigest("select e'a\\'b'"));
    expect(meaningDigest("select 'a''b'")).not.toBe(meaningDigest("select 'a' 'b'"));
  });

  test('folds ASCII letters only, as PostgreSQL does', () => {
    expect(meaningDigest('select ÄB')).toBe(meaningDigest('select Äb'));
    expect(meaningDigest('select ÄB')).not.toBe(meaningDigest('select äb'));
  });

  test('does not confuse a dollar-quoted body that holds the other tag', () => {
    expect(meaningDigest('select $a$ $$ $$ $a$')).not.toBe(meaningDigest('select $$ $$ $$ $$'));
  });

  test('is written down: ledgers hold it', () => {
    expect(meaningDigest('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(meaningDigest(SCRIPT)).toMatchInlineSnapshot(
      `"9054b038c3ea38df2c9c2bf02618b6e53471038d3a9b1e9fd4ca0529bed6cabc"`,
    );
  });

  test('comes with one digest per statement, of which only the changed one differs', () => {
    const before = statementDigests(SCRIPT);
    const after = statementDigests(SCRIPT.replace("'x'", "'y'"));
    expect(before).toHaveLength(splitStatements(SCRIPT).length);
    expect(before.map((digest, index) => digest === after[index])).toEqual([true, true, false]);
  });

  test('is the same for any text whose tokens are merely set apart or spoken about', () => {
    const filler = fc.constantFrom(' ', '\n', '\r\n', '\t', '-- c\n', '/* c; */', ' /* /* */ */ ');
    fc.assert(
      fc.property(fc.array(filler, { minLength: 40, maxLength: 40 }), (fillers) => {
        const tokens = lex(SCRIPT).filter(({ kind }) => !/comment/.test(kind));
        // A comment could not stand in front of the next string: nothing here begins with one.
        const respaced = tokens.map(
          ({ start, end }, index) => `${SCRIPT.slice(start, end)} ${fillers[index % 40]}`,
        );
        expect(meaningDigest(respaced.join(''))).toBe(meaningDigest(SCRIPT));
      }),
    );
  });
});

describe.skipIf(noCorpora)(
  `digests of public migrations${noCorpora ? ` (skipped: ${noCorpora})` : ''}`,
  () => {
    test('of 538 files take less than 100 ms', () => {
      const files = corpusFiles('openmeter');
      const timesMs = Array.from({ length: 5 }, () => {
        const startMs = performance.now();
        for (const { text } of files) {
          meaningDigest(text);
        }
        return performance.now() - startMs;
      });
      console.info(`${files.length} files: ${timesMs.map(Math.round).join(', ')} ms`);
      expect(Math.min(...timesMs)).toBeLessThan(100);
    });
  },
);
