/** Cells for the columns of one component that should meet what is asked of them together. */
import type { ForeignKey } from '../../../schema/index.js';
import { ANYTHING, type Branch, both, type Requirement } from '../conditions/branch.js';
import type { Random } from '../random.js';
import { ordinary, type TypeValues } from '../values/type-values.js';
import type { Component } from './components.js';
import type { FillTable, Leaf } from './fill-table.js';
import type { Cell, Fullness, Row } from './row.js';
import { satisfying, type ValueSource } from './satisfy.js';
import { conditionsOf } from './verify.js';

export interface CandidateContext {
  readonly fill: FillTable;
  readonly component: Component;
  readonly leaf: Leaf;
  readonly source: ValueSource;
  /** Cells that are given: keys that other rows refer to, values of sequences. */
  readonly fixed: Row;
  /** The rows that a foreign key may refer to. */
  readonly referenced: (key: ForeignKey) => readonly Row[];
  readonly valuesOf: (column: string) => TypeValues | undefined;
  readonly random: Random;
}

/** Cells that have failed, and the columns that are to be chosen anew. */
export interface Repair {
  readonly row: Row;
  readonly columns: readonly string[];
}

/** One try: from nothing, or from cells of which some have failed. */
export function candidate(context: CandidateContext, fullness: Fullness, repair?: Repair): Row | undefined {
  const { component, random } = context;
  const conditions = conditionsOf(context);
  // What is understood may be understood wrongly: some repairs look at the constants alone.
  const branch =
    repair !== undefined && random.chance(30)
      ? hintsOnly(conditions.flatMap(({ branches }) => branches))
      : chooseBranch(conditions, random);
  if (branch === undefined) {
    return undefined;
  }
  const row = new Map<string, Cell>([
    ...(repair === undefined ? [] : [...repair.row].filter(([column]) => !repair.columns.includes(column))),
    ...[...context.fixed].filter(([column]) => component.columns.includes(column)),
  ]);
  const ordered = [...component.foreignKeys].sort((a, b) => b.columns.length - a.columns.length);
  for (const key of ordered.filter(({ columns }) => !columns.every((column) => row.has(column)))) {
    if (!refer(context, key, branch, fullness, row)) {
      return undefined;
    }
  }
  for (const column of component.columns) {
    if (!row.has(column)) {
      const cell = cellOf(context, column, branch, fullness);
      if (cell === undefined) {
        return undefined;
      }
      row.set(column, cell);
    }
  }
  arrange(context, branch, row);
  return row;
}

/** One way for each condition, such that they go together. */
function chooseBranch(
  conditions: readonly { readonly branches: readonly Branch[] }[],
  random: Random,
): Branch | undefined {
  let chosen: Branch = ANYTHING;
  for (const { branches } of conditions) {
    const start = random.below(Math.max(1, branches.length));
    const rotated = [...branches.slice(start), ...branches.slice(0, start)];
    const fitting = rotated.map((branch) => both(chosen, branch)).find((branch) => branch !== undefined);
    if (fitting === undefined) {
      return undefined;
    }
    chosen = fitting;
  }
  return chosen;
}

/** Everything that the branches mention as values to try. */
function hintsOnly(branches: readonly Branch[]): Branch {
  const hints = new Map<string, string[]>();
  for (const { columns } of branches) {
    for (const [column, { oneOf = [], noneOf = [], lower, upper, hints: more = [] }] of columns) {
      const bounds = [lower, upper].flatMap((bound) => bound?.value ?? []);
      hints.set(column, [...(hints.get(column) ?? []), ...oneOf, ...noneOf, ...bounds, ...more]);
    }
  }
  return { ...ANYTHING, columns: new Map([...hints].map(([column, list]) => [column, { hints: list }])) };
}

/** Sets the columns of a foreign key to those of a row that it may refer to, or to null. */
function refer(
  context: CandidateContext,
  key: ForeignKey,
  branch: Branch,
  fullness: Fullness,
  row: Map<string, Cell>,
): boolean {
  const { fill, random } = context;
  const nullable = key.columns.filter((column) => mayBeNull(fill, column) && !row.get(column));
  const asked = key.columns.map((column) => branch.columns.get(column)?.isNull);
  const mustBeNull = key.columns.some((column, place) => asked[place] === true || row.get(column) === null);
  const mayStayNull =
    nullable.length > 0 &&
    !key.columns.some((column, place) => asked[place] === false && nullable.includes(column));
  const wantsNull =
    mustBeNull || (mayStayNull && (fullness === 'bare' || (fullness === 'mixed' && random.chance(25))));
  if (!wantsNull) {
    const fitting = context.referenced(key).filter((target) => fits(key, target, branch, row));
    if (fitting.length > 0) {
      const target = random.pick(fitting);
      key.columns.forEach((column, place) => {
        row.set(column, target.get(key.references.columns[place]!)!);
      });
      return true;
    }
    if (!mayStayNull) {
      return false;
    }
  }
  const nulled = key.match === 'full' ? key.columns : nullable;
  for (const column of nulled) {
    row.set(column, null);
  }
  return nulled.length > 0;
}

function fits(key: ForeignKey, target: Row, branch: Branch, row: Row): boolean {
  return key.columns.every((column, place) => {
    const value = target.get(key.references.columns[place]!);
    const given = row.get(column);
    const { oneOf, noneOf } = branch.columns.get(column) ?? {};
    return (
      typeof value === 'string' &&
      (given === undefined || given === value) &&
      (oneOf === undefined || oneOf.includes(value)) &&
      !noneOf?.includes(value)
    );
  });
}

export function mayBeNull(fill: FillTable, column: string): boolean {
  const found = fill.columnsByName.get(column);
  return found !== undefined && !found.notNull && !found.identity;
}

function cellOf(
  { fill, source, valuesOf, random }: CandidateContext,
  column: string,
  branch: Branch,
  fullness: Fullness,
): Cell | undefined {
  const requirement: Requirement = branch.columns.get(column) ?? {};
  const nullable = mayBeNull(fill, column) && !refusesNull(source, fill, column);
  if (requirement.isNull === true) {
    return nullable ? null : undefined;
  }
  if (
    nullable &&
    requirement.isNull !== false &&
    (fullness === 'bare' || (fullness === 'mixed' && random.chance(30)))
  ) {
    return null;
  }
  const value =
    timeUuid(source.types.get(fill.columnsByName.get(column)!.type)?.name, branch, random) ??
    fromPool(valuesOf(column), requirement, random) ??
    satisfying(source, fill.columnsByName.get(column)!.type, requirement, random);
  return value ?? (nullable ? null : undefined);
}

/** An id that begins with a moment which the branch asks of another column, as UUIDs of version 7 do. */
function timeUuid(type: string | undefined, branch: Branch, random: Random): string | undefined {
  const bound = [...branch.columns.values()].find(
    ({ lower }) => lower && /^\d{4}-\d\d-\d\d /.test(lower.value),
  )?.lower;
  const wantsTime = type === 'uuid' && branch.computed.length > 0 && random.chance(80);
  if (!wantsTime) {
    return undefined;
  }
  const start = Date.parse(
    bound?.value.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00') ?? '2024-03-01T00:00:00Z',
  );
  const time = (start + 1000 + random.below(3_600_000)).toString(16).padStart(12, '0');
  const tail = [random.word(), random.word()].map((word) => word.toString(16).padStart(8, '0')).join('');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(0, 3)}-a${tail.slice(3, 6)}-${tail.slice(4)}`;
}

/** A value of the column's pool, where as much as can be told here speaks for it. */
function fromPool(
  pool: TypeValues | undefined,
  requirement: Requirement,
  random: Random,
): string | undefined {
  const { oneOf, noneOf = [], lower, upper, hints } = requirement;
  if (pool === undefined || lower || upper || (hints && random.chance(50))) {
    return undefined;
  }
  for (let tries = 0; tries < 8; tries += 1) {
    const value =
      pool.edges.length > 0 && random.chance(5) ? random.pick(pool.edges) : ordinary(pool, random);
    if ((oneOf === undefined || oneOf.includes(value)) && !noneOf.includes(value)) {
      return isShaped(value, requirement) ? value : undefined;
    }
  }
  return undefined;
}

function isShaped(value: string, { shortest = 0, longest, pattern, elements }: Requirement): boolean {
  return (
    value.length >= shortest && (longest === undefined || value.length <= longest) && !pattern && !elements
  );
}

function refusesNull({ types }: ValueSource, fill: FillTable, column: string): boolean {
  for (
    let facts = types.get(fill.columnsByName.get(column)!.type);
    facts?.kind === 'domain';
    facts = types.get(facts.of!)
  ) {
    if (facts.not_null) {
      return true;
    }
  }
  return false;
}

/** Gives columns that are to be equal or in order such values. */
function arrange(context: CandidateContext, branch: Branch, row: Map<string, Cell>): void {
  const { fill, source, fixed, random } = context;
  const settled = new Set([
    ...fixed.keys(),
    ...context.component.foreignKeys.flatMap(({ columns }) => columns),
  ]);
  for (const [a, b] of branch.equal) {
    const [from, to] = settled.has(b) ? [b, a] : [a, b];
    if (row.has(to) && row.get(from) !== null) {
      row.set(to, row.get(from)!);
    }
  }
  const ranks = ranksOf(branch);
  const start = random.below(500);
  for (const [column, rank] of ranks) {
    const { lower, upper, oneOf } = branch.columns.get(column) ?? {};
    const values = source.valuesOf(fill.columnsByName.get(column)?.type ?? '');
    const isFree = !settled.has(column) && row.has(column) && row.get(column) !== null && oneOf === undefined;
    if (!isFree || values === undefined) {
      continue;
    }
    if (lower === undefined && upper === undefined) {
      const wanted = start + rank * (3 + random.below(40));
      row.set(column, values.nth(Number.isFinite(values.size) ? Math.min(wanted, values.size - 1) : wanted));
    } else {
      // The higher of several tries for what must be higher.
      const tries = [row.get(column)!, ordinary(values, random)].filter((each) => each !== null);
      row.set(column, tries[0]!);
    }
  }
}

/** How many columns must be below each column that is in an order. */
function ranksOf({ orders }: Branch): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>();
  for (let round = 0; round < orders.length + 1; round += 1) {
    for (const { lesser, greater } of orders) {
      const below = ranks.get(lesser) ?? 0;
      ranks.set(lesser, below);
      ranks.set(greater, Math.max(ranks.get(greater) ?? 0, below + 1));
    }
  }
  return ranks;
}
