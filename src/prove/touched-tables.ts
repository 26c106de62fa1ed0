/** The tables that a script has to do with: made, changed, locked by a writer, or written to. */
import { diff } from '../catalog/index.js';
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
 * Tables that rows of a table referred to which is gone after the script, by `schema.name`: without that table, a row
 * may be deleted that its rows, which come back, cannot do without.
 */
export function parentsOfGone(before: Snapshot, after: Snapshot): ReadonlySet<string> {
  const there = new Set(after.schema.tables.map(({ schema, name }) => `${schema}.${name}`));
  const gone = before.schema.tables.filter(({ schema, name }) => !there.has(`${schema}.${name}`));
  return new Set(
    gone.flatMap(({ constraints }) =>
      constraints.flatMap((one) =>
        one.kind === 'foreign key' ? [`${one.references.schema}.${one.references.table}`] : [],
      ),
    ),
  );
}
