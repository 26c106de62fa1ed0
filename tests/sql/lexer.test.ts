import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lex } from '../../src/sql/index.js';

/** The tokens as `kind:text`, with `!` behind the kind of one that is not closed. */
function tokensOf(text: string): string[] {
  return lex(text).map(
    ({ kind, start, end, unterminated }) => `${kind}${unterminated ? '!' : ''}:${text.slice(start, end)}`,
  );
}

describe('the lexer', () => {
  test.each<[title: string, text: string, ...tokens: string[]]>([
    ['words keep their case', 'Select éé_1$', 'word:Select', 'word:éé_1$'],
    ['a doubled quote stays inside', "'it''s'", "string:'it''s'"],
    ['a backslash is plain in a standard string', "'a\\' b", "string:'a\\'", 'word:b'],
    ['a backslash escapes in an E string', "E'a\\'b' c", "string:E'a\\'b'", 'word:c'],
    [
      'prefixes belong to their string',
      "x'1F' b'01' n'a' u&'\\0041'",
      "string:x'1F'",
      "string:b'01'",
      "string:n'a'",
      "string:u&'\\0041'",
    ],
    ['a space parts a prefix from a string', "e 'a\\'", 'word:e', "string:'a\\'"],
    ['a string goes on in the next line', "'a' -- so\n  'b'", "string:'a' -- so\n  'b'"],
    ['an E string goes on as an E string', "e'a'\n'\\'' b", "string:e'a'\n'\\''", 'word:b'],
    ['a string does not go on in its own line', "'a' 'b'", "string:'a'", "string:'b'"],
    ['a block comment parts strings', "'a'/*\n*/'b'", "string:'a'", 'block-comment:/*\n*/', "string:'b'"],
    ['quoted names', '"a""b" U&"x"', 'quoted-word:"a""b"', 'quoted-word:U&"x"'],
    ['dollar quotes end at their own tag', "$a$ $$ ' $b$ $a$ x", "dollar-string:$a$ $$ ' $b$ $a$", 'word:x'],
    ['a dollar in a word opens nothing', 'a$$b$$', 'word:a$$b$$'],
    ['parameters', '$1::int', 'parameter:$1', 'punctuation:::', 'word:int'],
    [
      'numbers',
      '1 .5 1.5e-3 0xFF 1_000 1..10',
      'number:1',
      'number:.5',
      'number:1.5e-3',
      'number:0xFF',
      'number:1_000',
      'number:1',
      'punctuation:..',
      'number:10',
    ],
    ['junk stays with its number', '1a', 'number:1a'],
    [
      'operators end before a comment',
      'a<--b\nc*/*d*/e',
      'word:a',
      'operator:<',
      'line-comment:--b',
      'word:c',
      'operator:*',
      'block-comment:/*d*/',
      'word:e',
    ],
    [
      'a sign is no part of a standard operator',
      'a=-1 @- 2',
      'word:a',
      'operator:=',
      'operator:-',
      'number:1',
      'operator:@-',
      'number:2',
    ],
    ['block comments nest', '/* a /* b */ c */ d', 'block-comment:/* a /* b */ c */', 'word:d'],
    ['a line comment ends before its line ending', '-- a\r\nb', 'line-comment:-- a', 'word:b'],
    [
      'psql commands run to the end of the line',
      '\\connect x;\nselect 1 \\gset',
      'meta-command:\\connect x;',
      'word:select',
      'number:1',
      'meta-command:\\gset',
    ],
    ['a byte-order mark is not a word', '\uFEFFselect', 'word:select'],
    ['what is not SQL is a token', '{$}', 'unknown:{', 'unknown:$', 'unknown:}'],
    ['open quotes run to the end', "'a", "string!:'a"],
    ['open continuations run to the end', "'a'\n'b", "string!:'a'\n'b"],
    ['open comments run to the end', '/* /* */', 'block-comment!:/* /* */'],
    ['open dollar quotes run to the end', '$a$ $$', 'dollar-string!:$a$ $$'],
    ['an escape at the end', "e'\\", "string!:e'\\"],
    [
      'copy data',
      "copy t (a) from stdin;\nit's\t\\N\n\\.\nselect",
      'word:copy',
      'word:t',
      'punctuation:(',
      'word:a',
      'punctuation:)',
      'word:from',
      'word:stdin',
      'punctuation:;',
      "copy-data:it's\t\\N\n\\.",
      'word:select',
    ],
    [
      'copy data that never ends',
      'copy t from stdin;\n1\n',
      'word:copy',
      'word:t',
      'word:from',
      'word:stdin',
      'punctuation:;',
      'copy-data!:1\n',
    ],
    [
      'copy without data',
      'copy t from stdin;\n',
      'word:copy',
      'word:t',
      'word:from',
      'word:stdin',
      'punctuation:;',
    ],
  ])('%s', (_, text, ...tokens) => {
    expect(tokensOf(text)).toEqual(tokens);
  });

  test('covers any text exactly: between tokens there is white space and nothing else', () => {
    fc.assert(
      fc.property(sqlLikeText(), (text) => {
        let at = 0;
        for (const { start, end } of lex(text)) {
          expect(text.slice(at, start)).toMatch(/^\uFEFF?[ \t\n\r\f\v]*$/);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(text.slice(at)).toMatch(/^\uFEFF?[ \t\n\r\f\v]*$/);
      }),
      { numRuns: 2000 },
    );
  });

  test('gives the same tokens for a part of the text that begins at a token', () => {
    fc.assert(
      fc.property(sqlLikeText(), fc.nat(), (text, pick) => {
        const tokens = lex(text);
        const from = tokens[pick % Math.max(1, tokens.length)];
        // Data follows from what stands before it; a byte-order mark is one at the start only.
        if (from && !text.includes('\uFEFF') && !tokens.some(({ kind }) => kind === 'copy-data')) {
          const rest = lex(text.slice(from.start)).map((token) =>
            text.slice(from.start).slice(token.start, token.end),
          );
          expect(rest).toEqual(
            tokens.slice(tokens.indexOf(from)).map(({ start, end }) => text.slice(start, end)),
          );
        }
      }),
      { numRuns: 1000 },
    );
  });
});

/** Texts made of the characters and words that matter to a lexer, and of any others. */
function sqlLikeText(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(
      "'",
      '"',
      '$',
      '$$',
      '$a$',
      '--',
      '/*',
      '*/',
      '\\',
      '\\.',
      '\n',
      '\r\n',
      ' ',
      ';',
      '(',
      ')',
      'E',
      'U&',
    ),
    fc.constantFrom(
      'copy t from stdin',
      'begin atomic',
      'end',
      'case',
      '1',
      '1.',
      '.',
      '::',
      '+',
      '@',
      'é',
      '😀',
      '\uFEFF',
    ),
    fc.string({ maxLength: 3, unit: 'binary' }),
  );
  return fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
}
