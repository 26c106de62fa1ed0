import type { Entity, Field } from '../dictionary/dictionary.js';
import { readableExpression, shortType } from '../dictionary/expression.js';
import { checksInCell } from '../dictionary/shown-checks.js';
import { columnAnchors } from './anchors.js';
import { type Filling, type Html, html } from './html.js';
import { table } from './table.js';
import { code, inline, listed, nameCode } from './text.js';

export interface ColumnTableOptions {
  readonly linkTo: (schema: string, name: string) => string | undefined;
  readonly isClassified: boolean;
}

/** The columns of a table or view with everything that is known of them. */
export function columnTable(entity: Entity, { linkTo, isClassified }: ColumnTableOptions): Html | undefined {
  const anchors = columnAnchors(entity);
  return table(
    entity.fields.map((field, index) => ({ field, anchor: anchors[index]! })),
    [
      {
        title: 'Column',
        isHeading: true,
        cell: ({ field, anchor }) =>
          html`<a class="self" href="#${anchor}">${nameCode(field.name)}</a>${badges(field, entity)}`,
      },
      { title: 'Type', cell: ({ field }) => code(shortType(field.type)) },
      { title: 'Null', cell: ({ field }) => (field.nullable ? 'yes' : 'no') },
      { title: 'Default', cell: ({ field }) => defaultOf(field) },
      { title: 'Constraints', cell: ({ field }) => constraints(field, entity, linkTo) },
      { title: 'Class', cell: ({ field }) => isClassified && classOf(field) },
      { title: 'Meaning', cell: ({ field }) => meaningOf(field) },
    ],
    { caption: `Columns of ${entity.name}`, idOf: ({ anchor }) => anchor },
  );
}

function badges({ name, primaryKeyPosition, unique }: Field, { references }: Entity): readonly Html[] {
  const isForeign = references.some(({ from }) => from.fields.includes(name));
  return [
    ...(primaryKeyPosition === undefined ? [] : [html` <abbr class="pk" title="primary key">PK</abbr>`]),
    ...(isForeign ? [html` <abbr title="foreign key">FK</abbr>`] : []),
    ...(unique && primaryKeyPosition === undefined ? [html` <abbr title="unique">UK</abbr>`] : []),
  ];
}

function defaultOf({ default: value, generated, identity }: Field): Filling {
  if (generated) {
    return html`always ${code(readableExpression(generated.expression))}${generated.storage === 'virtual' && ' (virtual)'}`;
  }
  if (identity) {
    return `identity, ${identity}`;
  }
  return value !== undefined && code(readableExpression(value));
}

function constraints(
  { name, primaryKeyPosition: position, ...field }: Field,
  { primaryKey, references }: Entity,
  linkTo: ColumnTableOptions['linkTo'],
): Filling {
  const length = primaryKey?.fields.length ?? 0;
  const targets = references.filter(({ from }) => from.fields.includes(name)).map(({ to }) => to);
  const links = new Map(
    targets.map(({ schema, table }) => [`${schema}.${table}`, linkTo(schema, table)] as const),
  );
  return listed([
    ...(position === undefined || length < 2 ? [] : [html`primary key ${position}/${length}`]),
    ...[...links].map(
      ([label, href]) =>
        html`<span class="whole-line">→ ${href === undefined ? label : html`<a href="${href}">${label}</a>`}</span>`,
    ),
    ...checksInCell(field).map(code),
  ]);
}

function meaningOf({ meaning, example }: Field): Filling {
  return [
    ...inline(meaning ?? ''),
    ...(example === undefined ? [] : [html`<div class="example">Example: ${code(example)}</div>`]),
  ];
}

function classOf({ classification }: Field): Filling {
  return (
    classification !== undefined &&
    html`<span class="class" data-class="${classification}">${classification}</span>`
  );
}
