/** Everything that a database is at one moment, schema and rows, for comparison with what it becomes. */
import { fingerprint, readSchema } from '../catalog/index.js';
import type { Session } from '../database/index.js';
import type { SchemaModel } from '../schema/index.js';
import { type CapturedRows, captureRows } from './fingerprint/capture-rows.js';

/** The order of columns is no difference: a rollback that adds a column again puts it last. */
export const COMPARISON = { ignoreColumnOrder: true } as const;

export interface Snapshot {
  readonly schema: SchemaModel;
  readonly schemaFingerprint: string;
  readonly rows: CapturedRows;
}

export async function takeSnapshot(session: Session): Promise<Snapshot> {
  const schema = await readSchema(session);
  return {
    schema,
    schemaFingerprint: fingerprint(schema, COMPARISON),
    rows: await captureRows(session),
  };
}

/** The snapshot after rows were written; the schema is read again only where triggers made or dropped relations. */
export async function snapshotAfterWrites(
  session: Session,
  before: Snapshot,
  write: () => Promise<void>,
): Promise<Snapshot> {
  const relations = await relationsMark(session);
  await write();
  return (await relationsMark(session)) === relations
    ? { ...before, rows: await captureRows(session) }
    : await takeSnapshot(session);
}

async function relationsMark(session: Session): Promise<string> {
  const [row] = await session.query<{ mark: string }>(
    'select count(*) || $$ $$ || max(oid::bigint) as mark from pg_class',
  );
  return row!.mark;
}
