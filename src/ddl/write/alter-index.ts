import type { Table, TableIndex, View } from '../../schema/index.js';
import { qualifiedName, quoteIdentifier } from '../../sql/index.js';
import { indexMarks } from './index-statement.js';
import { relationNamed } from './named.js';
import { optionChanges } from './options.js';

/** Storage, place and marks of an index. */
export function indexChanges(then: TableIndex, now: TableIndex, relation: Table | View): string[] {
  const index = `alter index ${qualifiedName(relation.schema, now.name)}\n  `;
  const marks = {
    name: now.name,
    clustered: then.clustered ? undefined : now.clustered,
    replicaIdentity: then.replicaIdentity ? undefined : now.replicaIdentity,
  };
  const isClusteredElsewhere = relation.indexes.some(({ clustered }) => clustered);
  return [
    ...optionChanges(then.options, now.options).map((change) => index + change),
    ...(then.tablespace === now.tablespace
      ? []
      : [`${index}set tablespace ${quoteIdentifier(now.tablespace ?? 'pg_default')}`]),
    ...(then.clustered && !now.clustered && !isClusteredElsewhere
      ? [`alter ${relationNamed(relation)}\n  set without cluster`]
      : []),
    ...indexMarks(relation, marks),
  ];
}
