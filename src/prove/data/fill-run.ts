/** One run of filling: what it works with, and what has become of the tables so far. */
import type { Session } from '../../database/index.js';
import type { SchemaModel } from '../../schema/index.js';
import type { Obstacle } from './fill-report.js';
import { filled, type Outcome, unfilled } from './outcome.js';
import type { ColumnValues } from './rows/column-pools.js';
import type { FillTable } from './rows/fill-table.js';
import { type PlannedTable, planRows } from './rows/plan-rows.js';
import type { Fullness } from './rows/row.js';
import type { ValueSource } from './rows/satisfy.js';
import type { RowsSoFar } from './rows-so-far.js';

export interface FillRun {
  readonly session: Session;
  readonly model: SchemaModel;
  readonly seed: number;
  readonly rowsPerTable: number;
  readonly withoutNulls: boolean;
  /** The session's own search path. */
  readonly path: string;
  /** The tables to fill. */
  readonly fills: readonly FillTable[];
  readonly rows: RowsSoFar;
  readonly source: ValueSource;
  readonly columnValues: ColumnValues;
  /** By the tables' keys. */
  readonly outcomes: Map<string, Outcome>;
}

/** More rows of a table are not made for its partitions. */
const MOST_ROWS = 60;

/** How many rows a table is to be given. */
export function rowCount({ rowsPerTable }: FillRun, { leaves }: FillTable): number {
  return Math.min(Math.max(rowsPerTable, leaves.length), MOST_ROWS);
}

/**
 * Plans rows for tables that need none but of each other and of what is planned; the search path must be empty.
 * @param attempt another number gives other rows
 */
export async function plannedRows(
  run: FillRun,
  fills: readonly FillTable[],
  attempt: number,
): Promise<readonly PlannedTable[]> {
  const { session, source, columnValues, seed, rows } = run;
  const planned = await planRows(
    {
      session,
      source,
      columnValues,
      seed,
      attempt,
      rowCount: (fill) => rowCount(run, fill),
      withEdges: attempt === 0,
      fullnessOf: run.withoutNulls ? () => 'full' : fullnessOf,
      known: (fill) => rows.there(fill),
      given: (fill) => rows.given(fill),
      referenced: (key) => rows.referenced(key),
    },
    fills,
  );
  return planned;
}

/** The first row has as little as may be, the second all there can be. */
function fullnessOf(place: number): Fullness {
  return place === 0 ? 'bare' : place === 1 ? 'full' : 'mixed';
}

/** The catalogue's expressions are meant for an empty path, triggers for the session's own. */
export async function setPath(session: Session, path: string): Promise<void> {
  await session.query("select set_config('search_path', $1, true)", [path]);
}

/** A table that takes no more rows is proven all the same, if it has some. */
export function settle({ rows, outcomes }: FillRun, fill: FillTable, obstacle: Obstacle): void {
  const existing = rows.existing(fill);
  outcomes.set(fill.key, existing > 0 ? filled(fill, existing, [], false) : unfilled(fill, obstacle));
}
