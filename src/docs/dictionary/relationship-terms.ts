import type { Relationship } from './dictionary.js';

/** What a foreign key asks of its rows: `many to one`, `optional`, `on delete cascade`. */
export function relationshipTerms(relationship: Relationship): readonly string[] {
  const { cardinality, optional, onDelete, onUpdate, notEnforced } = relationship;
  return [
    cardinality === 'one' ? 'one to one' : 'many to one',
    ...(optional ? ['optional'] : []),
    ...(onDelete ? [`on delete ${onDelete}`] : []),
    ...(onUpdate ? [`on update ${onUpdate}`] : []),
    ...(notEnforced ? ['not enforced'] : []),
  ];
}
