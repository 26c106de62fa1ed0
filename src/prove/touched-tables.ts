/** The tables that a script has to do with: made, changed, locked by a writer, or written to. */
import { diff } from '../catalog/index.js';
import type { SchemaModel } from '../schema/index.js';
import type { ProvenScript } from './proof.js';
import { COMPARISON, type Snapshot } from './snapshot.js';

/** By `schema.name`, as they are called after the script; those that are gone by then are left out. */
export function touchedTables(before: Snapshot, after: Snapshot, script: ProvenScript): ReadonlySet<string> {
  const tables = new Set(after.schema.tables.map(({ schema, name }) => `${schema}.${name}`));
  const { added, changed, removed } = diff(before.schema, after.schema, COMPARISON);
  const byDiff = [...added, ...changed, ...removed].map(({ address }) => address.path.slice(0, 2).join('.'));
  const byLock = script.statements.flatMap(({ measured }) =>
    (measured?.locks ?? []).filter(({ kind }) => kind === 'table').map(({ relation }) => relation),
  );
  return new Set([...byDiff, ...byLock].filter((name) => tables.has(name)));
}

/**
 * Tables that rows referred to by a foreign key which is gone after the script, by `schema.name`: without it, a row may
 * be deleted that values which come back cannot do without.
 */
export function parentsOfGone(before: Snapshot, after: Snapshot): ReadonlySet<string> {
  const left = new Set(foreignKeys(after.schema).map(({ address }) => address));
  return new Set(
    foreignKeys(before.schema).flatMap(({ address, parent }) => (left.has(address) ? [] : [parent])),
  );
}

function foreignKeys({ tables }: SchemaModel) {
  return tables.flatMap(({ schema, name, constraints }) =>
    constraints.flatMap((one) =>
      one.kind === 'foreign key'
        ? [
            {
              address: `${schema}.${name}.${one.name}`,
              parent: `${one.references.schema}.${one.references.table}`,
            },
          ]
        : [],
    ),
  );
}
