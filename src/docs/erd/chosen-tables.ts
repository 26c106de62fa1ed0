import { nearest } from '../../core/index.js';
import { foldPartitions, type QualifiedName, type SchemaModel } from '../../schema/index.js';
import { namePattern } from '../domains.js';
import { DOCS_ERRORS } from '../errors.js';
import { nameKey } from './name-key.js';
import { neighbourhood } from './neighbourhood.js';

export interface TableSelection {
  /** `schema.table` or `table`, where `*` stands for any characters; all tables unless given. */
  readonly tables?: readonly string[] | undefined;
  /** And those around this one. */
  readonly around?: string | undefined;
  /** How many foreign keys away from it; 1 unless given. */
  readonly depth?: number | undefined;
}

/** The tables of a model that were asked for, in its order. @throws DOCS_TABLE_UNKNOWN where a name fits none */
export function chosenTables(model: SchemaModel, selection: TableSelection): readonly QualifiedName[] {
  const { tables: wanted, around, depth = 1 } = selection;
  const all = foldPartitions(model).tables;
  if (wanted === undefined && around === undefined) {
    return all;
  }
  const named = (wanted ?? []).flatMap((name) => fitting(all, name));
  const centres = around === undefined ? [] : fitting(all, around);
  const chosen = new Set(
    [...named, ...centres.flatMap((centre) => neighbourhood(model, centre, depth))].map(nameKey),
  );
  return all.filter((table) => chosen.has(nameKey(table)));
}

function fitting(all: readonly QualifiedName[], name: string): readonly QualifiedName[] {
  const pattern = namePattern(name);
  const found = all.filter(
    (table) => pattern.test(`${table.schema}.${table.name}`) || pattern.test(table.name),
  );
  if (found.length > 0) {
    return found;
  }
  const near = nearest(
    name,
    all.flatMap((table) => [table.name, `${table.schema}.${table.name}`]),
  );
  throw DOCS_ERRORS.TABLE_UNKNOWN({
    message: `Cannot draw ${name}: there is no such table${near === undefined ? '' : ` (${near} is near it)`}`,
    details: { table: name },
  });
}
