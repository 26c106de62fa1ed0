import { readSchema } from '../catalog/index.js';
import { type Session, withSession } from '../database/index.js';
import { DOCS_ERRORS, mergeModels, readRowEstimates } from '../docs/index.js';
import type { SchemaModel } from '../schema/index.js';
import type { ProjectContext } from './context.js';
import { chosenTargets, type TargetChoice } from './migrations.js';

interface DatabasesRead {
  readonly model: SchemaModel;
  /** About how many rows each table has, by `schema.table`, where it was asked for. */
  readonly rowEstimates: ReadonlyMap<string, number>;
}

/** The databases of the chosen targets, each read once, as one. @throws DOCS_NOTHING_TO_DOCUMENT */
export async function readDatabases(
  context: ProjectContext,
  choice: TargetChoice,
  { withRows = false }: { readonly withRows?: boolean | undefined } = {},
): Promise<DatabasesRead> {
  const targets = chosenTargets(context, choice);
  const databases = new Map<string, Awaited<ReturnType<typeof context.databaseOf>>>();
  for (const target of targets) {
    const database = await context.databaseOf(target);
    databases.set(database.displayUrl, database);
  }
  const models: SchemaModel[] = [];
  const estimates: (readonly [string, number])[] = [];
  for (const database of databases.values()) {
    await withSession(database, async (session) => {
      models.push(await readModel(context, session));
      estimates.push(...(withRows ? await readRowEstimates(session) : []));
    });
  }
  const [first, ...others] = models;
  const model = mergeModels([first!, ...others]);
  if (model.tables.length + model.views.length === 0) {
    throw DOCS_ERRORS.NOTHING_TO_DOCUMENT({
      message: `Cannot document ${targets.join(', ')}: there is no table and no view (at least one was wanted)`,
      details: { targets },
    });
  }
  return { model, rowEstimates: new Map(estimates) };
}

function readModel({ onProgress, signal }: ProjectContext, session: Session): Promise<SchemaModel> {
  return readSchema(session, { onProgress, ...(signal ? { signal } : {}) });
}
