/** Mermaid's erDiagram, in the words that its versions since 10 take. */
import type { Diagram, Entity, EntityColumn } from './diagram.js';
import type { Relation } from './relation.js';
import { visible } from './visible.js';

const CHILD_END = { 'zero or one': 'o|', 'zero or many': 'o{' } as const;
const PARENT_END = { one: '||', 'zero or one': '|o' } as const;

export function mermaidOf({ entities, relations }: Diagram, title: string): string {
  const names = new Map(entities.map((entity) => [entity.key, entityName(entity)]));
  return [
    '---',
    `title: ${JSON.stringify(visible(title))}`,
    '---',
    'erDiagram',
    ...entities.flatMap((entity) => entityLines(entity, names.get(entity.key)!)),
    ...relations.map((relation) => relationLine(relation, names)),
    '',
  ].join('\n');
}

function entityName({ table: { schema, name } }: Entity): string {
  return `"${quoted(`${schema}.${name}`)}"`;
}

function entityLines({ columns }: Entity, name: string): readonly string[] {
  return columns.length === 0
    ? [`  ${name}`]
    : [`  ${name} {`, ...columns.map((column) => `    ${attribute(column)}`), '  }'];
}

function attribute(column: EntityColumn): string {
  const name = word(column.name);
  const keys = [
    ...(column.isPrimary ? ['PK'] : []),
    ...(column.isForeign ? ['FK'] : []),
    ...(column.isUnique ? ['UK'] : []),
  ].join(', ');
  const comment = [
    ...(name === column.name ? [] : [column.name]),
    ...(column.notNull ? [] : ['null']),
    ...(column.comment === undefined ? [] : [column.comment]),
  ].join(': ');
  return [word(column.type), name, keys, comment && `"${quoted(comment)}"`].filter(Boolean).join(' ');
}

function relationLine(relation: Relation, names: ReadonlyMap<string, string>): string {
  const line = relation.isIdentifying ? '--' : '..';
  const ends = `${PARENT_END[relation.parentEnd]}${line}${CHILD_END[relation.childEnd]}`;
  return `  ${names.get(relation.parent)} ${ends} ${names.get(relation.child)} : "${quoted(relation.name)}"`;
}

/** Text between quotation marks: what the grammar gives a meaning to is written as its character number. */
function quoted(text: string): string {
  return visible(text)
    .replaceAll(/["%\\#;~]/g, (character) => `#${character.charCodeAt(0)};`)
    .replaceAll(/(direction) /gi, '$1#32;');
}

/** Types and attribute names are bare words, and may not begin like the mark of a key. */
function word(text: string): string {
  return visible(text)
    .replaceAll(/, */g, '_')
    .replaceAll(/[^A-Za-z0-9_[\]()\u00c0-\uffff]/g, '_')
    .replace(/^(?=[^A-Za-z_\u00c0-\uffff]|[pfu]k(?![A-Za-z0-9_]))/i, '_');
}
