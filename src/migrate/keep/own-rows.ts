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

/**
 * The tables that each statement inserts into by its text, where rows of them may be kept for it or a later one.
 * @param restores rows are put back after all of them, and may find the script's own in their place
 */
export function insertsBefore(
  statements: readonly ScriptStatement[],
  restores: boolean,
): ReadonlyMap<ScriptStatement, readonly RelationName[]> {
  const intents = statements.map(intentOf);
  return new Map(
    statements.flatMap((statement, index) => {
      const later = intents.slice(index).filter((intent) => intent !== undefined);
      const targets = insertTargets(statement).filter(
        (table) => restores || later.some((intent) => mayReach(intent, table)),
      );
      return targets.length > 0 ? [[statement, targets] as const] : [];
    }),
  );
}

/** Whether rows of the table may be kept for the statement. */
export function mayReach(intent: Intent, { name }: Pick<RelationName, 'name'>): boolean {
  switch (intent.kind) {
    case 'write':
      return intent.tables.some(({ table, columns }) => columns === undefined || table.name === name);
    case 'alter':
      return intent.table.name === name;
    default:
      return intent.kind !== 'position';
  }
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

/** Greater by each firing of a trigger, and the same for all rows of one: microseconds. */
export const FIRING = '(select extract(epoch from pg_catalog.clock_timestamp()) * 1000000)::pg_catalog.int8';

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
         select ${values('t')}, null::pg_catalog.int8 as at from ${only(table)}${nameOf(table)} as t with no data`,
    );
    scope.own.set(table.oid, { table: name, key, isKeyless });
  }
  const triggers: Triggers = { prefix: `own_${table.oid}_${statement}`, table, events: ['insert'] };
  await ensureKeptSchema(session);
  await putTriggers(session, triggers, {
    insert: `insert into ${name} select ${values('t')}, ${FIRING} from plinth_new as t`,
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
  const left = layout.isKeyless
    ? ['k.was']
    : layout.key.map((key, index) => {
        const column = layout.columns.find(({ number }) => number === key.number);
        return column ? `coalesce(k.${column.kept}, k.k${index + 1})` : `k.k${index + 1}`;
      });
  const names = left.map((_, index) => `k${index + 1}`);
  await session.run(`
    with hit as (
      delete from ${table} as d
       using (select k.ctid as place, k.began, ${numberedKeys(left, 'k.began desc')} from ${table} as k where not k.gone) as k
        join ${ownNumbered(own, names)} on ${sameNumbered(names)} and o.at < k.began
       where d.ctid = k.place
      returning o.place, d.ended, ${names.map((name) => `d.${name}::pg_catalog.text as ${name}`).join(', ')}
    )
    update ${own.table} as o set at = hit.ended, ${names.map((name) => `${name} = hit.${name}`).join(', ')}
      from hit where o.ctid = hit.place`);
}

/** The keys as texts, with a number among equals. */
function numberedKeys(values: readonly string[], order: string): string {
  const texts = values.map((value) => `${value}::pg_catalog.text`);
  const named = texts.map((text, index) => `${text} as k${index + 1}`);
  return `${named.join(', ')}, pg_catalog.row_number() over (partition by ${texts.join(', ')} order by ${order}) as number`;
}

/** The script's own rows `o`, those inserted last first. */
function ownNumbered({ table }: OwnRows, names: readonly string[]): string {
  const keys = names.map((name) => `o.${name}`);
  return `(select o.ctid as place, o.at, ${numberedKeys(keys, 'o.at desc')} from ${table} as o) as o`;
}

function sameNumbered(names: readonly string[]): string {
  return [...names, 'number'].map((name) => `o.${name} = k.${name}`).join(' and ');
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

/**
 * Takes the script's own rows from what is kept of the table under `id`.
 * @param times whether the kept table tells when its rows were written
 * @returns how many those are
 */
export async function forgetOwn(
  session: Session,
  scope: KeepScope,
  { oid }: Pick<TableFacts, 'oid'>,
  id: number,
  times: 'with times' | 'without times' = 'without times',
): Promise<number> {
  const found = ownOf(scope, oid, id);
  if (!found) {
    return 0;
  }
  const { own, layout, kind } = found;
  const table = keptTable(keptTableName(id));
  const isTimed = times === 'with times';
  const order = isTimed ? 'k.began desc' : layout.isKeyless && kind !== 'table' ? 'k.kn desc' : 'k.ctid';
  const keys = keysIn(layout, kind);
  const names = keys.map((_, index) => `k${index + 1}`);
  const columns = [
    'k.ctid as place',
    `${kind === 'rows' ? 'k.gone' : String(kind === 'table')} as gone`,
    ...(isTimed ? ['k.began'] : []),
  ];
  const [gone] = await session.query<{ rows: number }>(`
    with hit as (
      delete from ${table} as d
       using (select ${columns.join(', ')}, ${numberedKeys(keys, order)} from ${table} as k
               where ${ownMayBe(layout, kind, isTimed)}) as k
        join ${ownNumbered(own, names)} on ${sameNumbered(names)} ${isTimed ? 'and o.at < k.began' : ''}
       where d.ctid = k.place
      returning o.place, k.gone
    ),
    used as (delete from ${own.table} as o using hit where hit.gone and o.ctid = hit.place)
    select count(*)::float8 as rows from hit`);
  return gone!.rows;
}

function keysIn({ key, isKeyless }: Layout, kind: KeptKind): string[] {
  if (!isKeyless) {
    return key.map(({ kept }) => `k.${quoteIdentifier(kept)}`);
  }
  return kind === 'table'
    ? [
        digestOf(
          'k',
          key.map(({ kept }) => kept),
        ),
      ]
    : ['k.k1'];
}

/** Which kept rows may be the script's own: without a key, changed rows and columns are not known by what they were. */
function ownMayBe({ isKeyless }: Layout, kind: KeptKind, isTimed: boolean): string {
  if (kind === 'rows' && (isKeyless || isTimed)) {
    return 'k.gone';
  }
  return kind === 'table' || !isKeyless ? 'true' : 'false';
}
