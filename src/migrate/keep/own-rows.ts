/**
 * Rows that a script itself inserts: when it deletes them again, nobody has lost anything, and they must not come back.
 * The keys of what it inserts are put down by a trigger for the statement, where a later one may delete. What is not
 * seen so is kept: rather a row too many than one lost.
 */
import type { Session } from '../../database/index.js';
import { bodyOf, quoteIdentifier, type RelationName, relationUses } from '../../sql/index.js';
import type { StatementOutcome } from '../run/context.js';
import type { ScriptStatement } from '../run/script.js';
import type { OwnRows, Triggers } from './capture-handle.js';
import { type Intent, intentOf } from './intents.js';
import type { KeptKind } from './items.js';
import { ensureKeptSchema, type KeepScope } from './keep-scope.js';
import {
  digestOf,
  keptTable,
  keptTableName,
  keyOf,
  type Layout,
  nameOf,
  only,
  storedValue,
} from './layout.js';
import { asKeeper } from './own-settings.js';
import { readTables, resolveNames, type TableFacts } from './table-facts.js';
import { putTriggers, takeTriggers } from './triggers.js';

/** The tables that each statement inserts into by its text, where a later one may delete rows. */
export function insertsBefore(
  statements: readonly ScriptStatement[],
): ReadonlyMap<ScriptStatement, readonly RelationName[]> {
  const last = statements.findLastIndex((statement) => mayDelete(intentOf(statement)));
  return new Map(
    statements.slice(0, last + 1).flatMap((statement) => {
      const targets = insertTargets(statement);
      return targets.length > 0 ? [[statement, targets] as const] : [];
    }),
  );
}

function mayDelete(intent: Intent | undefined): boolean {
  return intent?.kind === 'write'
    ? intent.tables.some(({ columns }) => columns === undefined)
    : intent !== undefined && ['drop', 'truncate', 'opaque'].includes(intent.kind);
}

function insertTargets({ classification, outcome }: ScriptStatement): readonly RelationName[] {
  if (classification.kind !== 'data' || outcome.kind !== 'parsed') {
    return [];
  }
  const copied = bodyOf(outcome.node, 'CopyStmt');
  if (copied?.is_from && copied.relation) {
    return [{ schema: copied.relation.schemaname, name: copied.relation.relname ?? '' }];
  }
  return relationUses(outcome.node).flatMap(({ relation, statement }) =>
    statement?.kind === 'insert' || statement?.kind === 'merge' ? [relation] : [],
  );
}

/** Runs the statement, and notes the keys of what it inserts into the tables. */
export async function aroundInsert(
  session: Session,
  scope: KeepScope,
  statement: ScriptStatement,
  targets: readonly RelationName[],
  send: () => Promise<StatementOutcome[]>,
): Promise<StatementOutcome[]> {
  const watched = await asKeeper(session, async () => {
    const oids = await resolveNames(session, targets);
    const tables = await readTables(
      session,
      oids.flatMap((oid) => oid ?? []),
    );
    const triggers: Triggers[] = [];
    for (const table of tables) {
      triggers.push(...(await watchInserts(session, scope, statement.index, table)));
    }
    return triggers;
  });
  const outcomes = await send();
  await asKeeper(session, () => endWatching(session, scope, watched));
  return outcomes;
}

/** Puts the trigger on a table; nothing where all of its rows are the transaction's own, or nobody keeps any. */
export async function watchInserts(
  session: Session,
  scope: KeepScope,
  statement: number,
  table: TableFacts,
): Promise<readonly Triggers[]> {
  if (table.isNew || table.isTemporary || !['r', 'p'].includes(table.kind)) {
    return [];
  }
  const { columns, isKeyless } = keyOf(table, new Set(scope.names.addedNumbers(table)));
  const key = columns.map(({ number }) => number).join(' ');
  const values = (alias: string): string =>
    (isKeyless
      ? [
          digestOf(
            alias,
            columns.map(({ name }) => name),
          ),
        ]
      : columns.map((column) => storedValue(alias, column))
    )
      .map((value, index) => `(${value})::pg_catalog.text as k${index + 1}`)
      .join(', ');
  const name = `pg_temp.plinth_own_${table.oid}`;
  const own = scope.own.get(table.oid);
  if (own?.key !== key || own.isKeyless !== isKeyless) {
    await session.run(
      `drop table if exists ${name};
       create temporary table plinth_own_${table.oid} on commit drop as
         select ${values('t')} from ${only(table)}${nameOf(table)} as t with no data`,
    );
    scope.own.set(table.oid, { table: name, key, isKeyless });
  }
  const triggers: Triggers = { prefix: `own_${table.oid}_${statement}`, table, events: ['insert'] };
  await ensureKeptSchema(session);
  await putTriggers(session, triggers, {
    insert: `insert into ${name} select ${values('t')} from plinth_new as t`,
  });
  return [triggers];
}

export async function endWatching(
  session: Session,
  scope: KeepScope,
  watched: readonly Triggers[],
): Promise<void> {
  for (const triggers of watched) {
    const [there] = await readTables(session, [triggers.table.oid]);
    if (there && !(await takeTriggers(session, { ...triggers, table: there }))) {
      scope.standing.push({ ...triggers, table: there });
    }
  }
}

/**
 * Rows of the script's own that a statement has changed: nothing of them is kept, and they are known by what they
 * became. Called before the changes under `id` are numbered.
 */
export async function followOwn(
  session: Session,
  scope: KeepScope,
  { oid }: Pick<TableFacts, 'oid'>,
  id: number,
): Promise<void> {
  const found = ownOf(scope, oid, id);
  if (!found) {
    return;
  }
  const { own, layout } = found;
  const table = keptTable(keptTableName(id));
  const numbers = layout.key.map((_, index) => index + 1);
  const was = layout.key.map((key, index) => {
    const column = layout.columns.find(({ number }) => number === key.number);
    return column ? `coalesce(k.${column.kept}, k.k${index + 1})` : `k.k${index + 1}`;
  });
  const hit = layout.isKeyless
    ? `delete from ${table} as d
        using (select k.ctid as at, k.was, k.k1, pg_catalog.row_number() over (partition by k.was) as number
                 from ${table} as k where not k.gone) as k
         join (select o.ctid as at, o.k1, pg_catalog.row_number() over (partition by o.k1) as number
                 from ${own.table} as o) as o on o.k1 = k.was::pg_catalog.text and o.number = k.number
        where d.ctid = k.at
       returning o.at, k.k1::pg_catalog.text as k1`
    : `delete from ${table} as k using ${own.table} as o
        where not k.gone and ${was.map((value, index) => `o.k${index + 1} = ${value}::pg_catalog.text`).join(' and ')}
       returning o.ctid as at, ${numbers.map((n) => `k.k${n}::pg_catalog.text as k${n}`).join(', ')}`;
  const set = (layout.isKeyless ? [1] : numbers).map((n) => `k${n} = hit.k${n}`);
  await session.run(
    `with hit as (${hit}) update ${own.table} as o set ${set.join(', ')} from hit where o.ctid = hit.at`,
  );
}

function ownOf(
  scope: KeepScope,
  oid: number,
  id: number,
): { readonly own: OwnRows; readonly layout: Layout; readonly kind: KeptKind } | undefined {
  const own = scope.own.get(oid);
  const kept = scope.kept.find((each) => each.id === id);
  const numbers = kept?.layout.key.map(({ number }) => number).join(' ');
  return own && kept && own.key === numbers && own.isKeyless === kept.layout.isKeyless
    ? { own, layout: kept.layout, kind: kept.kind }
    : undefined;
}

/** Takes the script's own rows from what is kept of the table under `id`. @returns how many those are */
export async function forgetOwn(
  session: Session,
  scope: KeepScope,
  { oid }: Pick<TableFacts, 'oid'>,
  id: number,
): Promise<number> {
  const found = ownOf(scope, oid, id);
  if (!found) {
    return 0;
  }
  const { own, layout, kind } = found;
  const table = keptTable(keptTableName(id));
  if (!layout.isKeyless) {
    const on = layout.key.map(
      (column, index) => `o.k${index + 1} = k.${quoteIdentifier(column.kept)}::pg_catalog.text`,
    );
    const [gone] = await session.query<{ rows: number }>(`
      with hit as (
        delete from ${table} as k using ${own.table} as o where ${on.join(' and ')}
        returning o.ctid as at, ${kind === 'rows' ? 'k.gone' : 'true'} as gone
      ),
      used as (delete from ${own.table} as o using hit where hit.gone and o.ctid = hit.at)
      select count(*)::float8 as rows from hit`);
    return gone!.rows;
  }
  const digest =
    kind === 'table'
      ? digestOf(
          'k',
          layout.key.map((column) => column.kept),
        )
      : 'k.k1';
  const [order, rows] =
    kind === 'table' ? ['k.ctid', 'true'] : ['k.kn desc', kind === 'rows' ? 'k.gone' : 'false'];
  const gone = await session.query<{ rows: number }>(`
    with own as (select k1, count(*) as rows from ${own.table} group by k1),
    hit as (
      delete from ${table} as d
       using (select k.ctid as at, (${digest})::pg_catalog.text as digest,
                     pg_catalog.row_number() over (partition by ${digest} order by ${order}) as number
                from ${table} as k
               where ${rows}) as k
        join own on own.k1 = k.digest and k.number <= own.rows
       where d.ctid = k.at
      returning k.digest
    ),
    used as (
      delete from ${own.table} as d
       using (select o.ctid as at, o.k1, pg_catalog.row_number() over (partition by o.k1) as number
                from ${own.table} as o) as o
        join (select digest, count(*) as rows from hit group by digest) as h
          on h.digest = o.k1 and o.number <= h.rows
       where d.ctid = o.at
    )
    select count(*)::float8 as rows from hit`);
  return gone[0]!.rows;
}
