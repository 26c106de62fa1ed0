import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineDiff } from '../../src/core/index.js';

const text = fc
  .array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })
  .map((lines) => lines.join('\n'));

test('marks what differs, with the line before and after', () => {
  const before = ['1', '2', '3', '4', '5', '6', '7', '8'].join('\n');
  const after = ['1', '2', 'three', '4', '5', '6', '7', '8', '9'].join('\n');
  expect(lineDiff(before, after)).toEqual(['  2', '- 3', '+ three', '  4', '…', '  8', '+ 9']);
});

test('shows as many lines around a change as it is told', () => {
  expect(lineDiff('1\n2\n3\n4', '1\n2\n3\nfour', { contextLines: 2 })).toEqual([
    '  2',
    '  3',
    '- 4',
    '+ four',
  ]);
});

test('keeps what long texts begin and end with alike, though their middles are too far apart to compare', () => {
  const middle = (word: string) => Array.from({ length: 400 }, (_, line) => `${word} ${line}`);
  const before = ['head', ...middle('old'), 'tail'].join('\n');
  const after = ['head', ...middle('new'), 'tail'].join('\n');
  const lines = lineDiff(before, after);
  expect([lines[0], lines.at(-1), lines.length]).toEqual(['  head', '  tail', 802]);
});

test('of equal texts is empty, and of others is not', () => {
  fc.assert(fc.property(text, text, (a, b) => (lineDiff(a, b).length === 0) === (a === b)));
});

test('removes and adds as few lines as the longest common subsequence allows', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      const marks = lineDiff(a, b).map((line) => line[0]);
      const left = a.split('\n');
      const right = b.split('\n');
      const common = longestCommon(left, right);
      expect(marks.filter((mark) => mark === '-')).toHaveLength(left.length - common);
      expect(marks.filter((mark) => mark === '+')).toHaveLength(right.length - common);
    }),
  );
});

function longestCommon(left: readonly string[], right: readonly string[]): number {
  const table = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1).fill(0));
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      table[i]![j] =
        left[i] === right[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
    }
  }
  return table[0]![0]!;
}
