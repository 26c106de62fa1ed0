import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import { BESIDE_ROWS, type BesideRows, besideRowsOf } from './beside-rows.js';
import { type DataRelation, fromClause, readDataRelations } from './data-relation.js';
import { type ReadingOptions, readTexts, withStableReading } from './stable-reading.js';

/** The cells of a row as text, in the order of the table's `columns`. */
export type CapturedRow = readonly (string | null)[];

export interface CapturedTable {
  /** The same under another name; absent where rows were put together by hand. */
  readonly oid?: number;
  readonly schema: string;
  readonly name: string;
  /** By name, in the C collation. */
  readonly columns: readonly string[];
  /** The columns that tell its rows apart; `undefined` where it has no key. */
  readonly key: readonly string[] | undefined;
  /** In no particular order. */
  readonly rows: readonly CapturedRow[];
}

/** The rows of every table, by its name. */
export interface CapturedRows {
  readonly tables: readonly CapturedTable[];
  /** Absent where rows were put together by hand. */
  readonly beside?: BesideRows;
}

/**
 * Holds every row of every table as text, for databases of a few thousand rows: what fingerprints can only tell to
 * differ, `diffRows` then shows. Partitions by their root; no materialized views; large objects as the catalogue's table,
 * where there are any. Two reads, one snapshot.
 * @throws DATABASE_STATEMENT_FAILED when policies hide rows from the role; DATABASE_CONNECTION_LOST
 */
export function captureRows(session: Session, options: ReadingOptions = {}): Promise<CapturedRows> {
  return withStableReading(session, options, async () => {
    const tables = (await readDataRelations(session)).filter(({ kind }) => kind === 'table');
    const [beside, large, ...texts] = await readTexts(session, [
      BESIDE_ROWS,
      LARGE_OBJECTS,
      ...tables.map(rowsQuery),
    ]);
    const captured = tables.map(({ oid, schema, name, columns, key }, index) => ({
      oid,
      schema,
      name,
      columns,
      key: key ?? undefined,
      rows: JSON.parse(texts[index] ?? '[]') as CapturedRow[],
    }));
    return {
      tables: large === undefined ? captured : [...captured, largeObjects(large)],
      beside: besideRowsOf(beside!),
    };
  });
}

const LARGE_OBJECTS = `select json_agg(array[md5(lo_get(oid)), oid::text])::text from pg_largeobject_metadata`;

function largeObjects(text: string): CapturedTable {
  return {
    schema: 'pg_catalog',
    name: 'pg_largeobject',
    columns: ['content', 'oid'],
    key: ['oid'],
    rows: JSON.parse(text) as CapturedRow[],
  };
}

function rowsQuery(table: DataRelation): string {
  const cells = table.columns.map((column) => `t.${quoteIdentifier(column)}::text`);
  return `select json_agg(array[${cells.join(', ')}]::text[])::text from ${fromClause(table)} as t`;
}
