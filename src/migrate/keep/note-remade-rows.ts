/**
 * Rows that a script deletes and puts in again under their keys, as when it loads a table of constants anew: they are
 * changed rather than gone. What they hold at its end is noted beside the old values, so that what is written later is
 * told from what the script has put there.
 */
import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import { setKeptTable } from './items.js';
import { addTableItem, countItem, type KeepScope, type KeptNow } from './keep-scope.js';
import {
  type KeptColumn,
  keptTable,
  keptTableName,
  nameOf,
  onKey,
  only,
  ROW_HEAD,
  storedValue,
} from './layout.js';
import { readTables, type TableFacts } from './table-facts.js';

export async function noteRemadeRows(session: Session, scope: KeepScope): Promise<void> {
  const items = scope.kept.filter(
    ({ kind, layout }) => kind === 'rows' && !layout.isKeyless && layout.isFull === undefined,
  );
  const tables = new Map(
    (await readTables(session, [...new Set(items.map(({ oid }) => oid))])).map((table) => [table.oid, table]),
  );
  const isLeft = ({ id }: KeptNow): boolean => scope.kept.some((each) => each.id === id);
  for (const item of items) {
    const table = isLeft(item) ? tables.get(item.oid) : undefined;
    const numbers = new Set(table?.columns.map(({ number }) => number));
    if (table && item.layout.key.every(({ number }) => numbers.has(number))) {
      const others = items.filter((each) => each.oid === item.oid && isLeft(each));
      await noteRows(session, scope, item, table, others);
    }
  }
}

async function noteRows(
  session: Session,
  scope: KeepScope,
  item: KeptNow,
  table: TableFacts,
  others: readonly KeptNow[],
): Promise<void> {
  const { layout, statement } = item;
  const now = ({ number }: KeptColumn) => table.columns.find((column) => column.number === number);
  const source = keptTable(keptTableName(item.id));
  const on = onKey(table, layout, (column) => now(column)?.name ?? column.name);
  // A row that got its key by a change of it is not the one that is gone.
  const isAnother = others.map(
    (other) =>
      `exists (select from ${keptTable(keptTableName(other.id))} as x where not x.gone and ${hasNewKey(other)} and ${sameKey('x', other, 'k', item)})`,
  );
  const rows = `${source} as k join ${only(table)}${nameOf(table)} as t on ${on} where k.gone and not (${isAnother.join(' or ')})`;
  const [found] = await session.query<{ any: boolean }>(`select exists (select from ${rows}) as any`);
  if (!found!.any) {
    return;
  }
  const columns = layout.columns.map((column, index) => ({ ...column, fresh: `n${index + 1}` }));
  const id = await addTableItem(session, scope, table, {
    statement,
    kind: 'rows',
    layout: { ...layout, columns, isFull: 'rows' },
  });
  const values = [
    'false as gone',
    ROW_HEAD,
    ...layout.key.map(({ kept }) => `k.${quoteIdentifier(kept)}`),
    ...columns.flatMap((column) => {
      const is = now(column);
      return [
        `k.${column.kept}`,
        `${is ? storedValue('t', is) : 'null::pg_catalog.text'} as ${column.fresh}`,
      ];
    }),
  ];
  const made = keptTable(keptTableName(id));
  const [noted] = await session.run(`create table ${made} as select ${values.join(', ')} from ${rows}`);
  await setKeptTable(session, id, keptTableName(id), noted!.rowCount ?? 0);
  const changed = others.filter((other) => other.id > item.id);
  await session.run(
    [
      `delete from ${source} as k using ${made} as m where k.gone and ${sameKey('m', item, 'k', item)}`,
      // What was changed of the new row since is in its values.
      ...changed.map(
        (other) =>
          `delete from ${keptTable(keptTableName(other.id))} as x using ${made} as m where not x.gone and ${sameKey('x', other, 'm', item)}`,
      ),
    ].join(';\n'),
  );
  for (const each of [item, ...changed]) {
    await countItem(session, scope, each.id);
  }
}

/** True in SQL for a changed row `x` whose key was changed. */
function hasNewKey({ layout: { key, columns } }: KeptNow): string {
  const changed = columns
    .filter(({ number, fresh }) => fresh && key.some((each) => each.number === number))
    .map(({ fresh }) => `x.${fresh} is not null`);
  return `(${['false', ...changed].join(' or ')})`;
}

function sameKey(alias: string, one: KeptNow, otherAlias: string, other: KeptNow): string {
  return one.layout.key
    .map(({ kept }, index) => {
      const also = other.layout.key[index];
      return also
        ? `${alias}.${kept}::pg_catalog.text = ${otherAlias}.${also.kept}::pg_catalog.text`
        : 'false';
    })
    .join(' and ');
}
