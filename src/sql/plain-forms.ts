/**
 * What sort of statement it is, where its first words leave no doubt: most statements of most migrations. They then
 * need no parser, whose trees cost more than everything else that is done with a script. What is said here is what
 * `classifyStatement` says of the parse tree: a test holds the two together.
 *
 * The forms are matched on the text as it stands. A comment between the words, or a word such as `as` anywhere in a
 * `create table`, leaves the statement to the parser.
 */
import type { Classification } from './classify.js';

/** The class of a statement of a plain form, or `undefined`. `text` begins with the statement's first word. */
export function classifyPlainForm(text: string): Classification | undefined {
  for (const { pattern, tag, kind, unless } of FORMS) {
    const match = pattern.exec(text);
    if (match) {
      const name = tag ?? match[0].trim().replace(/\s+/g, ' ').toUpperCase();
      return unless?.test(text) || text.includes('\0') ? undefined : { ...PLAIN, tag: name, kind };
    }
  }
  return undefined;
}

const PLAIN = {
  transactionBlock: { rule: 'allowed' },
  transactionControl: undefined,
  sessionEffect: undefined,
  addsEnumValue: undefined,
} as const;

interface Form {
  readonly pattern: RegExp;
  /** What is matched, unless told. */
  readonly tag?: string;
  readonly kind: 'definition' | 'data';
  /** Words that may make it something else. */
  readonly unless?: RegExp;
}

const FORMS: readonly Form[] = [
  { pattern: /^create\s+table(?=\s)/i, kind: 'definition', unless: /\b(as|execute)\b/i },
  {
    pattern: /^create\s+(unique\s+)?index\s+(?!concurrently\b)(?=[\w"])/i,
    tag: 'CREATE INDEX',
    kind: 'definition',
  },
  { pattern: /^create\s+(or\s+replace\s+)?function(?=\s)/i, tag: 'CREATE FUNCTION', kind: 'definition' },
  { pattern: /^alter\s+table(?=\s)/i, kind: 'definition', unless: /\b(all|concurrently|detach)\b/i },
  { pattern: /^drop\s+(table|view|sequence|type|schema)(?=\s)/i, kind: 'definition' },
  { pattern: /^drop\s+index(?=\s+(?!concurrently\b)[\w"])/i, kind: 'definition' },
  { pattern: /^comment(?=\s+on\s)/i, kind: 'definition' },
  { pattern: /^insert(?=\s+into\s)/i, kind: 'data' },
];
