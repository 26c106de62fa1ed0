/** Where a target is migrated schema by schema: what unqualified names mean, and that the schema is there. */
import type { Session } from '../database/index.js';
import { quoteIdentifier } from '../sql/index.js';
import { MIGRATE_ERRORS } from './errors.js';
import type { MigrateOptions } from './options.js';

type SchemaOptions = Pick<MigrateOptions, 'schema' | 'sharedSchemas'>;

/**
 * The search path of a target's schema: that schema, and the shared ones that were asked for. `public` is not among
 * them by itself: a name that a tenant's schema lacks must not mean somebody else's table.
 */
export function schemaSearchPath({ schema, sharedSchemas = [] }: SchemaOptions): string | undefined {
  return schema === undefined ? undefined : [schema, ...sharedSchemas].map(quoteIdentifier).join(', ');
}

/** @throws MIGRATE_SCHEMA_NOT_FOUND when the schema that is to be migrated is not there */
export async function requireSchema(session: Session, { schema }: SchemaOptions): Promise<void> {
  if (schema === undefined) {
    return;
  }
  const found = await session.query('select from pg_catalog.pg_namespace where nspname = $1', [schema]);
  if (found.length === 0) {
    throw MIGRATE_ERRORS.SCHEMA_NOT_FOUND({
      message: `Cannot migrate the schema '${schema}': the database '${session.server.database}' has none of that name`,
      details: { schema },
    });
  }
}
