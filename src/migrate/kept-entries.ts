/** What the ledger says of kept data: its entries, and how much they come to. */
import type { DataClass } from '../config/index.js';
import { failureOf, type Session, sqlstateOf } from '../database/index.js';
import { MIGRATE_ERRORS } from './errors.js';
import { classesOf, mostGuarded } from './keep/classes.js';
import { keptTable, type Layout } from './keep/layout.js';
import type { LedgerScope } from './ledger/ledger.js';
import type { MigrateOptions } from './options.js';

/** What the ledger says of one thing that is kept. */
export interface KeptEntry {
  readonly id: number;
  readonly version: string;
  /** The script that would have destroyed it; the other one puts it back. */
  readonly direction: 'up' | 'down';
  /** The statement of the script, from 1. */
  readonly statement: number;
  /**
   * `table`: a dropped table, moved; `column`: dropped columns; `rows`: rows deleted and values changed; `sequence`:
   * a position; `copy`: what is not put back by itself; `declared`: nothing, the script says why.
   */
  readonly kind: 'table' | 'column' | 'rows' | 'sequence' | 'copy' | 'declared';
  /** `schema.name`, as it was when the script began. */
  readonly relation: string;
  readonly columns: readonly string[];
  /** How it must be handled: the most guarded class of its columns; missing where none has a class. */
  readonly class?: DataClass;
  /** The classes of its columns, those of the key included. */
  readonly classes: Readonly<Record<string, DataClass>>;
  /** Which one of a fleet it is of. */
  readonly member?: string;
  /** Rows kept; for large moved tables the server's estimate. */
  readonly rows: number;
  readonly bytes: number;
  readonly keptAt: Date;
  readonly expiresAt: Date;
  /** Whether `plinth kept purge` removes it; never where there is nothing to remove. */
  readonly isExpired: boolean;
  readonly state: 'kept' | 'restored' | 'partly restored' | 'purged';
  /** Rows that could not be put back, and why. */
  readonly unplaced: number;
  readonly reason?: string;
  /** The table that holds it, while there is one. */
  readonly table?: string;
}

export interface KeptReport {
  readonly target: string;
  readonly entries: readonly KeptEntry[];
  /** Of those that are still there. */
  readonly bytes: number;
  readonly expired: number;
}

export type KeptOptions = Pick<
  MigrateOptions,
  'database' | 'target' | 'schema' | 'member' | 'classification'
>;

/** How much is kept. */
export interface KeptSize {
  readonly bytes: number;
  readonly entries: number;
  /** Entries that are older than their age limit: `plinth kept purge` removes them. */
  readonly expired: number;
}

/** The size of what is kept, for the health of a target. */
export async function readKeptSize(session: Session, scope: LedgerScope): Promise<KeptSize> {
  const entries = (await readKeptEntries(session, scope)).filter(({ kind }) => kind !== 'declared');
  const { bytes, expired } = keptReport('', entries);
  return { bytes, expired, entries: entries.length };
}

/** What of the kept data somebody should know of: rows that have found no place, and what is not kept at all. */
export interface KeptNotes extends KeptSize {
  readonly unplaced: readonly KeptEntry[];
  readonly declared: readonly KeptEntry[];
}

/** `undefined` where nothing was ever kept. */
export async function readKeptNotes(session: Session, scope: LedgerScope): Promise<KeptNotes | undefined> {
  const entries = await readKeptEntries(session, scope);
  const real = entries.filter(({ kind }) => kind !== 'declared');
  const { bytes, expired } = keptReport('', real);
  return entries.length === 0
    ? undefined
    : {
        bytes,
        expired,
        entries: real.length,
        unplaced: real.filter(({ unplaced }) => unplaced > 0),
        declared: entries.filter(({ kind }) => kind === 'declared'),
      };
}

export function scopeOf({ target, schema }: Pick<KeptOptions, 'target' | 'schema'>): LedgerScope {
  return { target, scope: schema ?? '' };
}

export function keptReport(target: string, entries: readonly KeptEntry[]): KeptReport {
  const there = entries.filter(isThere);
  return {
    target,
    entries,
    bytes: there.reduce((sum, { bytes }) => sum + bytes, 0),
    expired: there.filter(({ isExpired }) => isExpired).length,
  };
}

/** Whether it is still kept, wholly or in part. */
export function isThere({ state }: Pick<KeptEntry, 'state'>): boolean {
  return state === 'kept' || state === 'partly restored';
}

/** An entry with what only those that read its data need. */
export interface FoundKept {
  readonly entry: KeptEntry;
  readonly layout: Layout;
  /** The table in the schema of kept data, while there is one. */
  readonly kept: string | undefined;
}

/** What is kept and there; nothing where the role may not see it, as that of a probe. */
export async function readKeptEntries(session: Session, scope: LedgerScope): Promise<KeptEntry[]> {
  try {
    return (await readRows(session, scope, false)).map((row) => entryOf(row));
  } catch (error) {
    // A ledger of the format before has none.
    if (['42P01', '3F000', DENIED].includes(sqlstateOf(error) ?? '')) {
      return [];
    }
    throw error;
  }
}

/**
 * What is kept, for somebody who asks for it. Goes in a transaction, too.
 * @param all what was put back or purged, too
 * @throws MIGRATE_KEPT_DENIED
 */
export async function findKept(session: Session, options: KeptOptions, all: boolean): Promise<FoundKept[]> {
  const [ledger] = await session.query<{ isReadable: boolean }>(IS_READABLE);
  if (ledger === undefined) {
    return [];
  }
  if (!ledger.isReadable) {
    throw keptDenied('read what is kept', 'it has no right to read plinth.kept');
  }
  const rows = await readRows(session, scopeOf(options), all);
  return rows.map((row) => ({
    entry: entryOf(row, options),
    layout: row.layout,
    kept: row.keptTable ?? undefined,
  }));
}

const DENIED = '42501';

const IS_READABLE = `
  select pg_catalog.has_schema_privilege(n.oid, 'usage')
         and pg_catalog.has_table_privilege(c.oid, 'select') as "isReadable"
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
   where n.nspname = 'plinth' and c.relname = 'kept'`;

/** Runs what wants the rights of the owner. @throws MIGRATE_KEPT_DENIED where they are not there */
export async function asOwner<Result>(task: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw sqlstateOf(error) === DENIED
      ? keptDenied(task, failureOf((error as Error).cause).message, error)
      : error;
  }
}

function keptDenied(task: string, why: string, cause?: unknown): Error {
  return MIGRATE_ERRORS.KEPT_DENIED({
    message: `Cannot ${task} as this role: ${why} (the role that runs the migrations was wanted)`,
    cause,
  });
}

interface EntryRow extends Omit<KeptEntry, 'columns' | 'reason' | 'table' | 'class' | 'classes' | 'member'> {
  readonly schema: string;
  readonly name: string;
  readonly layout: Layout;
  readonly reason: string | null;
  readonly keptTable: string | null;
}

function readRows(session: Session, { target, scope }: LedgerScope, all: boolean): Promise<EntryRow[]> {
  return session.query<EntryRow>(
    `select k.id::float8 as id, k.version, k.direction, k.statement, k.kind, k.layout, k.state, k.reason,
            k.schema_name as schema, k.relation_name as name,
            concat_ws('.', nullif(k.schema_name, ''), k.relation_name) as relation, k.rows::float8 as rows,
            coalesce(pg_catalog.pg_table_size(c.oid), 0)::float8 as bytes,
            k.kept_at as "keptAt", k.expires_at as "expiresAt",
            k.expires_at < clock_timestamp() and k.kind <> 'declared'
              and k.state in ('kept', 'partly restored') as "isExpired",
            k.unplaced::float8 as unplaced, k.kept_table as "keptTable"
       from plinth.kept as k
       left join pg_catalog.pg_namespace as n on n.nspname = 'plinth_kept'
       left join pg_catalog.pg_class as c on c.relnamespace = n.oid and c.relname = k.kept_table
      where k.target = $1 and k.scope = $2 and ($3 or k.state in ('kept', 'partly restored'))
      order by k.id`,
    [target, scope, all],
  );
}

function entryOf(
  { layout, reason, keptTable: kept, schema, name, ...row }: EntryRow,
  { member, classification }: Pick<KeptOptions, 'member' | 'classification'> = {},
): KeptEntry {
  const classes = classesOf(layout, { schema, name }, classification?.());
  const guarded = mostGuarded(classes.values());
  return {
    ...row,
    ...(guarded ? { class: guarded } : {}),
    classes: Object.fromEntries(classes),
    ...(member === undefined ? {} : { member }),
    columns: row.kind === 'table' ? [] : layout.columns.map(({ name }) => name),
    ...(reason === null ? {} : { reason }),
    ...(kept === null ? {} : { table: keptTable(kept) }),
  };
}
