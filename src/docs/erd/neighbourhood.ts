import type { QualifiedName, SchemaModel } from '../../schema/index.js';
import { diagramOf } from './diagram.js';
import { nameKey } from './name-key.js';

/**
 * A table and those that foreign keys connect it with, whichever way they point, at most `depth` steps away
 * (default 1). By schema and name; nothing when the model has no such table. A partition is its table's.
 */
export function neighbourhood(model: SchemaModel, table: QualifiedName, depth = 1): readonly QualifiedName[] {
  const { entities, relations } = diagramOf(model);
  const reached = new Set([nameKey(table)]);
  for (let step = 0; step < depth; step += 1) {
    const before = new Set(reached);
    for (const { child, parent } of relations) {
      if (before.has(child)) reached.add(parent);
      if (before.has(parent)) reached.add(child);
    }
  }
  return entities
    .filter(({ key }) => reached.has(key))
    .map(({ table: { schema, name } }) => ({ schema, name }));
}
