import type { Dictionary, Entity } from '../dictionary/dictionary.js';
import type { Drawing } from '../erd/drawing.js';
import { nameKey } from '../erd/name-key.js';

export interface GroupSource {
  readonly dictionary: Dictionary;
  readonly drawing: Drawing;
  /** The groups that come first. */
  readonly groupOrder: readonly string[];
}

/** Tables and views that are listed together, as the diagram frames them. */
export interface EntityGroup {
  readonly name: string;
  /** The comment of the schema, where the group is one. */
  readonly meaning?: string | undefined;
  readonly entities: readonly Entity[];
}

/** Tables lie where the diagram has them, views in the group of their schema. */
export function entityGroups(source: GroupSource): readonly EntityGroup[] {
  const { dictionary, drawing, groupOrder } = source;
  const groupOf = new Map(drawing.diagram.entities.map(({ key, group }) => [key, group]));
  const groups = new Map<string, Entity[]>(groupOrder.map((name) => [name, []]));
  for (const entity of dictionary.schemas.flatMap(({ entities }) => entities)) {
    const name = groupOf.get(nameKey(entity)) ?? entity.schema;
    groups.set(name, [...(groups.get(name) ?? []), entity]);
  }
  return [...groups]
    .filter(([, entities]) => entities.length > 0)
    .map(([name, entities]) => ({
      name,
      meaning: dictionary.schemas.find((schema) => schema.name === name)?.meaning,
      entities,
    }));
}
