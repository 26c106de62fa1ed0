/**
 * One way for a condition to hold, as far as its text tells: what each column must be. A condition becomes a few
 * branches (its disjunctive form, cut short); the server has the last word on whether a row made from one holds. A
 * comparison does not ask for a value: with null a check is neither true nor false, and lets the row pass.
 */

export interface Bound {
  readonly value: string;
  readonly isInclusive: boolean;
}

export interface TextPattern {
  readonly source: string;
  readonly syntax: 'regex' | 'like';
  readonly ignoresCase: boolean;
}

/** A member that a JSON object must have. */
export interface JsonMember {
  readonly key: string;
  /** As JSON: what it may be; anything where it is absent. */
  readonly values?: readonly string[];
}

/** What one column must be. */
export interface Requirement {
  /** It must be null, or must not be; `undefined` where either will do. */
  readonly isNull?: boolean;
  readonly oneOf?: readonly string[];
  readonly noneOf?: readonly string[];
  readonly lower?: Bound;
  readonly upper?: Bound;
  /** Of a text, an array, a JSON array. */
  readonly shortest?: number;
  readonly longest?: number;
  readonly pattern?: TextPattern;
  /** What the elements of an array must be among. */
  readonly elements?: readonly string[];
  /** What a JSON object must have. */
  readonly members?: readonly JsonMember[];
  /** What stands in the condition near the column, where its meaning is not understood. */
  readonly hints?: readonly string[];
}

/** `lesser` must be below `greater`, or equal where it is not strict. */
export interface ColumnOrder {
  readonly lesser: string;
  readonly greater: string;
}

export interface Branch {
  readonly columns: ReadonlyMap<string, Requirement>;
  readonly orders: readonly ColumnOrder[];
  /** Columns that must be the same. */
  readonly equal: readonly (readonly [string, string])[];
  /** Columns that must be what an expression over others gives. */
  readonly computed: readonly ComputedColumn[];
}

export interface ComputedColumn {
  readonly column: string;
  /** In SQL. */
  readonly expression: string;
  /** The columns that the expression reads. */
  readonly sources: readonly string[];
}

export const ANYTHING: Branch = { columns: new Map(), orders: [], equal: [], computed: [] };

/** The branch that asks one thing of one column. */
export function requiring(column: string, requirement: Requirement): Branch {
  return { ...ANYTHING, columns: new Map([[column, requirement]]) };
}

/** What both ask; `undefined` where they exclude each other. */
export function both(a: Branch, b: Branch): Branch | undefined {
  const columns = new Map(a.columns);
  for (const [column, requirement] of b.columns) {
    const merged = mergeRequirements(columns.get(column) ?? {}, requirement);
    if (merged === undefined) {
      return undefined;
    }
    columns.set(column, merged);
  }
  return {
    columns,
    orders: [...a.orders, ...b.orders],
    equal: [...a.equal, ...b.equal],
    computed: [...a.computed, ...b.computed],
  };
}

/** The branch with another name for one of its columns. */
export function renamed(branch: Branch, from: string, to: string): Branch {
  const columns = [...branch.columns].map(
    ([name, requirement]) => [name === from ? to : name, requirement] as const,
  );
  return { ...branch, columns: new Map(columns) };
}

function mergeRequirements(a: Requirement, b: Requirement): Requirement | undefined {
  const oneOf =
    a.oneOf && b.oneOf ? a.oneOf.filter((value) => b.oneOf!.includes(value)) : (a.oneOf ?? b.oneOf);
  const noneOf = [...(a.noneOf ?? []), ...(b.noneOf ?? [])];
  const excluded =
    (a.isNull !== undefined && b.isNull !== undefined && a.isNull !== b.isNull) ||
    oneOf?.every((value) => noneOf.includes(value));
  return excluded
    ? undefined
    : withoutUndefined({
        isNull: a.isNull ?? b.isNull,
        oneOf,
        noneOf: noneOf.length > 0 ? noneOf : undefined,
        lower: a.lower && b.lower ? tighter(a.lower, b.lower, 1) : (a.lower ?? b.lower),
        upper: a.upper && b.upper ? tighter(a.upper, b.upper, -1) : (a.upper ?? b.upper),
        shortest: largest(a.shortest, b.shortest),
        longest: smallest(a.longest, b.longest),
        pattern: a.pattern ?? b.pattern,
        elements: a.elements ?? b.elements,
        members: a.members && b.members ? [...a.members, ...b.members] : (a.members ?? b.members),
        hints: a.hints || b.hints ? [...(a.hints ?? []), ...(b.hints ?? [])] : undefined,
      });
}

type Loose<T> = { readonly [Key in keyof T]: T[Key] | undefined };

function withoutUndefined(requirement: Loose<Requirement>): Requirement {
  return Object.fromEntries(
    Object.entries(requirement).filter(([, value]) => value !== undefined),
  ) as Requirement;
}

/** The bound that lets less through; numbers compare as numbers, everything else as text. */
function tighter(a: Bound, b: Bound, direction: 1 | -1): Bound {
  const [x, y] = [Number(a.value), Number(b.value)];
  const order = Number.isNaN(x) || Number.isNaN(y) ? (a.value < b.value ? -1 : 1) : x - y;
  return order * direction > 0 || (order === 0 && !a.isInclusive) ? a : b;
}

function largest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

function smallest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
