import type { Namespace } from '../../schema/index.js';
import { type Draft, type ModelDraft, remember } from './draft.js';

/** A row of `schemas.sql`, which is read first: the other queries take the oids of the schemas chosen. */
export interface SchemaRow {
  readonly oid: number;
  readonly name: string;
  readonly owner: string;
  readonly of_extension: boolean;
}

/** Adds a chosen schema. One that an extension brought is no part of the model, but what users put into it is. */
export function addSchema(row: SchemaRow, draft: ModelDraft): void {
  if (row.of_extension) {
    return;
  }
  const schema: Draft<Namespace> = { kind: 'schema', name: row.name, owner: row.owner };
  draft.model.schemas.push(schema);
  remember(draft, 'pg_namespace', row.oid, schema);
}
