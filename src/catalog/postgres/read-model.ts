import { type OnProgress, readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import type { SchemaModel } from '../../schema/index.js';
import { newDraft } from './draft.js';
import { CATALOG_KINDS } from './kinds.js';
import { addSchema, type SchemaRow } from './schemas.js';
import { sqlForVersion } from './version.js';
import { alignDefinitions, LAST_WITH_NAMES } from './view-text.js';

export interface ReadModelOptions {
  /** Which schemas to read, by name. */
  readonly includes: (schema: string) => boolean;
  /** False leaves out what belongs to no schema. */
  readonly isWholeDatabase: boolean;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal | undefined;
}

/** Reads everything with the session as it stands: in the caller's transaction, with the caller's settings. */
export async function readModel(session: Session, options: ReadModelOptions): Promise<SchemaModel> {
  const major = Math.floor(session.server.versionNumber / 10_000);
  const draft = newDraft(major, options.isWholeDatabase);
  const schemas = await rowsOf<SchemaRow>(session, 'schemas', major, []);
  const chosen = schemas.filter(({ name }) => options.includes(name));
  for (const row of chosen) {
    addSchema(row, draft);
  }
  const oids = chosen.map(({ oid }) => oid);
  const [populated = {}] = await rowsOf<Record<string, boolean>>(session, 'populated', major, []);
  const kinds = CATALOG_KINDS.filter(
    ({ query, since = 0, databaseWide = false }) =>
      since <= major && (options.isWholeDatabase || !databaseWide) && populated[query] !== false,
  );
  for (const [index, { query, databaseWide, add }] of kinds.entries()) {
    options.signal?.throwIfAborted();
    options.onProgress({ task: 'read schema', done: index, total: kinds.length, unit: 'queries' });
    for (const row of await rowsOf(session, query, major, databaseWide ? [] : [oids])) {
      add(row, draft);
    }
  }
  if (major <= LAST_WITH_NAMES) {
    await alignDefinitions(draft.model.views);
  }
  options.onProgress({ task: 'read schema', done: kinds.length, total: kinds.length, state: 'done' });
  return draft.model;
}

async function rowsOf<Row extends object>(
  session: Session,
  query: string,
  major: number,
  values: readonly unknown[],
): Promise<Row[]> {
  // Prepared once a session, planning costs more than running on a small database. A pooling proxy may send the
  // next query to a server process that knows nothing of it.
  const name = session.isDirect ? { name: `plinth_catalog_${query}` } : {};
  return await session.query<Row>(sqlOf(query, major), values, name);
}

const sqlTexts = new Map<string, string>();

function sqlOf(query: string, major: number): string {
  const key = `${query} ${major}`;
  let sql = sqlTexts.get(key);
  if (sql === undefined) {
    sql = sqlForVersion(readPackageFile(`src/catalog/postgres/${query}.sql`), major);
    sqlTexts.set(key, sql);
  }
  return sql;
}
