/** DBML, as dbdiagram.io and @dbml/core read it. What DBML cannot say is said in a comment. */
import type { Column, EnumType, ForeignKey, SchemaModel } from '../../schema/index.js';
import type { Diagram, Entity } from './diagram.js';
import { uniqueKeys } from './keys.js';
import type { Relation } from './relation.js';
import { shortType } from './short-type.js';
import { visible } from './visible.js';

export function dbmlOf(model: SchemaModel, { entities, relations }: Diagram, title: string): string {
  const used = new Set(entities.flatMap(({ table }) => table.columns.map(({ type }) => type)));
  const enums = model.types.filter((type) => type.kind === 'enum' && isUsed(type.reference, used));
  const enumNames = new Map(enums.map((type) => [type.reference, qualified(type.schema, type.name)]));
  return [
    `Project ${quoted(title)} {\n  database_type: 'PostgreSQL'\n}`,
    ...enums.map((type) => enumText(type as EnumType)),
    ...entities.map((entity) => tableText(entity, enumNames)),
    ...(relations.length === 0 ? [] : [refLines(entities, relations).join('\n')]),
  ]
    .join('\n\n')
    .concat('\n');
}

function isUsed(reference: string, types: ReadonlySet<string>): boolean {
  return types.has(reference) || types.has(`${reference}[]`);
}

function enumText({ schema, name, labels }: EnumType): string {
  const title = `Enum ${qualified(schema, name)}`;
  return labels.length === 0
    ? `// ${title} has no labels.`
    : [`${title} {`, ...labels.map((label) => `  ${quoted(label)}`), '}'].join('\n');
}

function tableText({ table }: Entity, enumNames: ReadonlyMap<string, string>): string {
  const title = `Table ${qualified(table.schema, table.name)}`;
  if (table.columns.length === 0) {
    return `// ${title} has no columns.`;
  }
  const partitions = table.partitionBy && `partition by ${table.partitionBy.definition}`;
  const notes = [table.comment, partitions].filter((note) => note !== undefined);
  const primary = table.constraints.find(({ kind }) => kind === 'primary key');
  const primaryColumns = primary?.kind === 'primary key' ? primary.columns : [];
  return [
    `${title}${notes.length > 0 ? ` [note: ${text(notes.join('\n'))}]` : ''} {`,
    ...table.columns.map((column) => columnLine(column, primaryColumns, enumNames)),
    ...indexLines(uniqueKeys(table), primaryColumns),
    '}',
  ].join('\n');
}

function columnLine(
  column: Column,
  primary: readonly string[],
  enumNames: ReadonlyMap<string, string>,
): string {
  const { name, type, notNull, comment, default: value, identity, generated } = column;
  const settings = [
    ...(primary.length === 1 && primary[0] === name ? ['pk'] : []),
    ...(notNull ? ['not null'] : []),
    ...(identity ? ['increment'] : []),
    ...(value === undefined ? [] : [`default: ${expression(value)}`]),
    ...noteOf([comment, generated && `generated: ${generated.expression}`]),
  ];
  const end = settings.length > 0 ? ` [${settings.join(', ')}]` : '';
  return `  ${quoted(name)} ${enumNames.get(type) ?? typeText(type)}${end}`;
}

function noteOf(notes: readonly (string | undefined)[]): readonly string[] {
  const given = notes.filter((note) => note !== undefined);
  return given.length === 0 ? [] : [`note: ${text(given.join('\n'))}`];
}

function typeText(type: string): string {
  const short = shortType(type);
  return /^[a-z_]\w*(\(\d+(,\d+)?\))?(\[\])?$/.test(short) ? short : quoted(short);
}

/** Keys of several columns, and unique keys; each set of columns once. */
function indexLines(keys: readonly (readonly string[])[], primary: readonly string[]): readonly string[] {
  const isPrimary = (key: readonly string[]) => key.join('\0') === primary.join('\0');
  const lines = keys
    .filter((key) => key.length > 1 || !isPrimary(key))
    .map((key) => `    (${key.map(quoted).join(', ')}) [${isPrimary(key) ? 'pk' : 'unique'}]`);
  return lines.length === 0 ? [] : ['', '  indexes {', ...new Set(lines), '  }'];
}

/** DBML takes one reference between the same columns, and none from columns to themselves. */
function refLines(entities: readonly Entity[], relations: readonly Relation[]): readonly string[] {
  const tables = new Map(entities.map(({ key, table }) => [key, qualified(table.schema, table.name)]));
  const taken = new Set<string>();
  return relations.map((relation) => {
    const { columns, references } = relation.foreignKey;
    const child = endpoint(tables.get(relation.child)!, columns);
    const parent = endpoint(tables.get(relation.parent)!, references.columns);
    const sign = relation.childEnd === 'zero or one' ? '-' : '>';
    const line = `Ref ${quoted(relation.name)}: ${child} ${sign} ${parent}${actions(relation.foreignKey)}`;
    const ends = [child, parent].sort().join(' ');
    const isExtra = taken.has(ends) || child === parent;
    taken.add(ends);
    return isExtra ? `// ${line}` : line;
  });
}

function endpoint(table: string, columns: readonly string[]): string {
  const list = columns.map(quoted).join(', ');
  return `${table}.${columns.length === 1 ? list : `(${list})`}`;
}

function actions({ onDelete, onUpdate }: ForeignKey): string {
  const settings = [
    ...(onDelete ? [`delete: ${onDelete}`] : []),
    ...(onUpdate ? [`update: ${onUpdate}`] : []),
  ];
  return settings.length > 0 ? ` [${settings.join(', ')}]` : '';
}

function qualified(schema: string, name: string): string {
  return `${quoted(schema)}.${quoted(name)}`;
}

function quoted(name: string): string {
  return `"${visible(name).replaceAll(/["\\]/g, '\\$&')}"`;
}

/** A note; its line breaks are kept as such. */
function text(value: string): string {
  const lines = value.split(/\r\n|\r|\n/).map((line) => visible(line).replaceAll(/['\\]/g, '\\$&'));
  return lines.length === 1 ? `'${lines[0]}'` : `'''${lines.join('\n')}'''`;
}

/** An SQL expression stands between backticks, which it cannot hold itself. */
function expression(sql: string): string {
  return /[`\n\r]/.test(sql) ? text(sql) : `\`${visible(sql)}\``;
}
