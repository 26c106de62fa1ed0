/** What a statement took away, told by the catalogue before it and after it: exact, whatever the statement was. */
import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';

interface RelationMark {
  readonly kind: string;
  readonly file: number;
  /** The type of each column, by its number. */
  readonly columns: Readonly<Record<string, string>>;
  /** The last value that a sequence has given out, if it has. */
  readonly position: string | null;
  readonly descends: boolean | null;
}

export type Snapshot = ReadonlyMap<number, RelationMark>;

export interface Loss {
  /** Relations that are gone, by object id. */
  readonly relations: readonly number[];
  /** Columns that are gone from relations that stay. */
  readonly columns: ReadonlyMap<number, readonly number[]>;
  /** Columns that have another type. */
  readonly retyped: ReadonlyMap<number, readonly number[]>;
  /** Tables whose rows lie in another file: rewritten or truncated. */
  readonly rewritten: readonly number[];
  /** Composite types that have lost attributes. */
  readonly types: readonly number[];
  /** Sequences that were set back, and what they had given out last. */
  readonly setBack: ReadonlyMap<number, string>;
}

let sql: string | undefined;

export async function takeSnapshot(session: Session): Promise<Snapshot> {
  sql ??= readPackageFile('src/migrate/keep/snapshot.sql');
  const rows = await session.query<RelationMark & { readonly oid: number }>(sql);
  return new Map(rows.map((row) => [row.oid, row]));
}

/** What was there before and is not there after. */
export function lossBetween(before: Snapshot, after: Snapshot): Loss {
  const relations: number[] = [];
  const columns = new Map<number, readonly number[]>();
  const retyped = new Map<number, readonly number[]>();
  const rewritten: number[] = [];
  const types: number[] = [];
  const setBack = new Map<number, string>();
  for (const [oid, was] of before) {
    const is = after.get(oid);
    if (is === undefined) {
      relations.push(oid);
      continue;
    }
    const numbers = Object.keys(was.columns);
    const gone = numbers.filter((number) => !(number in is.columns));
    const others = numbers.filter(
      (number) => number in is.columns && is.columns[number] !== was.columns[number],
    );
    if (others.length > 0) {
      retyped.set(oid, others.map(Number));
    }
    if (gone.length > 0) {
      columns.set(oid, gone.map(Number));
      types.push(...(was.kind === 'c' ? [oid] : []));
    }
    if (was.kind === 'r' && was.file !== is.file) {
      rewritten.push(oid);
    }
    if (was.position !== null && isSetBack(was.position, is)) {
      setBack.set(oid, was.position);
    }
  }
  return { relations, columns, retyped, rewritten, types, setBack };
}

function isSetBack(was: string, { position, descends }: RelationMark): boolean {
  if (position === null) {
    return true;
  }
  return descends ? BigInt(position) > BigInt(was) : BigInt(position) < BigInt(was);
}
