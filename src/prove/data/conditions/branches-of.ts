/**
 * The ways for a condition to hold, read from its parse tree. Understood are boolean logic, null tests, comparisons
 * with constants and between columns, lists, lengths, patterns, `case`, `coalesce` and counts of nulls; from anything
 * else the columns keep the constants that stand in it as hints for the search.
 */
import { bodyOf } from '../../../sql/index.js';
import { ANYTHING, type Branch, both, requiring } from './branch.js';
import { comparison, computedWays } from './comparison.js';
import {
  callOf,
  columnOf,
  constantOf,
  constantsOf,
  mentionedIn,
  type Node,
  operatorOf,
  parseExpression,
} from './expression.js';
import { memberComparison, memberOf } from './json-members.js';

/** More ways than these are not looked at. */
const MOST_BRANCHES = 48;

/** What expressions have been read as: a proof asks about the same ones time and again. */
const READ = new Map<string, readonly Branch[]>();
const MOST_READ = 10_000;

/** The branches of an expression as PostgreSQL writes it; one that asks nothing where the parser does not know it. */
export function branchesOf(expression: string): readonly Branch[] {
  let branches = READ.get(expression);
  if (branches === undefined) {
    const node = parseExpression(expression);
    branches = node === undefined ? [ANYTHING] : waysTo(node, true);
    if (READ.size < MOST_READ) {
      READ.set(expression, branches);
    }
  }
  return branches;
}

/** The ways for the node to be true, or to be false. */
function waysTo(node: Node | undefined, wanted: boolean): readonly Branch[] {
  const bool = bodyOf(node, 'BoolExpr');
  if (bool) {
    const args = bool.args ?? [];
    if (bool.boolop === 'NOT_EXPR') {
      return waysTo(args[0], !wanted);
    }
    const ways = args.map((arg) => waysTo(arg, wanted));
    return (bool.boolop === 'AND_EXPR') === wanted ? allOf(ways) : anyOf(ways);
  }
  const nullTest = bodyOf(node, 'NullTest');
  if (nullTest) {
    const column = columnOf(nullTest.arg);
    const isNull = (nullTest.nulltesttype === 'IS_NULL') === wanted;
    const member = isNull ? undefined : memberOf(nullTest.arg);
    if (member !== undefined) {
      return [requiring(member.column, { members: [{ key: member.key }] })];
    }
    return column === undefined ? hinted(node) : [requiring(column, { isNull })];
  }
  const booleanTest = bodyOf(node, 'BooleanTest');
  if (booleanTest) {
    return booleanWays(booleanTest.arg, booleanTest.booltesttype ?? '', wanted);
  }
  const expression = bodyOf(node, 'A_Expr');
  if (expression) {
    return operatorWays(expression, node!, wanted);
  }
  const column = bodyOf(node, 'ColumnRef') && columnOf(node);
  if (column) {
    return [requiring(column, { isNull: false, oneOf: [String(wanted)] })];
  }
  const constant = constantOf(node);
  if (constant === 'true' || constant === 'false') {
    return (constant === 'true') === wanted ? [ANYTHING] : [];
  }
  const chosen = bodyOf(node, 'CaseExpr');
  if (chosen && chosen.arg === undefined) {
    return caseWays(chosen.args ?? [], chosen.defresult, wanted);
  }
  const cast = bodyOf(node, 'TypeCast')?.arg;
  if (cast) {
    return waysTo(cast, wanted);
  }
  const alternatives = bodyOf(node, 'CoalesceExpr')?.args;
  return alternatives ? anyOf(alternatives.map((each) => waysTo(each, wanted))) : hinted(node);
}

function booleanWays(arg: Node | undefined, test: string, wanted: boolean): readonly Branch[] {
  const isTrue = test.endsWith('TRUE');
  const isUnknown = test.endsWith('UNKNOWN');
  const isAsked = test.includes('NOT') !== wanted;
  const column = columnOf(arg);
  if (column && (isUnknown || !isAsked)) {
    return [
      ...(isUnknown === isAsked ? [requiring(column, { isNull: true })] : []),
      ...(isUnknown && isAsked
        ? []
        : [requiring(column, { isNull: false, ...(!isUnknown && { oneOf: [String(!isTrue)] }) })]),
      ...(!isUnknown ? [requiring(column, { isNull: true })] : []),
    ];
  }
  return waysTo(arg, isTrue === isAsked);
}

type Expression = NonNullable<ReturnType<typeof asExpression>>;
const asExpression = (node: Node) => bodyOf(node, 'A_Expr');

function operatorWays(expression: Expression, node: Node, wanted: boolean): readonly Branch[] {
  const { lexpr, rexpr, kind } = expression;
  const operator = operatorOf(expression.name);
  const column = columnOf(lexpr);
  switch (kind) {
    case 'AEXPR_OP_ANY':
    case 'AEXPR_OP_ALL':
    case 'AEXPR_IN': {
      const values = constantsOf(rexpr);
      const isIn = (kind === 'AEXPR_OP_ALL' || operator === '<>') !== wanted;
      if (column === undefined || values === undefined || !/^(=|<>)$/.test(operator)) {
        return (isIn && values ? memberComparison('=', lexpr, values) : undefined) ?? hinted(node);
      }
      return isIn ? [requiring(column, { oneOf: values })] : [requiring(column, { noneOf: values })];
    }
    case 'AEXPR_DISTINCT':
    case 'AEXPR_NOT_DISTINCT': {
      const isSame = (kind === 'AEXPR_NOT_DISTINCT') === wanted;
      const value = constantOf(rexpr);
      if (column === undefined || value === undefined) {
        return (isSame ? computedWays(lexpr, rexpr) : undefined) ?? hinted(node);
      }
      return value === null
        ? [requiring(column, { isNull: isSame })]
        : isSame
          ? [requiring(column, { isNull: false, oneOf: [value] })]
          : [requiring(column, { isNull: false, noneOf: [value] }), requiring(column, { isNull: true })];
    }
    default:
      return (
        sameTruth(operator, lexpr, rexpr, wanted) ??
        nullCounts(operator, lexpr, rexpr, wanted) ??
        comparison(operator, lexpr, rexpr, wanted) ??
        hinted(node)
      );
  }
}

/** `(a is null) = (b is null)`: two conditions that must agree, or must not. */
function sameTruth(
  operator: string,
  left: Node | undefined,
  right: Node | undefined,
  wanted: boolean,
): readonly Branch[] | undefined {
  const isCondition = (node: Node | undefined): boolean =>
    ['NullTest', 'BoolExpr', 'BooleanTest', 'A_Expr'].some((name) => node && name in node) &&
    !/^[-+*/%|&]/.test(operatorOf(asExpression(node!)?.name));
  if (!/^(=|<>)$/.test(operator) || !isCondition(left) || !isCondition(right)) {
    return undefined;
  }
  const agree = (operator === '=') === wanted;
  return anyOf([true, false].map((truth) => allOf([waysTo(left, truth), waysTo(right, agree === truth)])));
}

/** `num_nonnulls(a, b, c) = 1` and what is like it. */
function nullCounts(
  operator: string,
  left: Node | undefined,
  right: Node | undefined,
  wanted: boolean,
): readonly Branch[] | undefined {
  const call = callOf(left);
  const limit = Number(constantOf(right));
  const columns = call?.args.map(columnOf) ?? [];
  if (
    !/^num_(non)?nulls$/.test(call?.name ?? '') ||
    Number.isNaN(limit) ||
    columns.includes(undefined) ||
    columns.length > 8
  ) {
    return undefined;
  }
  const ways: Branch[] = [];
  for (let bits = 0; bits < 2 ** columns.length && ways.length < MOST_BRANCHES; bits += 1) {
    const isNull = columns.map((_, place) => ((bits >> place) & 1) === 1);
    const nulls = isNull.filter(Boolean).length;
    const count = call!.name === 'num_nulls' ? nulls : columns.length - nulls;
    if (compares(operator, count, limit) === wanted) {
      const requirements = columns.map((column, place) => [column!, { isNull: isNull[place]! }] as const);
      ways.push({ ...ANYTHING, columns: new Map(requirements) });
    }
  }
  return ways;
}

function compares(operator: string, a: number, b: number): boolean {
  switch (operator) {
    case '=':
      return a === b;
    case '<>':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    default:
      return a >= b;
  }
}

function caseWays(whens: readonly Node[], otherwise: Node | undefined, wanted: boolean): readonly Branch[] {
  const clauses = whens.map((when) => bodyOf(when, 'CaseWhen'));
  const none = clauses.map((clause) => waysTo(clause?.expr, false));
  return anyOf([
    ...clauses.map((clause) => allOf([waysTo(clause?.expr, true), waysTo(clause?.result, wanted)])),
    allOf([...none, otherwise === undefined ? [ANYTHING] : waysTo(otherwise, wanted)]),
  ]);
}

function anyOf(ways: readonly (readonly Branch[])[]): readonly Branch[] {
  return ways.flat().slice(0, MOST_BRANCHES);
}

function allOf(ways: readonly (readonly Branch[])[]): readonly Branch[] {
  let product: readonly Branch[] = [ANYTHING];
  for (const each of ways) {
    product = product.flatMap((a) => each.flatMap((b) => both(a, b) ?? [])).slice(0, MOST_BRANCHES);
  }
  return product;
}

/** What is not understood asks nothing, but its constants may be what its columns want. */
function hinted(node: Node | undefined): readonly Branch[] {
  const { columns, constants } = mentionedIn(node);
  const hints = constants.flatMap(withNeighbours);
  const requirements = columns.map((column) => [column, { hints }] as const);
  return [{ ...ANYTHING, columns: new Map(requirements) }];
}

/** A number with the numbers beside it, everything else as it is. */
function withNeighbours(constant: string): string[] {
  const number = /^-?\d{1,15}$/.test(constant) ? Number(constant) : undefined;
  return number === undefined ? [constant] : [constant, String(number - 1), String(number + 1)];
}
