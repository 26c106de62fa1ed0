import type { Constraint, TableIndex } from '../../schema/index.js';
import { qualifiedName, quoteIdentifier } from '../../sql/index.js';
import { lowerKeywords } from './keywords.js';
import { optionChanges } from './options.js';

/** `constraint users_pk primary key (id)` */
export function constraintClause({ name, definition }: Constraint): string {
  return `constraint ${quoteIdentifier(name)} ${lowerKeywords(definition)}`;
}

/** What the constraint's words do not say about the index behind it. */
export function backingIndexSettings(schema: string, index: TableIndex | undefined): string[] {
  if (!index) {
    return [];
  }
  const alter = `alter index ${qualifiedName(schema, index.name)}`;
  return [
    ...optionChanges([], index.options).map((change) => `${alter} ${change}`),
    ...(index.tablespace ? [`${alter} set tablespace ${quoteIdentifier(index.tablespace)}`] : []),
  ];
}
