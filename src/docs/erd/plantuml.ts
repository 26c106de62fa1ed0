/** PlantUML's entity diagram in information engineering notation: `*` before a column refuses null. */
import type { Diagram, Entity, EntityColumn } from './diagram.js';
import type { Relation } from './relation.js';
import { visible } from './visible.js';

const CHILD_END = { 'zero or one': 'o|', 'zero or many': 'o{' } as const;
const PARENT_END = { one: '||', 'zero or one': '|o' } as const;

export function plantumlOf({ entities, relations }: Diagram, title: string): string {
  const ids = new Map(entities.map(({ key, id }) => [key, id]));
  const groups = [...new Set(entities.map(({ group }) => group))];
  return [
    '@startuml',
    `title ${escaped(title)}`,
    'hide circle',
    'hide methods',
    'left to right direction',
    'skinparam shadowing false',
    ...groups.flatMap((name) => [
      `package "${escaped(name)}" {`,
      ...entities.filter(({ group }) => group === name).flatMap(entityLines),
      '}',
    ]),
    ...relations.map((relation) => relationLine(relation, ids)),
    '@enduml',
    '',
  ].join('\n');
}

function entityLines(entity: Entity): readonly string[] {
  const marks = [
    ...(entity.isJunction ? [' <<junction>>'] : []),
    ...(entity.table.partitionBy ? [' <<partitioned>>'] : []),
  ];
  const primary = entity.columns.filter(({ isPrimary }) => isPrimary);
  const others = entity.columns.filter(({ isPrimary }) => !isPrimary);
  return [
    `  entity "${escaped(entity.table.name)}" as ${entity.id}${marks.join('')} {`,
    ...primary.map(columnLine),
    ...(primary.length > 0 && others.length > 0 ? ['    --'] : []),
    ...others.map(columnLine),
    '  }',
  ];
}

function columnLine(column: EntityColumn): string {
  const marks = [
    ...(column.isPrimary ? [' <<PK>>'] : []),
    ...(column.isForeign ? [' <<FK>>'] : []),
    ...(column.isUnique ? [' <<UK>>'] : []),
  ];
  const required = column.notNull ? '* ' : '';
  return `    {field} ${required}${escaped(column.name)} : ${escaped(column.type)}${marks.join('')}`;
}

function relationLine(relation: Relation, ids: ReadonlyMap<string, string>): string {
  const line = relation.isIdentifying ? '--' : '..';
  const ends = `${PARENT_END[relation.parentEnd]}${line}${CHILD_END[relation.childEnd]}`;
  return `${ids.get(relation.parent)} ${ends} ${ids.get(relation.child)} : ${escaped(relation.name)}`;
}

/** Characters that PlantUML or its markup could give a meaning to, by their numbers. */
function escaped(text: string): string {
  return visible(text)
    .replaceAll(/[^\p{L}\p{N}_ .,()[\]-]/gu, unicode)
    .replaceAll(/(?<=_)_|(?<=-)-|(?<=\.)\.|(?<=\[)\[/g, unicode);
}

function unicode(character: string): string {
  return `<U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`;
}
