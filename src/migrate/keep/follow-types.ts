/**
 * A column of a table without a key gets another type, and other values with it, while rows that the opposite script
 * has kept are known by what it held. A change of type leaves rows in their order on disk: by that, they are known again.
 */
import type { Session } from '../../database/index.js';
import { type KeptItem, readItems, setLayout } from './items.js';
import type { KeepScope } from './keep-scope.js';
import { type KeptColumn, keptTable, keptTableName, keyedTable, type Layout } from './layout.js';
import { readTables, type TableFacts } from './table-facts.js';
import { columnNow, findTarget, nameNow } from './target.js';

export interface FollowedRows {
  readonly item: KeptItem;
  readonly oid: number;
}

/**
 * Notes where the rows lie that are kept of the table. Called before the change, with the table locked.
 * @param numbers the columns that get another type
 */
export async function startFollowing(
  session: Session,
  scope: KeepScope,
  table: TableFacts,
  numbers: readonly number[],
): Promise<readonly FollowedRows[]> {
  const { script } = scope;
  if (table.keys.length > 0 || numbers.length === 0) {
    return [];
  }
  const followed: FollowedRows[] = [];
  let isChanged = false;
  // Newest first: what was kept before another change of these values is known by what that one puts back.
  for (const item of await readItems(session, script, script.direction === 'up' ? 'down' : 'up')) {
    const isAmong = (column: KeptColumn): boolean =>
      numbers.includes(columnNow(table, column)?.number ?? Number.NaN);
    const { key, columns, isKeyless } = item.layout;
    const target = ['rows', 'column'].includes(item.kind) ? await findTarget(session, item) : undefined;
    if (!item.keptTable || !isKeyless || target?.oid !== table.oid) {
      continue;
    }
    if (!isChanged && key.some(isAmong) && key.every((column) => columnNow(table, column))) {
      await session.run(`create table ${followName(item)} as ${placesOf(table, item.layout)}`);
      followed.push({ item, oid: table.oid });
    }
    isChanged ||= columns.some(isAmong);
  }
  return followed;
}

/** Lets the rows be known by what they hold now. @param isWritten whether rows of the table were written beside */
export async function endFollowing(
  session: Session,
  followed: readonly FollowedRows[],
  isWritten: (oid: number) => boolean = () => false,
): Promise<void> {
  for (const { item, oid } of followed) {
    const [now] = isWritten(oid) ? [] : await readTables(session, [oid]);
    const key = item.layout.key.flatMap((column) => {
      const is = now && columnNow(now, column);
      return is ? [{ ...column, type: is.type, isBuiltIn: is.isBuiltIn, hasCollation: is.hasCollation }] : [];
    });
    if (now && key.length === item.layout.key.length) {
      const layout: Layout = { ...item.layout, key };
      await session.run(`
        update ${keptTable(item.keptTable!)} as k set k1 = t.k1, kn = t.kn
          from ${followName(item)} as f join (${placesOf(now, layout)}) as t on t.place = f.place
         where k.k1 = f.k1 and k.kn = f.kn${item.kind === 'rows' ? ' and not k.gone' : ''}`);
      await setLayout(session, item.id, layout);
    }
    await session.run(`drop table ${followName(item)}`);
  }
}

function followName({ id }: KeptItem): string {
  return keptTable(`${keptTableName(id)}_follow`);
}

function placesOf(table: TableFacts, layout: Layout): string {
  return `select pg_catalog.row_number() over (order by t.plinth_ctid) as place, t.plinth_k1 as k1, t.plinth_kn as kn
            from ${keyedTable(table, layout, nameNow(table))}`;
}
