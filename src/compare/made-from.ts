import { readSchema } from '../catalog/index.js';
import { type Database, withSession } from '../database/index.js';
import { apply, type MigrationFolder } from '../migrate/index.js';
import type { SchemaModel } from '../schema/index.js';
import type { SchemaSource } from './schema-source.js';
import { schemaChange, scriptOf } from './schema-sql.js';
import type { WhatCounts } from './what-counts.js';
import type { Workshop } from './workshop.js';

/**
 * A throwaway database with a source's schema in it, for the time of `work`: made by its migrations or, for the
 * schema of a database or a file, by the statements that it takes.
 */
export async function withSchemaOf<T>(
  { source, model }: { readonly source: SchemaSource; readonly model: SchemaModel },
  workshop: Workshop,
  what: WhatCounts,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const recipe = source.kind === 'migrations' ? source.recipe : { steps: [] };
  return await workshop.withDatabase(recipe, async (database) => {
    if (source.kind !== 'migrations') {
      const empty = await withSession(database, (session) => readSchema(session));
      const made = await schemaChange(empty, model, what);
      await apply({ database, target: 'start', folder: oneMigration({ up: scriptOf(made), down: '' }) });
    }
    return await work(database);
  });
}

/** A folder of one migration that is in no file. */
export function oneMigration({ up, down }: { readonly up: string; readonly down: string }): MigrationFolder {
  return {
    path: 'the difference',
    format: 'pairs',
    migrations: [
      {
        version: '1',
        name: 'difference',
        kind: 'versioned',
        up: { file: 'up', read: () => up },
        down: { file: 'down', read: () => down },
      },
    ],
    programs: [],
    notices: [],
  };
}
