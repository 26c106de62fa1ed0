import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';

/** A table, index or the like as it was before a script. */
export interface KnownRelation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** As pg_class has it: `r`, `p`, `i`, `m`, `v`, `S`. */
  readonly kind: string;
  /** The number of the file that holds its rows; null where it has none. */
  readonly file: number | null;
}

/** The user's relations, by oid. */
export async function readRelations(session: Session): Promise<ReadonlyMap<number, KnownRelation>> {
  const rows = await session.query<{
    oid: bigint;
    schema: string;
    name: string;
    kind: string;
    file: bigint | null;
  }>(readPackageFile('src/prove/measure/relations.sql'));
  return new Map(
    rows.map(({ oid, file, ...row }) => [
      Number(oid),
      { ...row, oid: Number(oid), file: file === null ? null : Number(file) },
    ]),
  );
}
