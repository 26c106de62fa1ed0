/** What is kept of the data that migrations would have destroyed: listed, looked at, put somewhere, purged. */
import type { DataClass } from '../config/index.js';
import { type Session, sqlstateOf, withSession } from '../database/index.js';
import { qualifiedName, quoteIdentifier, quoteLiteral } from '../sql/index.js';
import { MIGRATE_ERRORS } from './errors.js';
import { classesOf, keptComment, mostGuarded } from './keep/classes.js';
import { keptTable, type Layout } from './keep/layout.js';
import { restoreOne } from './keep/restore.js';
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
  readonly isExpired: boolean;
  readonly state: 'kept' | 'restored' | 'partly restored' | 'purged';
  /** Rows that could not be put back, and why. */
  readonly unplaced: number;
  readonly reason?: string;
  /** The table that holds it. */
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

/** @param options `all` lists what was restored or purged, too */
export function listKept(options: KeptOptions & { readonly all?: boolean }): Promise<KeptReport> {
  return withSession(options.database, async (session) => {
    return reportOf(options.target, await readEntries(session, options, options.all ?? false));
  });
}

export interface ShownKept {
  readonly entry: KeptEntry;
  /** What the columns of `rows` are: `key`, `old` and `new` with the column's name. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Some of the kept rows. @throws MIGRATE_KEPT_UNKNOWN */
export function showKept(
  options: KeptOptions & { readonly id: number; readonly limit?: number },
): Promise<ShownKept> {
  return withSession(options.database, async (session) => {
    const { entry, layout, kept } = await findEntry(session, options);
    const columns = shownColumns(entry, layout);
    if (kept === undefined || columns.length === 0) {
      return { entry, columns: [], rows: [] };
    }
    const values = columns.map(({ at }) => `k.${quoteIdentifier(at)}::text`);
    const rows = await session.query<{ cells: (string | null)[] }>(
      `select array[${values.join(', ')}] as cells from ${keptTable(kept)} as k limit $1`,
      [options.limit ?? 20],
    );
    return { entry, columns: columns.map(({ label }) => label), rows: rows.map(({ cells }) => cells) };
  });
}

export interface RestoredByHand {
  readonly entry: KeptEntry;
  /** The new table, where one was asked for. */
  readonly into?: string;
  readonly placed: number;
  readonly unplaced: number;
  readonly reason?: string;
}

/**
 * Puts what is kept back into its table, as far as it can be placed; or copies it into a new table, and it stays kept.
 * @param options `into`: the name of the new table, `schema.table`
 * @throws MIGRATE_KEPT_UNKNOWN
 */
export function restoreKeptEntry(
  options: KeptOptions & { readonly id: number; readonly into?: string },
): Promise<RestoredByHand> {
  const { into } = options;
  return withSession(options.database, (session) =>
    session.transaction(async () => {
      const { entry, layout, kept } = await findEntry(session, options);
      if (entry.state !== 'kept' && entry.state !== 'partly restored') {
        throw unknown(options.id, `it is ${entry.state}`);
      }
      return into === undefined
        ? putBack(session, scopeOf(options), entry)
        : copyInto(session, { entry, layout, kept }, into);
    }),
  );
}

async function putBack(session: Session, scope: LedgerScope, entry: KeptEntry): Promise<RestoredByHand> {
  const [restored] = await restoreOne(
    session,
    { ...scope, version: entry.version },
    entry.direction,
    entry.id,
  );
  if (restored === undefined) {
    throw unknown(entry.id, 'it is not put back by itself: copy it into a new table with --into');
  }
  const { placed, unplaced, reason } = restored;
  return { entry, placed, unplaced, ...(reason ? { reason } : {}) };
}

async function copyInto(
  session: Session,
  { entry, layout, kept }: { entry: KeptEntry; layout: Layout; kept: string | undefined },
  name: string,
): Promise<RestoredByHand> {
  if (kept === undefined) {
    throw unknown(entry.id, 'it holds no rows');
  }
  const columns = shownColumns(entry, layout);
  const values = columns.map(({ at, label }) => `k.${quoteIdentifier(at)} as ${quoteIdentifier(label)}`);
  const into = qualifiedName(...name.split('.'));
  const [made] = await session.run(
    `create table ${into} as select ${values.join(', ')} from ${keptTable(kept)} as k`,
  );
  const comment = keptComment(entry.relation, Object.values(entry.classes));
  await session.run(`comment on table ${into} is ${quoteLiteral(comment)}`);
  return { entry, into, placed: made?.rowCount ?? 0, unplaced: 0 };
}

export interface PurgeOptions extends KeptOptions {
  /** These, expired or not. */
  readonly ids?: readonly number[];
  /** All of it, expired or not. */
  readonly all?: boolean;
}

/** Removes kept data for good: what is expired, unless told otherwise. Returns what was removed. */
export function purgeKept(options: PurgeOptions): Promise<KeptReport> {
  return withSession(options.database, (session) =>
    session.transaction(async () => {
      const entries = await readEntries(session, options, false);
      const chosen = entries.filter(({ id, isExpired }) =>
        options.ids ? options.ids.includes(id) : options.all || isExpired,
      );
      const missing = options.ids?.find((id) => !chosen.some((entry) => entry.id === id));
      if (missing !== undefined) {
        throw unknown(missing, 'nothing is kept under it');
      }
      for (const { id, table } of chosen) {
        if (table !== undefined) {
          await session.run(`drop table if exists ${table}`);
        }
        await session.query(`update plinth.kept set state = 'purged', kept_table = null where id = $1`, [id]);
      }
      return reportOf(options.target, chosen);
    }),
  );
}

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
  const { bytes, expired } = reportOf('', entries);
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
  const { bytes, expired } = reportOf('', real);
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

function scopeOf({ target, schema }: KeptOptions): LedgerScope {
  return { target, scope: schema ?? '' };
}

function reportOf(target: string, entries: readonly KeptEntry[]): KeptReport {
  const there = entries.filter(({ state }) => state !== 'restored');
  return {
    target,
    entries,
    bytes: there.reduce((sum, { bytes }) => sum + bytes, 0),
    expired: there.filter(({ isExpired }) => isExpired).length,
  };
}

interface EntryRow extends Omit<KeptEntry, 'columns' | 'reason' | 'table' | 'class' | 'classes' | 'member'> {
  readonly schema: string;
  readonly name: string;
  readonly layout: Layout;
  readonly reason: string | null;
  readonly keptTable: string | null;
}

/** @param all what was restored or purged, too */
async function readRows(session: Session, { target, scope }: LedgerScope, all: boolean): Promise<EntryRow[]> {
  try {
    return await session.query<EntryRow>(
      `select k.id::float8 as id, k.version, k.direction, k.statement, k.kind, k.layout, k.state, k.reason,
              k.schema_name as schema, k.relation_name as name,
              concat_ws('.', nullif(k.schema_name, ''), k.relation_name) as relation, k.rows::float8 as rows,
              coalesce(pg_catalog.pg_table_size(pg_catalog.to_regclass('plinth_kept.' || k.kept_table)), 0)::float8 as bytes,
              k.kept_at as "keptAt", k.expires_at as "expiresAt", k.expires_at < clock_timestamp() as "isExpired",
              k.unplaced::float8 as unplaced, k.kept_table as "keptTable"
         from plinth.kept as k
        where k.target = $1 and k.scope = $2 and ($3 or k.state in ('kept', 'partly restored'))
        order by k.id`,
      [target, scope, all],
    );
  } catch (error) {
    // A ledger of the format before has none; a probe's role may not see it.
    if (['42P01', '3F000', '42501'].includes(sqlstateOf(error) ?? '')) {
      return [];
    }
    throw error;
  }
}

/** What is kept and there. */
export async function readKeptEntries(session: Session, scope: LedgerScope): Promise<KeptEntry[]> {
  return (await readRows(session, scope, false)).map((row) => entryOf(row));
}

async function readEntries(session: Session, options: KeptOptions, all: boolean): Promise<KeptEntry[]> {
  return (await readRows(session, scopeOf(options), all)).map((row) => entryOf(row, options));
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

async function findEntry(
  session: Session,
  options: KeptOptions & { readonly id: number },
): Promise<{ entry: KeptEntry; layout: Layout; kept: string | undefined }> {
  const row = (await readRows(session, scopeOf(options), true)).find(({ id }) => id === options.id);
  if (row === undefined) {
    throw unknown(options.id, 'the ledger has no such entry');
  }
  return { entry: entryOf(row, options), layout: row.layout, kept: row.keptTable ?? undefined };
}

function unknown(id: number, why: string): Error {
  return MIGRATE_ERRORS.KEPT_UNKNOWN({
    message: `Cannot use kept data ${id}: ${why}`,
    details: { id },
  });
}

/** The columns of the kept table by what they are. */
function shownColumns(
  { kind }: KeptEntry,
  layout: Layout,
): readonly { readonly at: string; readonly label: string }[] {
  if (kind === 'table' || kind === 'copy') {
    return layout.columns.map(({ name, kept }) => ({ at: kept, label: name }));
  }
  return [
    ...(kind === 'rows' ? [{ at: 'gone', label: 'gone' }] : []),
    ...(layout.isKeyless ? [] : layout.key.map(({ name, kept }) => ({ at: kept, label: `key ${name}` }))),
    ...layout.columns.flatMap(({ name, kept, fresh }) => [
      { at: kept, label: `old ${name}` },
      ...(fresh ? [{ at: fresh, label: `new ${name}` }] : []),
    ]),
  ];
}
