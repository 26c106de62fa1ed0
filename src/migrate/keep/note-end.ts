/**
 * At the end of a script that has kept something: how its tables and columns are named by now, and whether a table or
 * column that it dropped is there again under its name. Then the new one stands for the old: what it holds is noted
 * beside the old values, so that what is written later is told from what the script itself has put there.
 */
import type { Session } from '../../database/index.js';
import { bodyOf, quoteIdentifier } from '../../sql/index.js';
import { setKeptTable, setLayout } from './items.js';
import { joinColumns } from './join-columns.js';
import type { KeepScope, KeptNow } from './keep-scope.js';
import {
  columnOf,
  type KeptColumn,
  keptTable,
  keptTableName,
  keyedTable,
  type Layout,
  nameOf,
  onKey,
  only,
  ROW_HEAD,
  storedValue,
} from './layout.js';
import { mergeItems } from './merge-items.js';
import { readNames } from './names.js';
import { noteRemadeRows } from './note-remade-rows.js';
import { asKeeper } from './own-settings.js';
import { settle } from './settle.js';
import { type ColumnFact, readTables, type TableFacts } from './table-facts.js';
import { findByName } from './target.js';

interface Ending {
  /** The script may have given names to what had others. */
  readonly doesRename: boolean;
  /** The transaction is the whole script: what it has not made was there before. */
  readonly isWhole: boolean;
}

export async function noteEnd(
  session: Session,
  scope: KeepScope,
  { doesRename, isWhole }: Ending,
): Promise<void> {
  if (scope.kept.length === 0) {
    return;
  }
  await asKeeper(session, async () => {
    await mergeItems(session, scope);
    await joinColumns(session, scope);
    await settle(session, scope);
    await noteRemadeRows(session, scope);
    await mergeItems(session, scope);
    for (const [kept, again] of await madeAgain(session, scope)) {
      if (again.oid !== kept.oid && (again.isNew || !isWhole)) {
        await noteNewTable(session, kept, again, renamedIn(scope, kept, again));
      }
    }
    for (const kept of scope.kept.filter(({ kind }) => kind === 'column')) {
      const [table] = await readTables(session, [kept.oid]);
      if (table) {
        const made = isWhole ? scope.names.addedNumbers(table) : undefined;
        await noteNewColumns(session, kept, table, made);
      }
    }
    if (doesRename) {
      await noteNames(session, scope);
    }
  });
}

/**
 * The tables that stand for dropped ones by their names: those that these had last, else the ones that they had when the
 * script began, unless another's table has that now.
 */
async function madeAgain(session: Session, scope: KeepScope): Promise<ReadonlyMap<KeptNow, TableFacts>> {
  const dropped = scope.kept.filter(({ kind }) => kind === 'table');
  const found = new Map<KeptNow, TableFacts>();
  for (const kept of dropped) {
    const [table] = await readTables(session, kept.successor ? [kept.successor.oid] : []);
    if (table) {
      found.set(kept, table);
    }
  }
  const find = async (kept: KeptNow, names: Parameters<typeof findByName>[1]): Promise<void> => {
    const table = await findByName(session, names);
    if (table && ![...found.values()].some(({ oid }) => oid === table.oid)) {
      found.set(kept, table);
    }
  };
  for (const kept of dropped.filter((each) => !found.has(each))) {
    await find(kept, [namesAfter(scope, kept).table, kept.last]);
  }
  for (const kept of dropped.filter((each) => !found.has(each))) {
    await find(kept, [kept]);
  }
  return found;
}

async function noteNames(session: Session, scope: KeepScope): Promise<void> {
  const names = await readNames(session);
  for (const kept of scope.kept) {
    const is = names.get(kept.oid);
    const [row] = is
      ? await session.query<{ layout: Layout }>('select layout from plinth.kept where id = $1', [kept.id])
      : [];
    if (is && row) {
      const withName = (column: KeptColumn): KeptColumn => {
        const after = is.columns[column.number];
        return after === undefined || after === column.name ? column : { ...column, after };
      };
      const moved = is.schema !== kept.schema || is.name !== kept.name;
      await setLayout(session, kept.id, {
        ...row.layout,
        key: row.layout.key.map(withName),
        columns: row.layout.columns.map(withName),
        ...(moved ? { after: { schema: is.schema, name: is.name } } : {}),
      });
    }
  }
}

interface NamesAfter {
  readonly table: { readonly schema: string; readonly name: string };
  /** By the names that they had. */
  readonly columns: ReadonlyMap<string, string>;
}

/** The names that a new table and its columns were given after the old one was dropped. */
function namesAfter({ statements }: KeepScope, { statement, last }: KeptNow): NamesAfter {
  const columns = new Map<string, string>();
  let table = last;
  for (const { index, outcome } of statements) {
    const node = outcome.kind === 'parsed' && index > statement ? outcome.node : undefined;
    const renamed = bodyOf(node, 'RenameStmt');
    const moved = bodyOf(node, 'AlterObjectSchemaStmt');
    const { schemaname, relname } = renamed?.relation ?? moved?.relation ?? {};
    if (relname !== table.name || (schemaname !== undefined && schemaname !== table.schema)) {
      continue;
    }
    if (moved?.newschema) {
      table = { ...table, schema: moved.newschema };
    } else if (renamed?.renameType === 'OBJECT_TABLE' && renamed.newname) {
      table = { ...table, name: renamed.newname };
    } else if (renamed?.renameType === 'OBJECT_COLUMN' && renamed.subname && renamed.newname) {
      const first = [...columns].find(([, name]) => name === renamed.subname)?.[0] ?? renamed.subname;
      columns.set(first, renamed.newname);
    }
  }
  return { table, columns };
}

/** The names of the new table's columns by those that they had first. */
function renamedIn(scope: KeepScope, kept: KeptNow, { columns }: TableFacts): ReadonlyMap<string, string> {
  if (!kept.successor) {
    return namesAfter(scope, kept).columns;
  }
  const names = new Map(columns.map(({ number, name }) => [number, name]));
  return new Map(
    [...kept.successor.numbers].flatMap(([name, number]) => {
      const is = names.get(number);
      return is === undefined ? [] : [[name, is] as const];
    }),
  );
}

/** The dropped table was made again: its rows become old values beside new ones. */
async function noteNewTable(
  session: Session,
  kept: KeptNow,
  table: TableFacts,
  renamed: ReadonlyMap<string, string>,
): Promise<void> {
  const { layout } = kept;
  // Until then a column of the old table had the name that it lies under.
  const nameNow = (column: KeptColumn): string => renamed.get(column.kept) ?? column.kept;
  const now = (column: KeptColumn): ColumnFact | undefined =>
    table.columns.find(({ name }) => name === nameNow(column));
  const named = (column: KeptColumn): KeptColumn =>
    nameNow(column) === column.name ? column : { ...column, after: nameNow(column) };
  const { schema, name } = table;
  const isMoved = schema !== kept.schema || name !== kept.name;
  if (layout.isKeyless || !layout.key.every(now)) {
    return;
  }
  const on = onKey(table, layout, nameNow);
  const first = columnOf('t', nameNow(layout.key[0]!));
  const values = [
    `${first} is null as gone`,
    ROW_HEAD,
    ...layout.key.map(
      (column, index) => `${storedValue('k', { ...column, name: column.kept })} as k${index + 1}`,
    ),
    ...layout.columns.flatMap((column, index) => {
      const is = now(column);
      return [
        `${storedValue('k', { ...column, name: column.kept })} as o${index + 1}`,
        is ? `${storedValue('t', is)} as n${index + 1}` : `null::text as n${index + 1}`,
      ];
    }),
  ];
  await replace(
    session,
    kept,
    `select ${values.join(', ')} from ${keptTable(keptTableName(kept.id))} as k
       left join ${only(table)}${nameOf(table)} as t on ${on}`,
    {
      ...layout,
      ...(isMoved ? { after: { schema, name } } : {}),
      isFull: 'rows',
      key: layout.key.map((column, index) => ({ ...named(column), kept: `k${index + 1}` })),
      columns: layout.columns.map((column, index) => ({
        ...named(column),
        kept: `o${index + 1}`,
        fresh: `n${index + 1}`,
      })),
    },
  );
}

/**
 * The dropped columns were added again, or others have taken their names.
 * @param made the numbers of the columns that the script has made, where that is known
 */
async function noteNewColumns(
  session: Session,
  kept: KeptNow,
  table: TableFacts,
  made: readonly number[] | undefined,
): Promise<void> {
  const { layout } = kept;
  const again = (column: KeptColumn): ColumnFact | undefined =>
    table.columns.find(
      // A generated column is nobody's to write.
      ({ name, number, isGenerated }) =>
        name === column.name &&
        number !== column.number &&
        !isGenerated &&
        (made === undefined || made.includes(number)),
    );
  const isThere = ({ number }: KeptColumn): boolean =>
    table.columns.some((column) => column.number === number);
  if (!layout.columns.some(again) || !layout.key.every(isThere)) {
    return;
  }
  const nameNow = (column: KeptColumn): string =>
    table.columns.find(({ number }) => number === column.number)?.name ?? column.name;
  const rows = `${keptTable(keptTableName(kept.id))} as k
       left join ${keyedTable(table, layout, nameNow)} on ${onKey(table, layout, nameNow)}`;
  if (layout.isKeyless) {
    // What the script has changed since is not found by what it was: which values are its own is not known.
    const [found] = await session.query<{ any: boolean }>(
      `select exists (select from ${rows} where t.plinth_k1 is null) as any`,
    );
    if (found!.any) {
      return;
    }
  }
  const values = [
    'false as gone',
    ROW_HEAD,
    ...(layout.isKeyless
      ? ['k.k1', 'k.kn']
      : layout.key.map((column) => `k.${quoteIdentifier(column.kept)}`)),
    ...layout.columns.flatMap((column) => {
      const is = again(column);
      const fresh = column.kept.replace('o', 'n');
      return [`k.${column.kept}`, is ? `${storedValue('t', is)} as ${fresh}` : `null::text as ${fresh}`];
    }),
  ];
  await replace(session, kept, `select ${values.join(', ')} from ${rows}`, {
    ...layout,
    isFull: 'values',
    columns: layout.columns.map((column) => ({ ...column, fresh: column.kept.replace('o', 'n') })),
  });
}

async function replace(session: Session, { id }: KeptNow, select: string, layout: Layout): Promise<void> {
  const kept = keptTable(keptTableName(id));
  const [made] = await session.run(`create table ${kept}_new as ${select}`);
  await session.run(`drop table ${kept}; alter table ${kept}_new rename to ${keptTableName(id)}`);
  await session.query(`update plinth.kept set kind = 'rows', layout = $2 where id = $1`, [
    id,
    JSON.stringify(layout),
  ]);
  await setKeptTable(session, id, keptTableName(id), made?.rowCount);
}
