/**
 * What columns can hold that are bound by conditions of their own: values that should meet them, and well-known ones,
 * are tried on the server, all columns in one round trip. What depends on several columns is drawn from these pools.
 */
import type { Session } from '../../../database/index.js';
import { ANYTHING, type Branch, both, type Requirement } from '../conditions/branch.js';
import { type Random, randomOf } from '../random.js';
import { baseOf } from '../type-facts.js';
import { landmarksOf } from '../values/landmarks.js';
import { isReadable } from '../values/readable.js';
import { listed, ordinary, type TypeValues } from '../values/type-values.js';
import type { FillTable, RowCondition } from './fill-table.js';
import { satisfying, type ValueSource } from './satisfy.js';
import { verify } from './verify.js';

/** The values of columns; those without conditions of their own have the values of their type. */
export interface ColumnValues {
  of(fill: FillTable, column: string): TypeValues | undefined;
  /** What all tried values of the column failed on. */
  obstacle(fill: FillTable, column: string): RowCondition | undefined;
}

/** Tries values for every column that has conditions of its own. */
export async function findColumnValues(
  session: Session,
  source: ValueSource,
  seed: number,
  fills: readonly FillTable[],
): Promise<ColumnValues> {
  const bound = fills.flatMap((fill) => fill.columns.flatMap((column) => boundColumn(fill, column.name)));
  const pools = new Map<FillTable, Map<string, Pool>>(fills.map((fill) => [fill, new Map()]));
  const tried = bound.map((each) => candidatesFor(source, seed, each));
  const questions = bound.map(({ fill, column, conditions }, index) => ({
    fill,
    component: { columns: [column], conditions, foreignKeys: [] },
    leaf: { name: fill.table.name, conditions: [] },
    candidates: tried[index]!.map(({ value }) => new Map([[column, value]])),
  }));
  const verdicts = await verify(session, source.types, questions);
  for (const [index, { fill, column }] of bound.entries()) {
    const good = tried[index]!.filter((_, nth) => verdicts[index]![nth]!.length === 0);
    pools.get(fill)!.set(column, {
      values: listed(
        good.filter(({ isEdge }) => !isEdge).map(({ value }) => value),
        good.filter(({ isEdge }) => isEdge).map(({ value }) => value),
      ),
      obstacle: verdicts[index]!.find((failed) => failed.length > 0)?.[0],
    });
  }
  return {
    of: (fill, column) => {
      const pool = pools.get(fill)?.get(column)?.values;
      return pool === undefined
        ? source.valuesOf(fill.columnsByName.get(column)?.type ?? '')
        : pool.size + pool.edges.length === 0
          ? undefined
          : pool.size === 0
            ? listed(pool.edges)
            : pool;
    },
    obstacle: (fill, column) => pools.get(fill)?.get(column)?.obstacle,
  };
}

interface Pool {
  readonly values: TypeValues;
  readonly obstacle: RowCondition | undefined;
}

interface BoundColumn {
  readonly fill: FillTable;
  readonly column: string;
  readonly conditions: readonly RowCondition[];
}

function boundColumn(fill: FillTable, column: string): BoundColumn[] {
  const conditions = fill.conditions.filter(({ columns }) => columns.length === 1 && columns[0] === column);
  return conditions.length === 0 ? [] : [{ fill, column, conditions }];
}

interface Tried {
  readonly value: string;
  readonly isEdge: boolean;
}

const GUIDED = 30;
const UNGUIDED = 6;

function candidatesFor(
  source: ValueSource,
  seed: number,
  { fill, column, conditions }: BoundColumn,
): readonly Tried[] {
  const { type } = fill.columnsByName.get(column)!;
  const random = randomOf(seed, fill.key, column, 'pool');
  const values = source.valuesOf(type);
  const ways = combined(conditions.map(({ branches }) => branches)).map(
    (way) => way.columns.get(column) ?? {},
  );
  const found = new Map<string, Tried>();
  const add = (value: string | undefined, isEdge = false): void => {
    if (value !== undefined && !found.has(value)) {
      found.set(value, { value, isEdge });
    }
  };
  for (let count = 0; count < GUIDED && ways.length > 0; count += 1) {
    add(satisfying(source, type, ways[count % ways.length]!, random));
  }
  const isExact = ways.some(({ oneOf }) => oneOf !== undefined);
  if (!isExact) {
    for (const value of piecesOf(ways, random)) {
      add(value);
    }
    for (let count = 0; count < UNGUIDED && values; count += 1) {
      add(ordinary(values, random));
    }
    for (const landmark of landmarksOf(baseOf(source.types, type)?.name ?? '')) {
      add(landmark);
    }
  }
  for (const edge of values?.edges ?? []) {
    add(edge, true);
  }
  const facts = baseOf(source.types, type);
  return [...found.values()].filter(({ value }) => isReadable(facts, value));
}

/** One way of each, together. */
function combined(ways: readonly (readonly Branch[])[]): readonly Branch[] {
  return ways.reduce<readonly Branch[]>(
    (product, each) => product.flatMap((a) => each.flatMap((b) => both(a, b) ?? [])).slice(0, 24),
    [ANYTHING],
  );
}

/** Pieces of the texts that stand in the conditions, as long as these ask: what lists characters makes texts. */
function piecesOf(ways: readonly Requirement[], random: Random): readonly string[] {
  return ways.flatMap(({ hints = [], shortest, longest }) =>
    hints
      .filter((hint) => hint.length > 1)
      .flatMap((hint) =>
        Array.from({ length: 8 }, () => {
          const length = shortest ?? Math.min(longest ?? 8, 8);
          return Array.from({ length }, () => hint[random.below(hint.length)]!).join('');
        }),
      ),
  );
}
