/**
 * Rows that a statement deletes or changes, captured exactly: triggers for the statement put them down as they were,
 * and changed ones as they became. They are there for one statement, and gone before the commit.
 *
 * To put a trigger on a table takes a SHARE ROW EXCLUSIVE lock: others go on reading, and wait to write until the
 * migration commits. What foreign keys pass on fires the triggers of those tables too.
 */
import type { Session } from '../../database/index.js';
import type { Capture } from './capture-handle.js';
import { joinChains } from './chains.js';
import { setKeptTable } from './items.js';
import { addTableItem, dropItem, ensureKeptSchema, type KeepScope } from './keep-scope.js';
import {
  columnOf,
  digestOf,
  keptColumn,
  keptTable,
  keptTableName,
  keyExpressions,
  keyOf,
  layoutKey,
  nameOf,
  only,
  ROW_HEAD,
  storedValue,
} from './layout.js';
import { FIRING, followOwn, forgetOwn } from './own-rows.js';
import { checkWidth } from './refuse.js';
import type { ColumnFact, TableFacts } from './table-facts.js';
import { putTriggers, takeTriggers } from './triggers.js';

/**
 * Puts the triggers on.
 * @param unkept columns that need no keeping: this very transaction has added them
 */
export async function startCapture(
  session: Session,
  scope: KeepScope,
  statement: number,
  table: TableFacts,
  unkept: readonly string[],
): Promise<Capture> {
  await ensureKeptSchema(session);
  const start = scope.names.atStart(table);
  const named = new Map(start.columns.map((column) => [column.number, column]));
  const added = [...unkept, ...scope.names.added(table)];
  const columns = table.columns.filter(({ isGenerated, name }) => !isGenerated && !added.includes(name));
  const key = keyOf(table, new Set(scope.names.addedNumbers(table)));
  checkWidth(scope, statement, table, key.isKeyless ? 1 : key.columns.length);
  const layout = {
    key: layoutKey(key.columns.map((column) => named.get(column.number) ?? column)),
    isKeyless: key.isKeyless,
    ...(key.isKeyless ? { hasWas: true as const } : {}),
    columns: columns.map((column, index) =>
      keptColumn(named.get(column.number) ?? column, `o${index + 1}`, `n${index + 1}`),
    ),
  };
  const id = await addTableItem(session, scope, table, { statement, kind: 'rows', layout });
  const kept = keptTable(keptTableName(id));
  const triggers = { prefix: keptTableName(id), table, events: ['update', 'delete'] } as const;
  await session.run(
    `create table ${kept} as select false as gone, ${ROW_HEAD}, ${[
      ...keyExpressions('t', key.columns, key.isKeyless),
      ...columns.map((column, index) => `${storedValue('t', column)} as o${index + 1}`),
      ...columns.map((column, index) => `${storedValue('t', column)} as n${index + 1}`),
      ...(key.isKeyless ? ['null::pg_catalog.bytea as was'] : []),
      'null::pg_catalog.int8 as began',
      'null::pg_catalog.int8 as ended',
    ].join(', ')} from ${only(table)}${nameOf(table)} as t with no data`,
  );
  await putTriggers(session, triggers, {
    update: updateBody(kept, columns, key),
    delete: deleteBody(kept, columns, key),
  });
  return { ...triggers, id, isKeyless: key.isKeyless, keyLength: key.columns.length };
}

/**
 * Takes the triggers off and notes what they have put down.
 * @returns `twice` when a row was written more than once, so that its first and its last state are not known
 */
export async function endCapture(
  session: Session,
  scope: KeepScope,
  capture: Capture,
): Promise<'fine' | 'twice'> {
  const { id, isKeyless, keyLength } = capture;
  const kept = keptTableName(id);
  const { layout } = scope.kept.find((each) => each.id === id)!;
  if (!(await takeTriggers(session, capture))) {
    scope.standing.push(capture);
  }
  if (!(await joinChains(session, kept, layout))) {
    return 'twice';
  }
  await followOwn(session, scope, capture.table, id);
  await forgetOwn(session, scope, capture.table, id, 'with times');
  await session.run(`
    alter table ${keptTable(kept)} drop column began, drop column ended${isKeyless ? `; ${numberRows(id)}` : ''}`);
  const keys = Array.from({ length: isKeyless ? 0 : keyLength }, (_, index) => `k${index + 1}`);
  const [count] = await session.query<{ rows: number; keys: number }>(
    `select count(*)::float8 as rows, ${keys.length > 0 ? `count(distinct (${keys.join(', ')}))` : 'count(*)'}::float8 as keys
       from ${keptTable(kept)}`,
  );
  if (count!.rows > count!.keys) {
    return 'twice';
  }
  if (count!.rows === 0 && !scope.standing.includes(capture)) {
    await dropItem(session, scope, id);
  } else {
    await setKeptTable(session, id, kept, count!.rows);
  }
  return 'fine';
}

/** The statement that numbers rows without a key among equals. */
export function numberRows(id: number): string {
  const kept = keptTable(keptTableName(id));
  return `
    update ${kept} as k
       set kn = numbered.kn
      from (select ctid as at, pg_catalog.row_number() over (partition by gone, k1) as kn from ${kept}) as numbered
     where numbered.at = k.ctid`;
}

interface Key {
  readonly columns: readonly ColumnFact[];
  readonly isKeyless: boolean;
}

function keyValues(alias: string, { columns, isKeyless }: Key): string[] {
  return isKeyless
    ? [
        digestOf(
          alias,
          columns.map(({ name }) => name),
        ),
      ]
    : columns.map((column) => storedValue(alias, column));
}

function keyNames({ columns, isKeyless }: Key): string[] {
  return isKeyless ? ['k1'] : columns.map((_, index) => `k${index + 1}`);
}

function deleteBody(kept: string, columns: readonly ColumnFact[], key: Key): string {
  const names = ['gone', ...keyNames(key), ...columns.map((_, index) => `o${index + 1}`)];
  const values = ['true', ...keyValues('o', key), ...columns.map((column) => storedValue('o', column))];
  return insertSql(kept, names, values, 'plinth_old as o');
}

/** Both tables have the rows in the same order. */
function updateBody(kept: string, columns: readonly ColumnFact[], key: Key): string {
  const differs = columns.map(
    ({ name }) => `not pg_catalog.record_image_eq(row(${columnOf('o', name)}), row(${columnOf('n', name)}))`,
  );
  const names = [
    'gone',
    ...keyNames(key),
    ...columns.flatMap((_, index) => [`o${index + 1}`, `n${index + 1}`]),
    ...(key.isKeyless ? ['was'] : []),
  ];
  const values = [
    'false',
    ...keyValues('n', key),
    ...columns.flatMap((column, index) =>
      ['o', 'n'].map((alias) => `case when ${differs[index]} then ${storedValue(alias, column)} end`),
    ),
    ...(key.isKeyless ? keyValues('o', key) : []),
  ];
  return insertSql(
    kept,
    names,
    values,
    `(select t.*, pg_catalog.row_number() over () as plinth_row from plinth_old as t) as o
    join (select t.*, pg_catalog.row_number() over () as plinth_row from plinth_new as t) as n
      on n.plinth_row = o.plinth_row
   where ${differs.join(' or ') || 'false'}`,
  );
}

function insertSql(kept: string, names: readonly string[], values: readonly string[], from: string): string {
  return `insert into ${kept} (${names.join(', ')}, began, ended)
    select ${values.join(', ')}, ${FIRING}, ${FIRING} from ${from}`;
}
