/** The rows of `plinth.kept`. */
import type { DataClassification } from '../../config/index.js';
import type { Session } from '../../database/index.js';
import { quoteLiteral } from '../../sql/index.js';
import type { LedgerScope } from '../ledger/ledger.js';
import type { KeptOutcome } from '../run/context.js';
import { classesOf, keptComment } from './classes.js';
import { keptTable, type Layout } from './layout.js';

/** What is kept for one relation, of one statement. */
export interface KeptItem {
  readonly id: number;
  readonly version: string;
  readonly direction: 'up' | 'down';
  readonly statement: number;
  readonly kind: KeptKind;
  readonly schema: string;
  readonly name: string;
  readonly layout: Layout;
  readonly keptTable: string | undefined;
  readonly rows: number;
  /** Rows that could not be placed when it was put back last; 0 while nobody has tried. */
  readonly unplaced: number;
  readonly state: 'kept' | 'restored' | 'partly restored' | 'purged';
}

/**
 * - `table`: a dropped table, moved
 * - `column`: dropped columns, by key
 * - `rows`: rows that are gone, and values that were changed, by key
 * - `sequence`: where one stood
 * - `copy`: what cannot be put back by itself, such as a materialized view
 * - `declared`: nothing; the script says why
 */
export type KeptKind = 'table' | 'column' | 'rows' | 'sequence' | 'copy' | 'declared';

/** Which script keeps, and under which terms. */
export interface KeepingScript extends LedgerScope {
  readonly version: string;
  readonly direction: 'up' | 'down';
  readonly runId: string;
  readonly days: number;
  /** The classes of the project's columns. */
  readonly classification?: (() => DataClassification) | undefined;
  /** The digest of this script's meaning, and that of the opposite one. */
  readonly meaning?: string | undefined;
  readonly oppositeMeaning?: string | undefined;
}

export interface NewItem {
  /** From 0. */
  readonly statement: number;
  readonly kind: KeptKind;
  readonly schema: string;
  readonly name: string;
  readonly layout: Layout;
  readonly reason?: string;
}

/** Whose items are written down. */
export interface ItemScope {
  readonly script: KeepingScript;
  /** Filled with their ids. */
  readonly items: number[];
}

/** Writes the item down. @returns its id */
export async function addItem(session: Session, scope: ItemScope, item: NewItem): Promise<number> {
  const { script, items } = scope;
  const [row] = await session.query<{ id: number; taken: boolean }>(INSERT, [
    script.target,
    script.scope,
    script.version,
    script.direction,
    script.runId,
    item.statement + 1,
    item.kind,
    item.schema,
    item.name,
    JSON.stringify(item.layout),
    item.reason ?? null,
    script.days,
  ]);
  if (!row!.taken) {
    items.push(row!.id);
    return row!.id;
  }
  // The ledger was dropped, and is younger than what is kept.
  await removeItem(session, row!.id);
  await session.run(SKIP_TAKEN);
  return addItem(session, scope, item);
}

const INSERT = `
  insert into plinth.kept
         (target, scope, version, direction, run_id, statement, kind, schema_name, relation_name, layout, reason,
          expires_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
          clock_timestamp() + pg_catalog.make_interval(days => $12))
  returning id::float8 as id, pg_catalog.to_regclass('plinth_kept.k' || id) is not null as taken`;

const SKIP_TAKEN = `
  select pg_catalog.setval('plinth.kept_id_seq', max(pg_catalog.substr(c.relname, 2)::bigint))
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = 'plinth_kept'
   where c.relname ~ '^k[0-9]{1,18}$'`;

/** Notes the table that holds the item's data, and how large it is; a comment on it says what it holds. */
export async function setKeptTable(
  session: Session,
  id: number,
  table: string,
  rows: number | undefined,
): Promise<void> {
  const [item] = await session.query<{ schema: string; name: string; layout: Layout }>(
    `update plinth.kept
        set kept_table = $2, rows = $3, bytes = pg_catalog.pg_table_size($4::pg_catalog.regclass)
      where id = $1
     returning schema_name as schema, relation_name as name, layout`,
    [id, table, rows ?? 0, keptTable(table)],
  );
  const comment = keptComment(`${item!.schema}.${item!.name}`, classesOf(item!.layout, item!).values());
  await session.run(`comment on table ${keptTable(table)} is ${quoteLiteral(comment)}`);
}

export async function removeItem(session: Session, id: number): Promise<void> {
  await session.query('delete from plinth.kept where id = $1', [id]);
}

/** Notes how the item lies by now. */
export async function setLayout(session: Session, id: number, layout: Layout): Promise<void> {
  await session.query('update plinth.kept set layout = $2 where id = $1', [id, JSON.stringify(layout)]);
}

/** What the script of that direction has kept and what is still there, newest first. */
export async function readItems(
  session: Session,
  { target, scope, version }: LedgerScope & { readonly version: string },
  direction: 'up' | 'down',
): Promise<KeptItem[]> {
  const rows = await session.query<Omit<KeptItem, 'keptTable'> & { keptTable: string | null }>(
    `select id::float8 as id, version, direction, statement, kind, schema_name as schema, relation_name as name, layout,
            kept_table as "keptTable", rows::float8 as rows,
            unplaced::float8 as unplaced, state
       from plinth.kept
      where target = $1 and scope = $2 and version = $3 and direction = $4
        and state in ('kept', 'partly restored') and kind <> 'declared'
      order by id desc`,
    [target, scope, version, direction],
  );
  return rows.map((row) => ({ ...row, keptTable: row.keptTable ?? undefined }));
}

/** The scripts that have kept something which is still there, as `direction version`. */
export async function readKeepingScripts(session: Session, scope: LedgerScope): Promise<Set<string>> {
  const rows = await session.query<{ script: string }>(
    `select distinct direction || ' ' || version as script
       from plinth.kept
      where target = $1 and scope = $2 and state in ('kept', 'partly restored') and kind <> 'declared'`,
    [scope.target, scope.scope],
  );
  return new Set(rows.map(({ script }) => script));
}

/** Those of the items that are still there and keep something. */
export async function readKept(session: Session, ids: readonly number[]): Promise<KeptOutcome[]> {
  return session.query<KeptOutcome>(
    `select id::float8 as id, kind, schema_name as schema, relation_name as name, rows::float8 as rows,
            bytes::float8 as bytes
       from plinth.kept
      where id = any ($1::bigint[]) and kind <> 'declared'
      order by id`,
    [ids],
  );
}

export interface Placement {
  readonly placed: number;
  readonly unplaced: number;
  readonly reason: string | undefined;
}

/** Notes what became of the item when it was put back. */
export async function setPlaced(
  session: Session,
  item: KeptItem,
  { placed, unplaced, reason }: Placement,
): Promise<void> {
  await session.query(
    `update plinth.kept
        set state = case when $2 = 0 then 'restored' when $4 then 'partly restored' else state end,
            unplaced = $2,
            reason = $3,
            kept_table = case when $2 = 0 then null else kept_table end
      where id = $1`,
    [item.id, unplaced, reason ?? null, placed > 0],
  );
}
