import type { Entity, Relationship } from './dictionary.js';

/** More tables than this are no neighbourhood that one can take in. */
const MOST_NEIGHBOURS = 30;

/**
 * Mermaid text of a table and those that foreign keys connect it with, as boxes with names; nothing where there are
 * none, or too many to be seen at once.
 */
export function neighbourDiagram({ references, referencedBy }: Entity): string | undefined {
  const relationships = [...new Set([...references, ...referencedBy])];
  const neighbours = new Set(relationships.flatMap(({ from, to }) => [boxName(from), boxName(to)]));
  if (relationships.length === 0 || neighbours.size > MOST_NEIGHBOURS) {
    return undefined;
  }
  return ['erDiagram', ...relationships.map((relationship) => `  ${line(relationship)}`)].join('\n');
}

function line({ from, to, cardinality, optional }: Relationship): string {
  const ends = `${optional ? '|o' : '||'}--${cardinality === 'one' ? 'o|' : 'o{'}`;
  return `${boxName(to)} ${ends} ${boxName(from)} : "${quoted(from.fields.join(', '))}"`;
}

function boxName({ schema, table }: Relationship['from']): string {
  return `"${quoted(`${schema}.${table}`)}"`;
}

/** Text between quotation marks: what Mermaid gives a meaning to is written as its character number. */
function quoted(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/["%\\#;~]/g, (character) => `#${character.charCodeAt(0)};`);
}
