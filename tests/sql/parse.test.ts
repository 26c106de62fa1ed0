import { describe, expect, test } from 'vitest';
import { bodyOf, loadParser, offsetOfByte, parseStatement } from '../../src/sql/index.js';

describe('parsing', () => {
  test('needs the parser to be loaded', () => {
    expect(() => parseStatement('select 1')).toThrow(
      expect.objectContaining({ code: 'SQL_PARSER_NOT_LOADED' }),
    );
  });

  test("gives PostgreSQL's parse tree", async () => {
    await loadParser();
    const outcome = parseStatement('create index concurrently i on a.b (c);');
    expect(outcome.kind).toBe('parsed');
    const index = outcome.kind === 'parsed' ? bodyOf(outcome.node, 'IndexStmt') : undefined;
    expect(index).toMatchObject({
      idxname: 'i',
      concurrent: true,
      relation: { schemaname: 'a', relname: 'b' },
    });
  });

  test('says where it gave up, in UTF-16 code units', () => {
    const text = "select 'é😀' frm t x y";
    expect(parseStatement(text)).toEqual({
      kind: 'unparsed',
      message: 'syntax error at or near "t"',
      position: text.indexOf('t x'),
    });
  });

  test.each([
    ['', 'there is no statement'],
    [' -- only a comment', 'there is no statement'],
    ['select 1; select 2', 'there is more than one statement'],
    ['select \0', 'a zero character cannot be part of SQL'],
    ['repack table t', 'syntax error at or near "repack"'],
    ["select '", 'unterminated quoted string at or near "\'"'],
  ])('%j is unparsed: %s', (text, message) => {
    expect(parseStatement(text)).toMatchObject({ kind: 'unparsed', message });
  });

  const n = 20_000;
  test.each([
    ['operators', `select 1${'+1'.repeat(n)}`],
    ['casts', `select 1${'::int'.repeat(n)}`],
    ['negations', `select ${'not '.repeat(n)}true`],
    ['null tests', `select 1${' is null'.repeat(n)}`],
    ['unions', `select 1, 2${' union all select 1, 2'.repeat(n)}`],
    ['joins', `select 1 from t${' join t on true and true'.repeat(n)}`],
    ['subqueries', `select ${'(select '.repeat(n)}1${')'.repeat(n)}`],
    ['calls', `select ${'f(1, '.repeat(n)}1${')'.repeat(n)}`],
    ['cases', `select ${'case when true then 1 else '.repeat(n)}1${' end'.repeat(n)}`],
  ])('does not break on %s nested too deeply', (_, text) => {
    expect(parseStatement(text)).toMatchObject({ message: 'the statement is nested too deeply' });
    expect(parseStatement('select 1').kind).toBe('parsed');
  });

  test.each([
    [
      'rows',
      `insert into t values ${Array.from({ length: n }, (_, i) => `(${i}, -1, 'x'::text)`).join(', ')}`,
    ],
    ['alternatives', `select 1 where ${Array.from({ length: n }, (_, i) => `a = ${i}`).join(' or ')}`],
    ['branches', `select case ${Array.from({ length: n }, (_, i) => `when a = ${i} then -b`).join(' ')} end`],
  ])('parses any number of %s side by side', (_, text) => {
    expect(parseStatement(text).kind).toBe('parsed');
  });

  test('turns byte locations into offsets', () => {
    const text = 'é€😀x';
    expect([0, 2, 5, 9, 10].map((bytes) => offsetOfByte(text, bytes))).toEqual([0, 1, 2, 4, 5]);
  });
});
