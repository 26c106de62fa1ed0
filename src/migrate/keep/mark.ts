/**
 * When the opposite script begins, what the first one has changed is compared with what is there: which rows are there,
 * and which values are still what it had made of them. Several items of one table are seen as if each newer one had
 * been put back already.
 */
import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import { type KeepingScript, type KeptItem, readItems } from './items.js';
import { columnOf, type KeptColumn, keptTable, keyedTable, nameOf, onKey, only, orderBy } from './layout.js';
import { asKeeper } from './own-settings.js';
import { withoutForcedPolicies } from './row-security.js';
import { pairChanged, rowSteps } from './row-steps.js';
import type { TableFacts } from './table-facts.js';
import { asLeft, columnNow, findTarget, nameNow } from './target.js';

/** Marks the rows that the script of that direction has kept. */
export async function markKept(
  session: Session,
  script: KeepingScript,
  direction: 'up' | 'down',
): Promise<void> {
  await asKeeper(session, async () => {
    const items = (await readItems(session, script, direction)).filter(
      ({ kind, keptTable: kept }) => kind === 'rows' && kept,
    );
    const byTable = new Map<number, { readonly table: TableFacts; readonly items: KeptItem[] }>();
    for (const item of items) {
      const table = await findTarget(session, item, 'after');
      if (table) {
        const entry = byTable.get(table.oid) ?? { table, items: [] };
        entry.items.push(asLeft(item));
        byTable.set(table.oid, entry);
      } else if (item.layout.isKeyless) {
        await numberAgain(
          session,
          item,
          item.layout.columns.filter(({ fresh }) => fresh),
        );
      }
    }
    for (const { table, items: own } of byTable.values()) {
      await withoutForcedPolicies(session, table, () => markTable(session, table, own));
    }
  });
}

async function markTable(session: Session, table: TableFacts, items: readonly KeptItem[]): Promise<void> {
  // Rows cannot be compared whose key is gone by then.
  const known = items.filter(({ layout }) => layout.key.every((column) => columnNow(table, column)));
  if (known.length <= 1) {
    for (const item of known) {
      await markItem(session, item, table);
    }
    return;
  }
  // As text: older items are of the time before the column's type was changed.
  const seen = `plinth_seen_${table.oid}`;
  const values = table.columns.map(({ name }) => `${columnOf('t', name)}::pg_catalog.text`);
  await session.run(
    `create temporary table ${seen} on commit drop as
       select ${values.join(', ')} from ${only(table)}${nameOf(table)} as t`,
  );
  const columns = table.columns.map((column) => ({
    ...column,
    type: 'pg_catalog.text',
    isBuiltIn: false,
    isGenerated: false,
  }));
  const view: TableFacts = { ...table, schema: 'pg_temp', name: seen, kind: 'r', columns };
  for (const item of known) {
    await markItem(session, item, view);
    for (const command of rowSteps(item, view).commands('true')) {
      await session.run(command);
    }
    if (item.layout.isKeyless) {
      await session.run(`update ${keptTable(item.keptTable!)} set placed = false`);
    }
  }
  await session.run(`drop table pg_temp.${seen}`);
}

async function markItem(session: Session, item: KeptItem, table: TableFacts): Promise<void> {
  const { layout } = item;
  const kept = keptTable(item.keptTable!);
  const now = nameNow(table);
  const marks = layout.columns.map(
    (column, index) => `coalesce(k.marks[${index + 1}], true) and ${markOf(table, column)}`,
  );
  const fresh = layout.columns.filter((column) => column.fresh && columnNow(table, column));
  const from = keyedTable(table, layout, now, fresh.map(now));
  if (layout.isKeyless) {
    await numberAgain(session, item, fresh);
    await pairChanged(session, item, table, fresh);
    await session.run(`
      update ${kept} as k set present = 0 where k.gone;
      update ${kept} as k
         set present = there.rows
        from (select t.plinth_k1 as k1, count(*) as rows from ${from} group by 1) as there
       where k.gone and there.k1 = k.k1`);
  } else {
    await session.run(`update ${kept} as k set present = 0`);
  }
  await session.run(
    `update ${kept} as k set ${layout.isKeyless ? '' : 'present = 1, '}marks = array[${marks.join(', ')}]::boolean[]
       from ${from} where ${onKey(table, layout, now)} ${layout.isKeyless ? 'and not k.gone' : ''}`,
  );
}

/** Of rows alike in all else, each is to be found by what it has become. */
async function numberAgain(
  session: Session,
  { keptTable: kept }: KeptItem,
  fresh: readonly KeptColumn[],
): Promise<void> {
  const table = keptTable(kept!);
  const order = orderBy(
    'k',
    fresh.map((column) => column.fresh!),
  );
  await session.run(`
    update ${table} as k
       set kn = numbered.kn
      from (select k.ctid as at, pg_catalog.row_number() over (partition by k.k1 ${order}) as kn
              from ${table} as k where not k.gone) as numbered
     where numbered.at = k.ctid`);
}

/**
 * True while the column has the value that the script gave it; a column that is gone cannot have been written. What was
 * written once, before an earlier try, is newer for good.
 */
function markOf(table: TableFacts, column: KeptColumn): string {
  const is = columnNow(table, column);
  return is && column.fresh
    ? `${columnOf('t', is.name)}::pg_catalog.text is not distinct from k.${quoteIdentifier(column.fresh)}::pg_catalog.text`
    : 'true';
}
