/**
 * How deep the parse tree of a statement can be, from its tokens alone. The parser recurses, and a stack that
 * overflows inside WebAssembly leaves it broken for every later statement, so such text must not reach it.
 *
 * An estimate from above: a chain of n operators, casts or joins is a tree n levels deep; commas, `and`, `or`, and
 * the parts of a `case` lie side by side.
 */
import { lex } from './lexer.js';

/** The largest depth that is parsed. The parser was seen to fail from 3,000 on. */
const MAX_DEPTH = 1000;

/** True when the parse tree of `text` may be deeper than `MAX_DEPTH`. */
export function isNestedTooDeeply(text: string): boolean {
  // A level takes two characters at the least.
  return text.length > 2 * MAX_DEPTH && estimatedDepth(text) > MAX_DEPTH;
}

/** What one pair of parentheses holds: levels that stay to its end, and levels of the current list element. */
interface Level {
  readonly outer: number;
  staying: number;
  passing: number;
}

function estimatedDepth(text: string): number {
  const enclosing: Level[] = [];
  let level: Level = { outer: 0, staying: 0, passing: 0 };
  let deepest = 0;
  for (const { kind, start, end } of lex(text)) {
    const token = kind === 'word' || kind === 'punctuation' ? text.slice(start, end).toLowerCase() : '';
    if (token === '(' || token === '[') {
      enclosing.push(level);
      level = { outer: depthOf(level) + 1, staying: 0, passing: 0 };
    } else if (token === ')' || token === ']') {
      level = enclosing.pop() ?? level;
    } else if (SEPARATORS.has(token)) {
      level.passing = 0;
    } else if (STAYING.has(token)) {
      level.staying += 1;
    } else if (kind === 'operator' || PASSING.has(token)) {
      level.passing += 1;
    }
    deepest = Math.max(deepest, depthOf(level));
  }
  return deepest;
}

function depthOf({ outer, staying, passing }: Level): number {
  return outer + staying + passing;
}

const SEPARATORS: ReadonlySet<string> = new Set([',', ';', 'and', 'or', 'when', 'then', 'else']);
const STAYING: ReadonlySet<string> = new Set(['union', 'intersect', 'except', 'join', 'case', 'with']);
const PASSING: ReadonlySet<string> = new Set(['::', 'not', 'is', 'isnull', 'notnull', 'collate', 'at']);
