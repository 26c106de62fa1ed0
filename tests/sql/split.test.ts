import fc from 'fast-check';
import { parseSync } from 'libpg-query';
import { beforeAll, describe, expect, test } from 'vitest';
import { lex, loadParser, offsetOfByte, splitStatements } from '../../src/sql/index.js';
import { corpusFiles, noCorpora } from './corpora.js';

beforeAll(loadParser);

function textsOf(text: string): string[] {
  return splitStatements(text).map((statement) => statement.text);
}

describe('splitting', () => {
  test.each<[title: string, text: string, ...statements: string[]]>([
    [
      'drops empty statements and what stands around the others',
      ' ;; select 1 ; -- a\n;/* b */ select 2 -- c\n;',
      'select 1',
      'select 2',
    ],
    ['keeps comments inside a statement', 'select /* ; */ 1 -- ;\n, 2; ', 'select /* ; */ 1 -- ;\n, 2'],
    ['sees no semicolon in quotes', `select ';', $$;$$, ";"`, `select ';', $$;$$, ";"`],
    [
      'keeps a rule whole',
      'create rule r as on insert to t do also (select 1; select 2); select 3',
      'create rule r as on insert to t do also (select 1; select 2)',
      'select 3',
    ],
    [
      'keeps an SQL body whole',
      'create function f() returns int begin atomic select case when true then 1 end; select 1 as end; end; select 2',
      'create function f() returns int begin atomic select case when true then 1 end; select 1 as end; end',
      'select 2',
    ],
    [
      'ends a transaction begin at its semicolon',
      'begin; select 1; end; select 2',
      'begin',
      'select 1',
      'end',
      'select 2',
    ],
    ['starts anew after a stray parenthesis', 'select 1); select 2', 'select 1)', 'select 2'],
    [
      'sets psql commands apart',
      'select 1\n\\gset\n\\connect a;\nselect 2',
      'select 1',
      '\\gset',
      '\\connect a;',
      'select 2',
    ],
    [
      'leaves COPY data out of the text',
      "copy t from stdin;\n;'\n\\.\nselect 1;",
      'copy t from stdin',
      'select 1',
    ],
    ['gives an unclosed comment a place', 'select 1; /* a', 'select 1', '/* a'],
  ])('%s', (_, text, ...statements) => {
    expect(textsOf(text)).toEqual(statements);
  });

  test('tells where each statement stands', () => {
    const text = "-- plinth: x\n\nselect '😀';\r\n  select\n2 ; \\q";
    expect(
      splitStatements(text).map(({ kind, line, start, end }) => ({
        kind,
        line,
        text: text.slice(start, end),
      })),
    ).toEqual([
      { kind: 'sql', line: 3, text: "select '😀'" },
      { kind: 'sql', line: 4, text: 'select\n2' },
      { kind: 'meta-command', line: 5, text: '\\q' },
    ]);
  });

  test('gives the range of COPY data without its end mark', () => {
    const text = 'copy t from stdin;\r\n1\t2\r\n\\.\r\nselect 1';
    const [copy] = splitStatements(text);
    expect(text.slice(copy!.copyData!.start, copy!.copyData!.end)).toBe('1\t2\r\n');
    expect(splitStatements('copy t from stdin;\n1\n\\.')[0]!.copyData).toEqual({ start: 19, end: 21 });
  });

  test('points at the quote that is never closed', () => {
    const [statement] = splitStatements("select 'a");
    expect(statement!.unterminated).toEqual({ kind: 'string', start: 7, end: 9, unterminated: true });
    expect(splitStatements("select 'a'")[0]!.unterminated).toBeUndefined();
  });

  test('covers the text: what is between statements is white space, comments and semicolons', () => {
    fc.assert(
      fc.property(fc.array(statementPiece(), { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        let at = 0;
        const gaps: string[] = [];
        for (const { start, end, copyData } of splitStatements(text)) {
          expect(start).toBeGreaterThanOrEqual(at);
          gaps.push(text.slice(at, start));
          at = copyData?.end ?? end;
        }
        gaps.push(text.slice(at));
        const left = gaps.flatMap((gap) =>
          lex(gap).map((token) => ({ ...token, text: gap.slice(token.start, token.end) })),
        );
        expect(
          left.filter(({ kind, text }) => !/comment$/.test(kind) && text !== ';' && text !== '\\.'),
        ).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test("finds the same statements as PostgreSQL's parser in generated scripts", () => {
    fc.assert(
      fc.property(fc.array(statement(), { maxLength: 8 }), (statements) => {
        const text = statements.join('');
        expect(textsOf(text)).toEqual(parserStatements(text));
      }),
      { numRuns: 1000 },
    );
  });
});

describe.skipIf(noCorpora)(
  `splitting public migrations${noCorpora ? ` (skipped: ${noCorpora})` : ''}`,
  () => {
    test("finds the same statements as PostgreSQL's parser in every file that it can parse", () => {
      let compared = 0;
      for (const { path, text } of corpusFiles()) {
        const expected = parserStatements(text);
        if (expected !== undefined) {
          expect(textsOf(text), path).toEqual(expected);
          compared += 1;
        }
      }
      expect(compared).toBeGreaterThan(0);
      console.info(`${compared} files split as PostgreSQL's parser does`);
    }, 60_000);
  },
);

/** The texts of the statements by the parser's own ranges, without trailing comments; undefined if it cannot parse. */
function parserStatements(text: string): string[] | undefined {
  if (text.trim() === '') {
    return [];
  }
  try {
    return (parseSync(text).stmts ?? []).map(({ stmt_location: from = 0, stmt_len: length }) => {
      const start = offsetOfByte(text, from);
      return trimmed(text.slice(start, length ? offsetOfByte(text, from + length) : text.length));
    });
  } catch {
    return undefined;
  }
}

/** Without the comments and spaces at both ends. */
function trimmed(source: string): string {
  const tokens = lex(source).filter(({ kind }) => !/comment$/.test(kind));
  return source.slice(tokens[0]?.start, tokens.at(-1)?.end);
}

function statement(): fc.Arbitrary<string> {
  const text = fc.constantFrom(
    'select 1',
    "insert into t values ('a;''', E'\\';', $x$;$x$)",
    'create function f() returns int language sql begin atomic select case when 1 = 1 then 2 end; end',
    "create function f() returns int language sql as 'select 1;'",
    "create procedure p() begin atomic insert into t values (1); with c as (select case 1 when 1 then 'é' end) select * from c; end",
    'create rule r as on update to t do instead (delete from t; insert into t values (1))',
    'create table "é;" (a int default 1, b text) -- ;\n',
    'do $$ begin perform 1; end $$',
    'begin',
    'end',
    "select '😀' /* ; /* ; */ */ as end, case when true then 1 end",
    '',
  );
  const around = fc.constantFrom('', ' ', '\n', '\r\n', '-- c;\n', '/* c; */', '-- é😀\n', ';');
  return fc.tuple(around, text, around).map(([before, body, after]) => `${before}${body}\n${after};`);
}

function statementPiece(): fc.Arbitrary<string> {
  return fc.constantFrom(
    ';',
    ' ',
    '\n',
    'select',
    '(',
    ')',
    'begin atomic ',
    ' end ',
    ' case ',
    "'a;'",
    '-- c\n',
    '/* c */',
    'copy t from stdin;\n1\n\\.\n',
    '\\x\n',
    '1',
  );
}
