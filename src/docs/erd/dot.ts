/** Graphviz's language, to be drawn by `dot -Tsvg` or edited. Every table has a port a column. */
import type { Categorize } from './categorize.js';
import { type Colouring, colouringOf } from './colour.js';
import type { Diagram, Entity, EntityColumn } from './diagram.js';
import type { Relation } from './relation.js';
import { visible } from './visible.js';
import { xmlText } from './xml.js';

const CHILD_END = { 'zero or one': 'teeodot', 'zero or many': 'crowodot' } as const;
const PARENT_END = { one: 'teetee', 'zero or one': 'teeodot' } as const;

export function dotOf(diagram: Diagram, title: string, colourBy: Categorize): string {
  const { entities, relations } = diagram;
  const colouring = colouringOf(entities, colourBy);
  const groups = [...new Set(entities.map(({ group }) => group))];
  const byKey = new Map(entities.map((entity) => [entity.key, entity]));
  return [
    'digraph erd {',
    `  graph [label=${quoted(title)}, labelloc=t, rankdir=LR, ranksep=1, nodesep=0.4, fontname="Helvetica"];`,
    '  node [shape=plain, fontname="Helvetica", fontsize=11];',
    '  edge [dir=both, color="#5b6673", arrowsize=0.8];',
    ...groups.flatMap((name, index) => [
      `  subgraph cluster_${index} {`,
      `    label=${quoted(name)}; style=rounded; color="#b9c1ca";`,
      ...entities.filter(({ group }) => group === name).map((entity) => `    ${nodeLine(entity, colouring)}`),
      '  }',
    ]),
    ...relations.map((relation) => `  ${edgeLine(relation, byKey)}`),
    '}',
    '',
  ].join('\n');
}

function nodeLine(entity: Entity, { colourOf }: Colouring): string {
  const { table, columns, isJunction } = entity;
  const marks = [...(isJunction ? ['m:n'] : []), ...(table.partitionBy ? ['partitioned'] : [])].map(
    (mark) => ` (${mark})`,
  );
  const header = `<tr><td bgcolor="${colourOf(entity.key)}" colspan="3"><font color="#ffffff"><b>${xmlText(table.name)}</b>${marks.join('')}</font></td></tr>`;
  const rows = columns.map((column, index) => rowText(column, index));
  return `${quoted(entity.id)} [label=<<table border="0" cellborder="1" cellspacing="0" cellpadding="4">${header}${rows.join('')}</table>>];`;
}

function rowText(column: EntityColumn, index: number): string {
  const marks = [
    ...(column.isPrimary ? ['PK'] : []),
    ...(column.isForeign ? ['FK'] : []),
    ...(column.isUnique ? ['UK'] : []),
  ].join(' ');
  const optional = column.notNull ? '' : '?';
  return `<tr><td port="c${index}">${marks}</td><td align="left">${xmlText(column.name)}</td><td align="left" port="e${index}">${xmlText(column.type)}${optional}</td></tr>`;
}

function edgeLine(relation: Relation, byKey: ReadonlyMap<string, Entity>): string {
  const { columns, references } = relation.foreignKey;
  const parent = byKey.get(relation.parent)!;
  const child = byKey.get(relation.child)!;
  const style = relation.isIdentifying ? 'solid' : 'dashed';
  const ends = `arrowtail=${PARENT_END[relation.parentEnd]}, arrowhead=${CHILD_END[relation.childEnd]}`;
  return `${port(parent, 'e', references.columns)} -> ${port(child, 'c', columns)} [${ends}, style=${style}, tooltip=${quoted(relation.name)}];`;
}

/** The cell of the last of the columns; the table where it has no such column. */
function port(entity: Entity, side: 'c' | 'e', columns: readonly string[]): string {
  const index = entity.columns.findIndex(({ name }) => name === columns.at(-1));
  return index < 0 ? quoted(entity.id) : `${quoted(entity.id)}:${side}${index}:${side === 'e' ? 'e' : 'w'}`;
}

function quoted(text: string): string {
  return `"${visible(text).replaceAll(/["\\]/g, '\\$&')}"`;
}
