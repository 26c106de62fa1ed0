/**
 * The conditions of counts: the part of SQL that means the same to every engine. They are parsed here and written
 * out for each engine anew, so that what a declaration says cannot be anything but a condition.
 *
 *   or, and, not, ( ), = <> < <= > >=, is [not] null, [not] in (…), columns, whole numbers, 'texts', true, false
 */
import { lexWithoutComments, quoteIdentifier, quoteLiteral } from '../../sql/index.js';
import { type SourceColumn, sourceColumn } from './source-columns.js';

export type Condition =
  | { readonly kind: 'or' | 'and'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'is-null'; readonly column: string; readonly negated: boolean }
  | {
      readonly kind: 'in';
      readonly column: string;
      readonly values: readonly string[];
      readonly negated: boolean;
    }
  | { readonly kind: 'compare'; readonly operator: string; readonly left: string; readonly right: string }
  | { readonly kind: 'true'; readonly column: string };

/** Why a text is no condition: what, and where in the text. */
export class ConditionFlaw extends Error {
  readonly start: number;
  readonly end: number;

  constructor(message: string, start: number, end: number) {
    super(message);
    this.start = start;
    this.end = end;
  }
}

/** @throws ConditionFlaw */
export function parseCondition(text: string): Condition {
  const tokens = lexWithoutComments(text).map(({ kind, start, end }) => ({
    kind,
    start,
    end,
    text: text.slice(start, end),
  }));
  let at = 0;
  const word = (): string => tokens[at]?.text.toLowerCase() ?? '';
  const flaw = (wanted: string): ConditionFlaw => {
    const token = tokens[at];
    const [start, end] = token ? [token.start, token.end] : [Math.max(0, text.length - 1), text.length];
    return new ConditionFlaw(
      `${token ? `'${token.text}'` : 'its end'} stands where ${wanted} was wanted`,
      start,
      end,
    );
  };
  const take = (wanted: string): void => {
    if (word() !== wanted) {
      throw flaw(`'${wanted}'`);
    }
    at += 1;
  };
  const skip = (wanted: string): boolean => {
    const found = word() === wanted;
    at += found ? 1 : 0;
    return found;
  };

  const chain = (kind: 'or' | 'and', next: () => Condition): Condition => {
    const parts = [next()];
    while (skip(kind)) {
      parts.push(next());
    }
    return parts.length === 1 ? parts[0]! : { kind, parts };
  };
  const either = (): Condition => chain('or', both);
  const both = (): Condition => chain('and', single);
  const single = (): Condition => {
    if (skip('not')) {
      return { kind: 'not', part: single() };
    }
    if (skip('(')) {
      const inner = either();
      take(')');
      return inner;
    }
    const token = tokens[at];
    if (token?.kind === 'word' && sourceColumn(word())) {
      return ofColumn();
    }
    const left = value();
    return { kind: 'compare', left, operator: operator(), right: value() };
  };
  const ofColumn = (): Condition => {
    const found = sourceColumn(word())!;
    const name = quoteIdentifier(found.name);
    at += 1;
    if (skip('is')) {
      const negated = skip('not');
      take('null');
      return { kind: 'is-null', column: name, negated };
    }
    const negated = skip('not');
    if (skip('in')) {
      return { kind: 'in', column: name, values: list(found), negated };
    }
    if (negated) {
      throw flaw("'in'");
    }
    if (OPERATORS.has(word())) {
      return { kind: 'compare', left: name, operator: operator(), right: value(found) };
    }
    if (found.type === 'boolean') {
      return { kind: 'true', column: name };
    }
    throw flaw('a comparison');
  };
  const list = (column: SourceColumn): string[] => {
    take('(');
    const values = [value(column)];
    while (skip(',')) {
      values.push(value(column));
    }
    take(')');
    return values;
  };
  const operator = (): string => {
    if (!OPERATORS.has(word())) {
      throw flaw('one of = <> < <= > >=');
    }
    return tokens[at++]!.text;
  };
  const value = (beside?: SourceColumn): string => {
    const token = tokens[at];
    const known = token?.kind === 'word' ? sourceColumn(word()) : undefined;
    const wanted = beside ? `a ${kindOf(beside)}` : 'a column or a value';
    const isNumber = token?.kind === 'number' && /^\d+$/.test(token.text);
    const isText = token?.kind === 'string' && /^'(?:[^'\\]|'')*'$/.test(token.text);
    const isTruth = token?.kind === 'word' && (word() === 'true' || word() === 'false');
    const fits =
      !beside ||
      (known
        ? kindOf(known) === kindOf(beside)
        : { number: isNumber, text: isText, id: isText, truth: isTruth }[kindOf(beside)]);
    if (!token || !fits || !(known || isNumber || isText || isTruth)) {
      throw flaw(wanted);
    }
    at += 1;
    if (known) {
      return quoteIdentifier(known.name);
    }
    return isText ? quoteLiteral(token.text.slice(1, -1).replaceAll("''", "'")) : token.text.toLowerCase();
  };

  const whole = either();
  if (at < tokens.length) {
    throw flaw("'and', 'or' or the end");
  }
  return whole;
}

const OPERATORS: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);

function kindOf({ type }: SourceColumn): 'number' | 'text' | 'id' | 'truth' {
  return type === 'text' ? 'text' : type === 'uuid' ? 'id' : type === 'boolean' ? 'truth' : 'number';
}

/** The condition as SQL; the same for every engine. */
export function conditionSql(condition: Condition): string {
  switch (condition.kind) {
    case 'or':
    case 'and':
      return `(${condition.parts.map(conditionSql).join(` ${condition.kind} `)})`;
    case 'not':
      return `not (${conditionSql(condition.part)})`;
    case 'is-null':
      return `${condition.column} is ${condition.negated ? 'not ' : ''}null`;
    case 'in':
      return `${condition.column} ${condition.negated ? 'not ' : ''}in (${condition.values.join(', ')})`;
    case 'compare':
      return `${condition.left} ${condition.operator} ${condition.right}`;
    case 'true':
      return condition.column;
  }
}
