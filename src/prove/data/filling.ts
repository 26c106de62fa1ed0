import type { Session } from '../../database/index.js';
import type { FillOptions } from './fill-options.js';
import { type FillGroup, fillLevels } from './fill-order.js';
import { type FillRun, plannedRows, setPath } from './fill-run.js';
import { findValues } from './found-values.js';
import { giveKeys, giveNumbers } from './given-keys.js';
import { insertRows, type PlannedGroup } from './insert-rows.js';
import { meeting } from './meeting.js';
import type { Outcome } from './outcome.js';
import { partitionRoots } from './partition-roots.js';
import type { FillCatalogue } from './read-catalogue.js';
import { findColumnValues } from './rows/column-pools.js';
import { fillTablesOf } from './rows/fill-table.js';
import type { PlannedTable } from './rows/plan-rows.js';
import { RowsSoFar } from './rows-so-far.js';
import { touchRows } from './touch-rows.js';
import { valuesOfTypes, withTextsAs } from './values/values-of.js';

/**
 * Fills the tables of one database, inside the caller's transaction and with an empty search path.
 * @param path the session's own search path, for what triggers do
 * @returns what became of each table that was to be filled
 */
export async function fillAll(
  session: Session,
  catalogue: FillCatalogue,
  options: FillOptions,
  path: string,
): Promise<readonly Outcome[]> {
  const run = await openRun(session, catalogue, options, path);
  const planned: PlannedGroup[] = [];
  for (const level of fillLevels(run.fills, (key) => run.rows.rootKey(key))) {
    for (const group of level) {
      giveKeys(run, group);
    }
    planned.push(...groupedBy(level, await plannedRows(run, level.flat(), 0)));
    for (const { fill, rows } of planned.flat()) {
      run.rows.plan(fill, rows);
    }
  }
  await setPath(session, path);
  const existing = new Map(run.fills.map((fill) => [fill, run.rows.there(fill)]));
  await insertRows(run, planned);
  if (options.touchRows) {
    await touchRows(run, options.touchRows, existing, planned.flat());
  }
  return run.fills.map(({ key }) => run.outcomes.get(key)!);
}

async function openRun(
  session: Session,
  { model: actual, types, partitions }: FillCatalogue,
  options: FillOptions,
  path: string,
): Promise<FillRun> {
  const { includes = () => true, seed = 1, rowsPerTable = 6, meets, withoutNulls = false } = options;
  const model = meets ? meeting(actual, meets) : actual;
  const all = fillTablesOf(model, types, partitions);
  const fills = all.filter(({ table }) => includes(table));
  const used = fills.flatMap(({ columns }) => columns.map(({ type }) => type));
  const found = await findValues(session, types, seed, used);
  const valuesOf = valuesOfTypes(types, found);
  const source = {
    types,
    valuesOf: options.textsAs ? withTextsAs(types, valuesOf, options.textsAs) : valuesOf,
  };
  const columnValues = await findColumnValues(session, source, seed, fills);
  const rows = new RowsSoFar(all, partitionRoots(model));
  await rows.look(session, fills);
  const outcomes = new Map<string, Outcome>();
  const kind = { seed, rowsPerTable, withoutNulls };
  const run = { session, model, ...kind, path, fills, rows, source, columnValues, outcomes };
  await giveNumbers(run);
  return run;
}

function groupedBy(level: readonly FillGroup[], planned: readonly PlannedTable[]): PlannedGroup[] {
  const byFill = new Map(planned.map((each) => [each.fill, each]));
  return level.map((group) => group.map((fill) => byFill.get(fill)!));
}
