/**
 * Makes schemas on throwaway databases by applying migrations with the engine that applies them for real. One server
 * serves all that is made between opening and closing; it is started for the first.
 */
import { readSchema } from '../catalog/index.js';
import { isPlinthError, type OnProgress, silent } from '../core/index.js';
import { type Database, openScratch, type ScratchServer, withSession } from '../database/index.js';
import { apply, readFolder } from '../migrate/index.js';
import type { SchemaModel } from '../schema/index.js';
import { quoteIdentifier, quoteLiteral } from '../sql/index.js';
import { asRehearsal, inSpan } from '../telemetry/index.js';
import type { Recipe, RecipeStep } from './recipe.js';

export interface WorkshopOptions {
  /** The database that the throwaway ones stand in for. */
  readonly like?: Database;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** A schema that was made, and on what. */
export interface MadeSchema {
  readonly model: SchemaModel;
  /** The server's version, e.g. `18.4`. */
  readonly serverVersion: string;
  /** What somebody who trusts the result should know. */
  readonly notices: readonly string[];
}

export interface Workshop {
  /**
   * Makes the schema of a recipe.
   * @param schemas only these; all but Plinth's own unless given
   * @throws MIGRATE_STATEMENT_FAILED and the other errors of applying
   */
  make(recipe: Recipe, schemas?: readonly string[]): Promise<MadeSchema>;
  /** Makes the schema of a recipe for work on the database itself, which is dropped afterwards. */
  withDatabase<T>(recipe: Recipe, work: (database: Database) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export function openWorkshop(options: WorkshopOptions): Workshop {
  const { onProgress = silent, signal } = options;
  let opening: Promise<ScratchServer> | undefined;
  const server = (recipe: Recipe): Promise<ScratchServer> => {
    opening ??= (async () =>
      openScratch({
        ...(options.like ? { like: options.like } : {}),
        extensions: [...(options.like ? await extensionsOf(options.like) : []), ...extensionsIn(recipe)],
        onProgress,
        ...(signal ? { signal } : {}),
      }))();
    return opening;
  };
  const withDatabase = async <T>(recipe: Recipe, work: (database: Database) => Promise<T>): Promise<T> => {
    const { createDatabase, kind } = await server(recipe);
    const scratch = await createDatabase();
    try {
      await prepare(scratch.name, scratch.database, recipe, kind);
      for (const step of recipe.steps.filter(({ to }) => to !== '0')) {
        await applyStep(step, scratch.database, options);
      }
      return await work(scratch.database);
    } finally {
      await scratch.drop();
    }
  };
  return {
    withDatabase: (recipe, work) => asRehearsal(() => withDatabase(recipe, work)),
    make: (recipe, schemas) =>
      inSpan('plinth.schema.build', {}, () =>
        asRehearsal(async () => {
          const model = await withDatabase(recipe, (database) =>
            withSession(database, (session) =>
              readSchema(session, { ...(schemas ? { schemas } : {}), ...(signal ? { signal } : {}) }),
            ),
          );
          const { version, notices } = await server(recipe);
          return { model, serverVersion: version, notices };
        }),
      ),
    close: async () => {
      await (await opening)?.close();
    },
  };
}

async function applyStep(
  { target, scope, sharedSchemas, folder, to }: RecipeStep,
  database: Database,
  { onProgress, signal }: WorkshopOptions,
): Promise<void> {
  await apply({
    database,
    target,
    folder,
    order: 'allow-missing',
    spansPerRun: 0,
    client: 'a throwaway database',
    ...(to === undefined ? {} : { to }),
    ...(scope === undefined ? {} : { schema: scope }),
    ...(sharedSchemas ? { sharedSchemas } : {}),
    ...(onProgress ? { onProgress: (event) => onProgress({ ...event, task: 'make the schema anew' }) } : {}),
    ...(signal ? { signal } : {}),
  });
}

/** Schemas and extensions that are taken for granted; on a server of our own, also who owns what is made. */
async function prepare(
  name: string,
  database: Database,
  { role, steps, extensions = [] }: Recipe,
  kind: ScratchServer['kind'],
): Promise<void> {
  const owner = kind === 'own' ? role : undefined;
  const schemas = steps.flatMap(({ scope, sharedSchemas = [] }) =>
    scope === undefined ? [] : [scope, ...sharedSchemas],
  );
  const statements = [
    ...[...new Set(schemas)].map((schema) => `create schema if not exists ${quoteIdentifier(schema)}`),
    ...extensions.map(
      (extension) =>
        `create extension if not exists ${quoteIdentifier(extension.name)} schema ${quoteIdentifier(extension.schema)}`,
    ),
  ];
  if (owner === undefined && statements.length === 0) {
    return;
  }
  if (owner !== undefined) {
    await withSession(database, (session) => session.run(becomeOwner(name, owner)));
  }
  if (statements.length > 0) {
    await withSession(database, (session) => session.run(statements.join(';\n')));
  }
}

/** Sessions on the database act as the role from now on, and may do whatever migrations do. */
function becomeOwner(database: string, role: string): string {
  const quoted = quoteIdentifier(role);
  return `
    do $do$ begin
      if not exists (select from pg_catalog.pg_roles where rolname = ${quoteLiteral(role)}) then
        create role ${quoted};
      end if;
    end $do$;
    alter role ${quoted} superuser;
    alter database ${quoteIdentifier(database)} owner to ${quoted};
    alter database ${quoteIdentifier(database)} set role = ${quoteLiteral(role)};
  `;
}

async function extensionsOf(database: Database): Promise<readonly string[]> {
  try {
    const rows = await withSession(database, (session) =>
      session.query<{ name: string }>('select extname::text as name from pg_catalog.pg_extension order by 1'),
    );
    return rows.map(({ name }) => name);
  } catch (error) {
    // A server that cannot be reached is stood in for by the embedded version.
    if (isPlinthError(error, 'DATABASE_UNREACHABLE', 'DATABASE_NOT_FOUND', 'DATABASE_CREDENTIALS_REFUSED')) {
      return [];
    }
    throw error;
  }
}

/** Those that the scripts create; a name in a comment does no harm. */
function extensionsIn({ steps }: Recipe): readonly string[] {
  return steps.flatMap(({ folder }) =>
    readFolder(folder).migrations.flatMap(({ up }) =>
      [...up.read().matchAll(CREATE_EXTENSION)].map(([, name = '']) => name),
    ),
  );
}

const CREATE_EXTENSION = /\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)/gi;
