/** What is kept of the data that migrations would have destroyed: listed, looked at, put somewhere, purged. */
import { failureOf, type Session, sqlstateOf, withSession } from '../database/index.js';
import { qualifiedName, quoteIdentifier, quoteLiteral } from '../sql/index.js';
import { MIGRATE_ERRORS } from './errors.js';
import { keptComment } from './keep/classes.js';
import { KEPT_SCHEMA, keptTable, type Layout } from './keep/layout.js';
import { restoreOne } from './keep/restore.js';
import {
  asOwner,
  type FoundKept,
  findKept,
  isThere,
  type KeptEntry,
  type KeptOptions,
  type KeptReport,
  keptReport,
  scopeOf,
} from './kept-entries.js';

/**
 * @param options `all` lists what was restored or purged, too
 * @throws MIGRATE_KEPT_DENIED where the role may not read the ledger; the other calls throw it, too
 */
export function listKept(options: KeptOptions & { readonly all?: boolean }): Promise<KeptReport> {
  return withSession(options.database, async (session) =>
    keptReport(options.target, entriesOf(await findKept(session, options, options.all ?? false))),
  );
}

export interface ShownKept {
  readonly entry: KeptEntry;
  /** What the columns of `rows` are: `key`, `old` and `new` with the column's name. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** Where a sequence stood. */
  readonly position?: string;
}

/** Some of the kept rows. @throws MIGRATE_KEPT_UNKNOWN */
export function showKept(
  options: KeptOptions & { readonly id: number; readonly limit?: number },
): Promise<ShownKept> {
  return withSession(options.database, async (session) => {
    const { entry, layout, kept } = await findOne(session, options);
    const columns = shownColumns(entry, layout);
    if (kept === undefined || columns.length === 0) {
      const position = layout.sequence?.value;
      return { entry, columns: [], rows: [], ...(position === undefined ? {} : { position }) };
    }
    const values = columns.map(({ at }) => `k.${quoteIdentifier(at)}::text`);
    const rows = await asOwner(`show kept data ${options.id}`, () =>
      session.query<{ cells: (string | null)[] }>(
        `select array[${values.join(', ')}] as cells from ${keptTable(kept)} as k limit $1`,
        [options.limit ?? 20],
      ),
    );
    return { entry, columns: columns.map(({ label }) => label), rows: rows.map(({ cells }) => cells) };
  });
}

export interface RestoredByHand {
  /** As it is afterwards. */
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
 * @throws MIGRATE_KEPT_UNKNOWN, MIGRATE_KEPT_COPY_ONLY, MIGRATE_KEPT_INTO_INVALID
 */
export function restoreKeptEntry(
  options: KeptOptions & { readonly id: number; readonly into?: string },
): Promise<RestoredByHand> {
  const { id, into } = options;
  const table = into === undefined ? undefined : newTable(options, into);
  return withSession(options.database, (session) =>
    asOwner(`restore kept data ${id}`, () =>
      session.transaction(async () => {
        const found = await findThere(session, options, id);
        return table === undefined ? putBack(session, options, found) : copyInto(session, found, table);
      }),
    ),
  );
}

async function putBack(
  session: Session,
  options: KeptOptions & { readonly id: number },
  { entry: { id, kind, version, direction } }: FoundKept,
): Promise<RestoredByHand> {
  if (kind === 'copy') {
    throw MIGRATE_ERRORS.KEPT_COPY_ONLY({
      message: `Cannot put kept data ${id} back: its table is computed, and takes no rows (--into was wanted)`,
      hint: `Copy it into a new table: plinth kept restore ${id} --into <schema.table>`,
      details: { id },
    });
  }
  const [restored] = await restoreOne(session, { ...scopeOf(options), version }, direction, id);
  const { placed, unplaced, reason } = restored!;
  const { entry } = await findOne(session, options);
  return { entry, placed, unplaced, ...(reason ? { reason } : {}) };
}

async function copyInto(
  session: Session,
  { entry, layout, kept }: FoundKept,
  into: string,
): Promise<RestoredByHand> {
  if (kept === undefined) {
    throw unknown(entry.id, `it is a ${entry.kind}, and has no rows to copy`);
  }
  const columns = shownColumns(entry, layout);
  const values = columns.map(({ at, label }) => `k.${quoteIdentifier(at)} as ${quoteIdentifier(label)}`);
  const placed = await make(session, {
    into,
    sql: `create table ${into} as select ${values.join(', ')} from ${keptTable(kept)} as k`,
  });
  const comment = keptComment(entry.relation, Object.values(entry.classes));
  await session.run(`comment on table ${into} is ${quoteLiteral(comment)}`);
  return { entry, into, placed, unplaced: 0 };
}

/** There is one of that name, there is no such schema, or it is reserved. */
const NOT_MADE = new Set(['42P07', '3F000', '42939']);

async function make(
  session: Session,
  { into, sql }: { readonly into: string; readonly sql: string },
): Promise<number> {
  try {
    const [made] = await session.run(sql);
    return made?.rowCount ?? 0;
  } catch (error) {
    throw NOT_MADE.has(sqlstateOf(error) ?? '')
      ? intoInvalid(into, failureOf((error as Error).cause).message, error)
      : error;
  }
}

const NAME_PART = /"((?:[^"]|"")+)"|([^\s".]+)/;
const NAME = new RegExp(`^(?:${NAME_PART.source})(?:\\.(?:${NAME_PART.source}))?$`);

/** The name as SQL would read it; one without a schema is in that of the fleet's member, where there is one. */
function newTable({ schema }: KeptOptions, name: string): string {
  const [, ...found] = NAME.exec(name) ?? [];
  const parts = [found.slice(0, 2), found.slice(2)].flatMap(([quoted, plain]) => {
    const part = quoted?.replaceAll('""', '"') ?? plain?.toLowerCase();
    return part === undefined ? [] : [part];
  });
  if (parts.length === 0) {
    throw intoInvalid(name, 'it is no name of a table');
  }
  if (parts.length === 2 && (parts[0] === KEPT_SCHEMA || parts[0] === 'plinth')) {
    throw intoInvalid(name, `the schema ${parts[0]} is Plinth's own`);
  }
  return parts.length === 1 ? qualifiedName(schema, parts[0]) : qualifiedName(...parts);
}

function intoInvalid(into: string, why: string, cause?: unknown): Error {
  return MIGRATE_ERRORS.KEPT_INTO_INVALID({
    message: `Cannot copy kept data into ${into}: ${why} (schema.table that is not there yet was wanted)`,
    details: { into },
    cause,
  });
}

export interface PurgeOptions extends KeptOptions {
  /** These, expired or not. */
  readonly ids?: readonly number[];
  /** All of it, expired or not. */
  readonly all?: boolean;
}

/** What `purgeKept` would remove. @throws MIGRATE_KEPT_UNKNOWN for an id under which nothing is kept */
export function planPurge(options: PurgeOptions): Promise<KeptReport> {
  return withSession(options.database, async (session) =>
    keptReport(options.target, await toPurge(session, options)),
  );
}

/** Removes kept data for good: what is expired, unless told otherwise. @returns what was removed */
export function purgeKept(options: PurgeOptions): Promise<KeptReport> {
  return withSession(options.database, (session) =>
    asOwner('purge kept data', () =>
      session.transaction(async () => {
        const chosen = await toPurge(session, options);
        for (const { id, table } of chosen) {
          if (table !== undefined) {
            await session.run(`drop table if exists ${table}`);
          }
          // A rollback that was waited for has put it back.
          await session.query(
            "update plinth.kept set state = 'purged', kept_table = null where id = $1 and state in ('kept', 'partly restored')",
            [id],
          );
        }
        return {
          ...keptReport(options.target, chosen),
          entries: chosen.map(({ table, ...entry }) => ({ ...entry, state: 'purged' as const })),
        };
      }),
    ),
  );
}

/** What a script declares not to keep is no data, and status goes on showing it. */
async function toPurge(session: Session, options: PurgeOptions): Promise<KeptEntry[]> {
  const { ids, all } = options;
  if (ids === undefined) {
    const entries = entriesOf(await findKept(session, options, false));
    return entries.filter(({ kind, isExpired }) => kind !== 'declared' && (all || isExpired));
  }
  const found = await findKept(session, options, true);
  return [...new Set(ids)].map((id) => thereOf(options, found, id).entry);
}

function entriesOf(found: readonly FoundKept[]): KeptEntry[] {
  return found.map(({ entry }) => entry);
}

async function findOne(session: Session, options: KeptOptions & { readonly id: number }): Promise<FoundKept> {
  return oneOf(options, await findKept(session, options, true), options.id);
}

/** One that is still kept; nobody else puts it back or purges it meanwhile. */
async function findThere(session: Session, options: KeptOptions, id: number): Promise<FoundKept> {
  thereOf(options, await findKept(session, options, true), id);
  await session.query('select from plinth.kept where id = $1 for update', [id]);
  return thereOf(options, await findKept(session, options, true), id);
}

function oneOf({ target }: KeptOptions, found: readonly FoundKept[], id: number): FoundKept {
  const one = found.find(({ entry }) => entry.id === id);
  if (one === undefined) {
    throw unknown(id, `the ledger of '${target}' has no such entry`);
  }
  return one;
}

function thereOf(options: KeptOptions, found: readonly FoundKept[], id: number): FoundKept {
  const one = oneOf(options, found, id);
  const { state, kind } = one.entry;
  if (!isThere(one.entry)) {
    throw unknown(id, `it was ${state === 'restored' ? 'put back' : 'purged'}`, 'plinth kept list --all');
  }
  if (kind === 'declared') {
    throw unknown(id, 'nothing was kept, and the script says why', 'plinth status');
  }
  return one;
}

function unknown(id: number, why: string, where = 'plinth kept list'): Error {
  return MIGRATE_ERRORS.KEPT_UNKNOWN({
    message: `Cannot use kept data ${id}: ${why}`,
    hint: `Run \`${where}\` to see what there is.`,
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
