import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import { qualifiedName, quoteIdentifier } from '../../sql/index.js';

/** What holds data in a database. */
export interface DataRelation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'materialized view' | 'sequence';
  readonly partitioned: boolean;
  /** False for a materialized view that has no contents yet: it cannot be read. */
  readonly populated: boolean;
  /** By name, in the C collation. */
  readonly columns: readonly string[];
  /** The columns that tell its rows apart and are never null; `null` where there are none. */
  readonly key: readonly string[] | null;
}

/** Every table, materialized view and sequence outside the system's schemas and Plinth's own, by name. */
export function readDataRelations(session: Session): Promise<readonly DataRelation[]> {
  const name = session.isDirect ? { name: 'plinth_data_relations' } : {};
  return session.query<DataRelation>(readPackageFile('src/prove/fingerprint/relations.sql'), [], name);
}

/** How a query reads the relation's own rows: without those of tables that inherit, with those of partitions. */
export function fromClause({ schema, name, kind, partitioned }: DataRelation): string {
  return `${kind === 'table' && !partitioned ? 'only ' : ''}${qualifiedName(schema, name)}`;
}

/** The row of these columns as one text that tells null from the empty string. */
export function rowText(columns: readonly string[]): string {
  return `row(${columns.map((column) => `t.${quoteIdentifier(column)}`).join(', ')})::text`;
}
