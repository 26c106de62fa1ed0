import type { Constraint, IndexKey, TableIndex } from '../../schema/index.js';
import type { IndexEntry } from './dictionary.js';
import { readableExpression } from './expression.js';

/** The indexes, with what each is there for. */
export function indexEntries(
  indexes: readonly TableIndex[],
  constraints: readonly Constraint[],
): IndexEntry[] {
  return indexes.map((index) => {
    const owner = constraints.find(({ name }) => name === index.constraint);
    const serves = index.comment ?? owner?.comment;
    return {
      name: index.name,
      method: index.method,
      keys: index.keys.map(keyText),
      ...(index.include ? { include: index.include } : {}),
      ...(index.predicate === undefined ? {} : { predicate: index.predicate }),
      ...(index.unique ? { unique: true as const } : {}),
      ...(owner ? { constraint: owner.kind } : {}),
      ...(serves === undefined ? {} : { serves }),
    };
  });
}

function keyText({ column, expression, descending, nulls }: IndexKey): string {
  return [
    column ?? readableExpression(expression ?? ''),
    ...(descending ? ['desc'] : []),
    ...(nulls ? [`nulls ${nulls}`] : []),
  ].join(' ');
}
