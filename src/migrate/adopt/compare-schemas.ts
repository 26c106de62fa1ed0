/**
 * What differs between the database that is adopted and the one that its migrations made. Owners and grants do
 * not count: they belong to the environment. The table of the other tool does not either.
 */
import type { SchemaDiff } from '../../catalog/index.js';
import { type Database, withSession } from '../../database/index.js';
import type { SchemaModel } from '../../schema/index.js';
import type { HistoryTable } from './find-history.js';

/**
 * What leads from the schema that the migrations make to the one that the database has.
 * @param made the database that the migrations were applied to
 */
export async function compareSchemas(
  made: Database,
  adopted: Database,
  history: HistoryTable,
): Promise<SchemaDiff> {
  // Loaded here, so that what compares no schemas starts without it.
  const { diff, readSchema } = await import('../../catalog/index.js');
  const [expected, actual] = [
    await withSession(made, (session) => readSchema(session)),
    await withSession(adopted, (session) => readSchema(session)),
  ];
  const options = { ignoreOwners: true, ignorePrivileges: true };
  return diff(expected, withoutHistory(actual, history, expected), options);
}

/** The tool's table with its sequence, and the schema that it was put into if nothing else needs that. */
function withoutHistory(
  model: SchemaModel,
  { schema, name }: HistoryTable,
  expected: SchemaModel,
): SchemaModel {
  const isKnown = expected.schemas.some((known) => known.name === schema);
  return {
    ...model,
    schemas: model.schemas.filter((known) => isKnown || known.name !== schema),
    tables: model.tables.filter((table) => table.schema !== schema || table.name !== name),
    sequences: model.sequences.filter(({ ownedBy }) => ownedBy?.schema !== schema || ownedBy.table !== name),
  };
}
