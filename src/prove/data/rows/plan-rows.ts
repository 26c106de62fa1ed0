/**
 * Rows for several tables at once, such that they can be inserted as they stand: conditions asked of the server in one
 * round trip for all tables, keys that do not meet, foreign keys to rows that are there or planned.
 */
import type { Session } from '../../../database/index.js';
import type { Column, ForeignKey } from '../../../schema/index.js';
import type { Obstacle } from '../fill-report.js';
import { type Random, randomOf } from '../random.js';
import { ordinary, type TypeValues } from '../values/type-values.js';
import { type CandidateContext, candidate, mayBeNull } from './candidates.js';
import type { ColumnValues } from './column-pools.js';
import { type Component, componentsOf } from './components.js';
import { compute } from './compute.js';
import type { FillTable, Leaf, RowCondition } from './fill-table.js';
import type { Cell, Fullness, Row } from './row.js';
import { tupleOf } from './row.js';
import type { ValueSource } from './satisfy.js';
import { conditionsOf, type Question, verify } from './verify.js';

export interface PlanContext {
  readonly session: Session;
  readonly source: ValueSource;
  readonly columnValues: ColumnValues;
  readonly seed: number;
  /** Another number gives other rows. */
  readonly attempt: number;
  readonly rowCount: (fill: FillTable) => number;
  /** How much there is in each row of a table, by its place. */
  readonly fullnessOf: (place: number) => Fullness;
  /** Values that are rare or extreme come in too. */
  readonly withEdges: boolean;
  /** The rows of the table that are there. */
  readonly known: (fill: FillTable) => readonly Row[];
  /** Cells that are given for the rows of a table: by column, one for each row. */
  readonly given: (fill: FillTable) => ReadonlyMap<string, readonly string[]>;
  /** The rows that a foreign key may refer to. */
  readonly referenced: (key: ForeignKey) => readonly Row[];
}

export interface PlannedTable {
  readonly fill: FillTable;
  readonly rows: readonly Row[];
  /** Why there is no row. */
  readonly obstacle: Obstacle | undefined;
}

/** Plans rows for the tables; none of them may need a row of another that is not planned yet. */
export async function planRows(
  context: PlanContext,
  fills: readonly FillTable[],
): Promise<readonly PlannedTable[]> {
  const drafts = fills.map((fill) => draftOf(context, fill));
  for (const candidates of ROUNDS) {
    await fillParts(context, drafts, candidates);
  }
  return drafts.map((draft) => assemble(context, draft));
}

/**
 * How many candidates each row and component gets, round after round, until there is a good one. From the second round
 * on the best candidate so far is repaired: only the columns of a condition that failed are chosen anew (as WalkSAT
 * does: Selman, Kautz, Cohen, "Noise strategies for improving local search", AAAI 1994).
 */
const ROUNDS: readonly number[] = [8, 12, 12, 16, 24, 32, 48, 48];

/** A table's rows while they are being made. */
interface Draft {
  readonly fill: FillTable;
  readonly random: Random;
  readonly rows: readonly RowDraft[];
  readonly components: readonly Component[];
}

interface RowDraft {
  readonly fullness: Fullness;
  readonly leaf: Leaf;
  readonly fixed: Row;
  /** By component: the cells that have been found good. */
  readonly parts: Row[][];
  /** By component: the cells that failed the fewest conditions, and which. */
  readonly best: (Failed | undefined)[];
}

interface Failed {
  readonly row: Row;
  readonly conditions: readonly RowCondition[];
}

function draftOf(context: PlanContext, fill: FillTable): Draft {
  const random = randomOf(context.seed, fill.key, context.attempt);
  const components = componentsOf(fill);
  const given = context.given(fill);
  const rows = Array.from({ length: context.rowCount(fill) }, (_, place) => ({
    fullness: context.fullnessOf(place),
    leaf: fill.leaves[place % fill.leaves.length]!,
    fixed: new Map(
      [...given].flatMap(([column, cells]) => (cells[place] === undefined ? [] : [[column, cells[place]!]])),
    ),
    parts: components.map(() => []),
    best: components.map(() => undefined),
  }));
  return { fill, random, rows, components };
}

interface Asked extends Question {
  readonly draft: Draft;
  /** The row and the component that each candidate is for. */
  readonly targets: readonly (readonly [RowDraft, number])[];
}

/** Looks for good cells where there are none yet. */
async function fillParts(context: PlanContext, drafts: readonly Draft[], count: number): Promise<void> {
  const drawn = drafts.flatMap((draft) => questionsOf(context, draft, count));
  const computed = await compute(context.session, context.source.types, drawn);
  const questions = drawn.map((question, index) => ({ ...question, candidates: computed[index]! }));
  const unasked = questions.filter((question) => conditionsOf(question).length === 0);
  for (const { targets, candidates } of unasked) {
    for (const [index, [row, place]] of targets.entries()) {
      row.parts[place]!.push(candidates[index]!);
    }
  }
  const asked = questions.filter((question) => conditionsOf(question).length > 0);
  const verdicts = await verify(context.session, context.source.types, asked);
  for (const [index, { targets, candidates }] of asked.entries()) {
    for (const [nth, [row, place]] of targets.entries()) {
      const conditions = verdicts[index]![nth]!;
      const best = row.best[place]?.conditions.length ?? Number.POSITIVE_INFINITY;
      if (conditions.length === 0) {
        row.parts[place]!.push(candidates[nth]!);
      } else if (conditions.length <= best) {
        row.best[place] = { row: candidates[nth]!, conditions };
      }
    }
  }
}

function questionsOf(context: PlanContext, draft: Draft, count: number): Asked[] {
  return draft.components.flatMap((component, place) =>
    draft.fill.leaves.flatMap((leaf) => {
      const rows = draft.rows.filter((row) => row.leaf === leaf && row.parts[place]!.length === 0);
      const tries = rows.flatMap((row) =>
        candidatesFor(context, draft, place, row, count).map((each) => [row, each] as const),
      );
      return tries.length === 0
        ? []
        : [
            {
              fill: draft.fill,
              draft,
              component,
              leaf,
              candidates: tries.map(([, each]) => each),
              targets: tries.map(([row]) => [row, place] as const),
            },
          ];
    }),
  );
}

function candidatesFor(
  context: PlanContext,
  { fill, random, components }: Draft,
  place: number,
  row: RowDraft,
  count: number,
): Row[] {
  const parts: CandidateContext = {
    fill,
    component: components[place]!,
    leaf: row.leaf,
    source: context.source,
    fixed: row.fixed,
    referenced: context.referenced,
    valuesOf: (column) => context.columnValues.of(fill, column),
    random,
  };
  const best = row.best[place];
  const made = new Map<string, Row>();
  for (let nth = 0; nth < count; nth += 1) {
    // A row that cannot be as bare or as full as it should be is better mixed than missing.
    const fullness = best === undefined && nth < count / 2 ? row.fullness : random.pick(FULLNESS);
    const repair =
      best === undefined || nth % 4 === 3
        ? undefined
        : { row: best.row, columns: random.pick(best.conditions).columns };
    const cells = candidate(parts, fullness, repair);
    if (cells !== undefined) {
      made.set(JSON.stringify([...cells]), cells);
    }
  }
  return [...made.values()];
}

const FULLNESS: readonly Fullness[] = ['bare', 'full', 'mixed'];

function assemble(context: PlanContext, draft: Draft): PlannedTable {
  const { fill, rows } = draft;
  const taken = takenTuples(fill, context.known(fill));
  const writer = plainWriter(context, draft);
  const made: Row[] = [];
  for (const [place, row] of rows.entries()) {
    const cells = writer(row, place);
    const whole = cells && withParts(draft, row, cells, taken);
    if (whole !== undefined) {
      made.push(whole);
      for (const [index, unique] of fill.uniques.entries()) {
        const tuple = tupleOf(whole, unique);
        if (tuple !== undefined) {
          taken[index]!.add(tuple);
        }
      }
    }
  }
  return { fill, rows: made, obstacle: made.length > 0 ? undefined : obstacleOf(context, draft) };
}

function takenTuples(fill: FillTable, rows: readonly Row[]): Set<string>[] {
  return fill.uniques.map((unique) => new Set(rows.flatMap((row) => tupleOf(row, unique) ?? [])));
}

/** Puts good cells together such that no key is taken twice. */
function withParts(
  { fill, random }: Draft,
  { parts }: RowDraft,
  plain: Row,
  taken: readonly ReadonlySet<string>[],
): Row | undefined {
  if (parts.some((found) => found.length === 0)) {
    return undefined;
  }
  for (let tries = 0; tries < 30; tries += 1) {
    const chosen = parts.flatMap((found) => [...(tries === 0 ? found[0]! : random.pick(found))]);
    const row = new Map([...plain, ...chosen]);
    const isTaken = fill.uniques.some((unique, place) => {
      const tuple = tupleOf(row, unique);
      return tuple !== undefined && taken[place]!.has(tuple);
    });
    if (!isTaken) {
      return row;
    }
  }
  return undefined;
}

/** Writes the cells that depend on no other column; `undefined` where a column can have no value. */
function plainWriter(
  context: PlanContext,
  { fill, random, components }: Draft,
): (row: RowDraft, place: number) => Map<string, Cell> | undefined {
  const inParts = new Set(components.flatMap(({ columns }) => columns));
  const apart = new Set([...fill.uniques.flat(), ...fill.keptApart]);
  const plain = fill.columns.filter(({ name }) => !inParts.has(name));
  const known = context.known(fill);
  const starts = new Map(
    plain.map(({ name }) => [name, startOf(context.columnValues.of(fill, name), known.length, random)]),
  );
  // In turn, so that a few rows show many of them; another seed begins elsewhere.
  const edgesUsed = new Map(plain.map(({ name }) => [name, random.below(1000)]));
  const edgeOf = (column: string, values: TypeValues | undefined): string | undefined => {
    if (values === undefined || values.edges.length === 0 || !random.chance(40)) {
      return undefined;
    }
    const used = edgesUsed.get(column)!;
    edgesUsed.set(column, used + 1);
    return values.edges[used % values.edges.length];
  };
  return (row, place) => {
    const cells = new Map<string, Cell>();
    for (const column of plain) {
      const given = row.fixed.get(column.name);
      const values = context.columnValues.of(fill, column.name);
      const isNull = leavesNull(fill, column, row.fullness, random);
      if (given !== undefined && given !== null) {
        cells.set(column.name, given);
      } else if (isNull) {
        cells.set(column.name, null);
      } else if (apart.has(column.name) && values !== undefined) {
        cells.set(column.name, nthApart(values, starts.get(column.name)! + place));
      } else if (!takesDefault(column, row.fullness, random)) {
        const edge = context.withEdges && place > 1 ? edgeOf(column.name, values) : undefined;
        const value = edge ?? (values && ordinary(values, random));
        if (value !== undefined) {
          cells.set(column.name, value);
        } else if (mayBeNull(fill, column.name)) {
          cells.set(column.name, null);
        } else if (column.default === undefined) {
          return undefined;
        }
      }
    }
    return cells;
  };
}

/** Where the values of a column that no two rows share begin, so that another run takes others. */
function startOf(values: TypeValues | undefined, known: number, random: Random): number {
  return values === undefined || values.size < 1000
    ? known
    : random.below(Math.min(values.size, 1_000_000) - 100);
}

function nthApart(values: TypeValues, n: number): string {
  return values.nth(n % Math.min(values.size, Number.MAX_SAFE_INTEGER));
}

function leavesNull(fill: FillTable, column: Column, fullness: Fullness, random: Random): boolean {
  return mayBeNull(fill, column.name) && (fullness === 'bare' || (fullness === 'mixed' && random.chance(25)));
}

function takesDefault(column: Column, fullness: Fullness, random: Random): boolean {
  return column.default !== undefined && (fullness === 'bare' || (fullness === 'mixed' && random.chance(25)));
}

function obstacleOf(context: PlanContext, { fill, rows, components }: Draft): Obstacle {
  const empty = fill.columns.find(
    ({ name, default: expression }) =>
      !mayBeNull(fill, name) && expression === undefined && context.columnValues.of(fill, name) === undefined,
  );
  const refused = empty && context.columnValues.obstacle(fill, empty.name);
  if (refused) {
    return conditionObstacle(refused);
  }
  if (empty) {
    return { kind: 'type', name: empty.name, definition: empty.type };
  }
  for (const row of rows) {
    const place = row.parts.findIndex((found) => found.length === 0);
    const failed = place < 0 ? undefined : row.best[place]?.conditions[0];
    if (failed) {
      return conditionObstacle(failed);
    }
    const key =
      place < 0
        ? undefined
        : components[place]!.foreignKeys.find((each) => context.referenced(each).length === 0);
    if (key) {
      return { kind: 'foreign key', name: key.name, definition: key.definition };
    }
  }
  const unique = fill.table.indexes.find((index) => index.unique);
  return unique
    ? { kind: 'unique', name: unique.name, definition: unique.definition }
    : { kind: 'other', message: 'no row was found' };
}

function conditionObstacle({ kind, name, definition }: RowCondition): Obstacle {
  return { kind, name, definition };
}
