/** What a statement took away, told by the catalogue before it and after it: exact, whatever the statement was. */
import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';

interface RelationMark {
  readonly kind: string;
  readonly file: number;
  readonly columns: string;
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
  const rewritten: number[] = [];
  const types: number[] = [];
  const setBack = new Map<number, string>();
  for (const [oid, was] of before) {
    const is = after.get(oid);
    if (is === undefined) {
      relations.push(oid);
      continue;
    }
    const left = new Set(is.columns.split(','));
    const gone = was.columns === '' ? [] : was.columns.split(',').filter((number) => !left.has(number));
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
  return { relations, columns, rewritten, types, setBack };
}

function isSetBack(was: string, { position, descends }: RelationMark): boolean {
  if (position === null) {
    return true;
  }
  return descends ? BigInt(position) > BigInt(was) : BigInt(position) < BigInt(was);
}
