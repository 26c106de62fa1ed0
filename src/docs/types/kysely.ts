import { declarationLines, importLines } from './declarations.js';
import { docComment, literal, propertyName } from './names.js';
import type { TypedEntity, TypedField, TypedSchema } from './typed-schema.js';

/** What Kysely's `Kysely<Database>` wants: `<Table>Table` with its columns, and `Database` with the tables by name. */
export function kyselyTypes(schema: TypedSchema): readonly string[] {
  const types = schema.entities.flatMap((entity) => entity.fields.map((field) => columnType(field, entity)));
  return [
    ...kyselyImport(schema, types),
    ...importLines(schema),
    ...declarationLines(schema),
    ...schema.entities.flatMap((entity) => ['', ...entityLines(entity)]),
    '',
    '/** The tables and views by the names that queries have for them. */',
    'export interface Database {',
    ...schema.entities.map(
      ({ schema: owner, table, name }) =>
        `  ${literal(owner === 'public' ? table : `${owner}.${table}`)}: ${name}Table;`,
    ),
    '}',
  ];
}

function kyselyImport({ entities }: TypedSchema, types: readonly string[]): string[] {
  const isUsed = (name: string) => types.some((type) => type.startsWith(`${name}<`));
  const names = [
    ...['ColumnType', 'Generated'].filter(isUsed),
    ...(entities.some(({ isWritable }) => isWritable) ? ['Insertable'] : []),
    ...(entities.length > 0 ? ['Selectable'] : []),
    ...(entities.some(({ isWritable }) => isWritable) ? ['Updateable'] : []),
  ];
  return names.length === 0 ? [] : [`import type { ${names.join(', ')} } from 'kysely';`];
}

function entityLines(entity: TypedEntity): string[] {
  const { name, fields, isWritable } = entity;
  return [
    ...docComment('', entity.doc),
    `export interface ${name}Table {`,
    ...fields.flatMap((field) => [
      ...docComment('  ', field.doc),
      `  ${propertyName(field.name)}: ${columnType(field, entity)};`,
    ]),
    '}',
    `export type ${name}Row = Selectable<${name}Table>;`,
    ...(isWritable
      ? [
          `export type ${name}Insert = Insertable<${name}Table>;`,
          `export type ${name}Update = Updateable<${name}Table>;`,
        ]
      : []),
  ];
}

function columnType(
  { type, nullable, isComputed, hasDefault }: TypedField,
  { isWritable }: TypedEntity,
): string {
  const orNull = nullable ? ' | null' : '';
  const read = `${type.read}${orNull}`;
  if (!isWritable || isComputed) {
    return `ColumnType<${read}, never, never>`;
  }
  if (type.read === type.write) {
    return hasDefault ? `Generated<${read}>` : read;
  }
  const write = `${type.write}${orNull}`;
  return `ColumnType<${read}, ${write}${hasDefault || nullable ? ' | undefined' : ''}, ${write}>`;
}
