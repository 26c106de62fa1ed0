/** A YAML file with the places of what is in it, so that a complaint points at the line it is about. */
import { type Document, isScalar, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type ErrorFactory, nearest, type SourceRange } from '../../core/index.js';

export type Path = readonly PropertyKey[];

export interface DeclarationFile<T> {
  readonly value: T;
  /** Throws a complaint about what is at `path`; `within` is a part of the scalar there. */
  fail(path: Path, complaint: string, more?: { readonly hint?: string; readonly within?: Span }): never;
}

/** Offsets in the text of a scalar. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** Reads and validates. @throws what `kind` makes, with the place in the text */
export function readDeclarationFile<Schema extends z.ZodType>(
  { text, file }: { readonly text: string; readonly file: string },
  schema: Schema,
  kind: ErrorFactory,
): DeclarationFile<z.output<Schema>> {
  const document = parseDocument(text, { prettyErrors: false });
  const failAt = (source: SourceRange, complaint: string, hint?: string): never => {
    throw kind({ message: `Cannot use ${file}: ${complaint}`, source, ...(hint ? { hint } : {}) });
  };
  const flaw = document.errors[0];
  if (flaw) {
    failAt({ file, text, start: flaw.pos[0], end: flaw.pos[1] }, flaw.message);
  }
  const place = (path: Path, within?: Span, keyItself = false): SourceRange => {
    const node = nodeAt(document, path, keyItself);
    const [start, end] = node?.range ?? [0, Math.max(1, text.indexOf('\n'))];
    const quoted = text[start] === '"' || text[start] === "'" ? 1 : 0;
    return within
      ? { file, text, start: start + quoted + within.start, end: start + quoted + within.end }
      : { file, text, start, end };
  };
  const parsed = schema.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    const issue = deepest(parsed.error.issues[0]!);
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    const path = unknown === undefined ? issue.path : [...issue.path, unknown];
    const what = path.length === 0 ? 'it' : `'${path.join('.')}'`;
    failAt(
      place(path, undefined, unknown !== undefined),
      `${what} ${describe(issue, document)}`,
      hintFor(issue, document),
    );
  }
  return {
    value: parsed.data as z.output<Schema>,
    fail: (path, complaint, more = {}) => failAt(place(path, more.within), complaint, more.hint),
  };
}

/** Of a union's issues the one of the form that was meant: the one that got furthest. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') {
    return issue;
  }
  const candidates = issue.errors
    .filter((issues) => issues.length === 1 && issues[0]!.path.length > 0)
    .map((issues) => deepest({ ...issues[0]!, path: [...issue.path, ...issues[0]!.path] }))
    .filter((one) => !/received undefined/.test(one.message));
  return candidates.sort((a, b) => b.path.length - a.path.length)[0] ?? issue;
}

function describe(issue: z.core.$ZodIssue, document: Document): string {
  if (issue.path.length > 0 && document.getIn(issue.path) === undefined) {
    return 'is missing';
  }
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'is not known here';
    case 'invalid_type':
      return `is not right (${issue.expected} was wanted)`;
    case 'invalid_value':
      return `is not right (one of ${issue.values.map(String).join(', ')} was wanted)`;
    default:
      return `is not right (${issue.message})`;
  }
}

function hintFor(issue: z.core.$ZodIssue, document: Document): string | undefined {
  const given = document.getIn(issue.path);
  const near =
    issue.code === 'invalid_value' && typeof given === 'string'
      ? nearest(given, issue.values.map(String))
      : undefined;
  return near ? `Did you mean '${near}'?` : undefined;
}

/** The deepest node on `path` that exists; the key rather than the value when the key itself is wrong. */
function nodeAt(document: Document, path: Path, keyItself: boolean): Node | undefined {
  if (keyItself) {
    const owner = document.getIn(path.slice(0, -1), true) ?? document.contents;
    const pairs = (owner as { items?: readonly { key: unknown }[] } | null)?.items ?? [];
    const pair = pairs.find(({ key }) => isScalar(key) && key.value === path.at(-1));
    if (isScalar(pair?.key)) {
      return pair.key;
    }
  }
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (node && typeof node === 'object' && 'range' in node) {
      return node as Node;
    }
  }
  return undefined;
}
