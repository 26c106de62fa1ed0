/** Relations as the catalogue has them at this moment of the transaction. */
import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import { qualifiedName, type RelationName } from '../../sql/index.js';

export interface TableFacts {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** `pg_class.relkind`. */
  readonly kind: string;
  readonly isTemporary: boolean;
  readonly isPopulated: boolean;
  readonly forcesRowSecurity: boolean;
  readonly estimatedRows: number;
  readonly owner: string;
  readonly isPartition: boolean;
  /** Made by this very transaction: what is in it was never anybody else's. */
  readonly isNew: boolean;
  readonly columns: readonly ColumnFact[];
  /** Its unique keys without nulls, as numbers of columns; the primary key first. */
  readonly keys: readonly (readonly number[])[];
  readonly children: readonly { readonly oid: number; readonly kind: string }[];
  readonly parents: readonly { readonly oid: number; readonly schema: string; readonly name: string }[];
  /** Sequences that belong to its columns. */
  readonly sequences: readonly OwnedSequence[];
  /** It has triggers or rules of the application. */
  readonly runsCode: boolean;
}

export interface ColumnFact {
  readonly number: number;
  readonly name: string;
  /** As `format_type` writes it under the script's search path. */
  readonly type: string;
  /** Its type and collation are PostgreSQL's own, so that no statement can drop it. */
  readonly isBuiltIn: boolean;
  /** Its collation is not the database's own. */
  readonly hasCollation: boolean;
  readonly isGenerated: boolean;
  readonly isNotNull: boolean;
  /** `generated always as identity`: no update may set it. */
  readonly isAlwaysIdentity: boolean;
  readonly isInherited: boolean;
}

export interface OwnedSequence {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly column: number;
  readonly isIdentity: boolean;
}

let sql: string | undefined;

/** Those of the relations that exist, in the order of `oids`; Plinth's own and the system's are left out. */
export async function readTables(session: Session, oids: readonly number[]): Promise<TableFacts[]> {
  if (oids.length === 0) {
    return [];
  }
  sql ??= readPackageFile('src/migrate/keep/tables.sql');
  const rows = await session.query<TableFacts>(sql, [oids]);
  const byOid = new Map(rows.map((row) => [row.oid, row]));
  return [...new Set(oids)].flatMap((oid) => byOid.get(oid) ?? []);
}

/** The relations and everything below them: partitions and inheriting tables at every level. */
export async function readTablesBelow(session: Session, oids: readonly number[]): Promise<TableFacts[]> {
  const found = new Map<number, TableFacts>();
  for (let level = oids; level.length > 0; ) {
    const tables = await readTables(session, level);
    for (const table of tables) {
      found.set(table.oid, table);
    }
    level = tables.flatMap(({ children }) => children.map(({ oid }) => oid)).filter((oid) => !found.has(oid));
  }
  return [...found.values()];
}

/** The object ids of names as the session's search path resolves them now; `undefined` for one that is not there. */
export async function resolveNames(
  session: Session,
  names: readonly RelationName[],
): Promise<(number | undefined)[]> {
  if (names.length === 0) {
    return [];
  }
  const rows = await session.query<{ oid: number | null }>(
    `select pg_catalog.to_regclass(name)::oid::int8::float8 as oid
       from unnest($1::text[]) with ordinality as n (name, place)
      order by place`,
    [names.map(({ schema, name }) => qualifiedName(schema, name))],
  );
  return rows.map(({ oid }) => oid ?? undefined);
}
