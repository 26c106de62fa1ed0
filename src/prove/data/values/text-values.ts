import { counted, type TypeValues } from './type-values.js';

const EDGES = [
  '',
  ' ',
  'Zoë Müller, 東京 🚀',
  `it's "quoted" \\ and; -- not a comment`,
  'two\nlines\tand a tab',
  'NULL',
  'long '.repeat(60).trimEnd(),
];

/** Texts of PostgreSQL's own types and of `citext`; `undefined` for other types. */
export function textValues(name: string, typmod: number): TypeValues | undefined {
  switch (name) {
    case 'text':
    case 'citext':
      return textsUpTo(Number.POSITIVE_INFINITY);
    case 'varchar':
    case 'bpchar':
      return textsUpTo(typmod < 0 ? Number.POSITIVE_INFINITY : typmod - 4);
    case 'name':
      return textsUpTo(63);
    case 'char':
      return counted(26, (n) => String.fromCharCode(97 + n), ['', '~']);
    default:
      return undefined;
  }
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

function textsUpTo(length: number): TypeValues {
  const edges = EDGES.filter((text) => [...text].length <= length && Buffer.byteLength(text) <= length * 4);
  return length < 8
    ? counted(LETTERS.length ** Math.min(length, 5), (n) => letters(n, length), edges)
    : counted(Number.POSITIVE_INFINITY, (n) => `text${n}`.slice(0, length), edges);
}

/** The number in letters, the same length for all, so that they ascend. */
function letters(n: number, length: number): string {
  let text = '';
  for (let rest = n, place = 0; place < Math.min(length, 5); place += 1) {
    text = LETTERS[rest % LETTERS.length]! + text;
    rest = Math.floor(rest / LETTERS.length);
  }
  return text;
}
