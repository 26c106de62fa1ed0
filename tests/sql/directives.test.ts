import { describe, expect, test } from 'vitest';
import { type Directive, readDirectives } from '../../src/sql/index.js';

function parts({ words, settings }: Directive): readonly unknown[] {
  return [words.map(({ text }) => text), Object.fromEntries(settings.map(({ key, value }) => [key, value]))];
}

describe('directives', () => {
  test.each<[line: string, words: string[], settings: Record<string, string>]>([
    ['-- plinth: restore', ['restore'], {}],
    ['-- plinth: keep users.email', ['keep', 'users.email'], {}],
    ['--plinth:lock_timeout=5s transaction=off', [], { lock_timeout: '5s', transaction: 'off' }],
    [
      '  -- plinth: keep=off reason="copied by hand, see ""notes"""',
      [],
      { keep: 'off', reason: 'copied by hand, see "notes"' },
    ],
    ['-- plinth: ignore drop-column reason=""  \r', ['ignore', 'drop-column'], { reason: '' }],
    ['-- plinth:', [], {}],
  ])('%s', (line, words, settings) => {
    const [directive] = readDirectives(`select 1;\n${line}\nselect 2;`);
    expect(directive && parts(directive)).toEqual([words, settings]);
    expect(directive).toMatchObject({ line: 2, malformed: undefined });
  });

  test('are not read from other comments, from inside quotes, or behind a statement', () => {
    const text =
      "-- plinth is here\nselect 1; -- plinth: a\n/* -- plinth: b */\nselect $$\n-- plinth: c\n$$, '\n-- plinth: d'";
    expect(readDirectives(text)).toEqual([]);
  });

  test('know the range of every part', () => {
    const text = '-- é\n  -- plinth: keep  a=b c="d e"\n';
    const [directive] = readDirectives(text);
    const ranges = [directive!, ...directive!.words, ...directive!.settings];
    expect(ranges.map(({ start, end }) => text.slice(start, end))).toEqual([
      '-- plinth: keep  a=b c="d e"',
      'keep',
      'a=b',
      'c="d e"',
    ]);
  });

  test.each([
    ['-- plinth: keep reason="never closed', ' reason="never closed'],
    ['-- plinth: =off', ' =off'],
    ['-- plinth: keep= now', ' keep= now'],
    ['-- plinth: reason="a"b', ' reason="a"b'],
  ])('say what cannot be read: %s', (text, malformed) => {
    const [directive] = readDirectives(text);
    expect(text.slice(directive!.malformed!.start, directive!.malformed!.end)).toBe(malformed);
  });
});
