import { declarationLines, importLines } from './declarations.js';
import { docComment, propertyName } from './names.js';
import type { TypedEntity, TypedField, TypedSchema } from './typed-schema.js';

/** Interfaces: `<Table>Row`, and for a table `<Table>Insert` and `<Table>Update`. */
export function plainTypes(schema: TypedSchema): readonly string[] {
  return [
    ...importLines(schema),
    ...declarationLines(schema),
    ...schema.entities.flatMap((entity) => ['', ...entityLines(entity)]),
  ];
}

function entityLines(entity: TypedEntity): string[] {
  const { name, fields } = entity;
  const written = fields.filter(({ isComputed }) => !isComputed);
  const address = `${entity.schema}.${entity.table}`;
  return [
    ...docComment('', entity.doc),
    ...interfaceLines(`${name}Row`, fields, rowField),
    ...(entity.isWritable
      ? [
          '',
          `/** What an insert into ${address.replaceAll('*/', '* /')} gives. */`,
          ...interfaceLines(`${name}Insert`, written, insertField),
          '',
          `/** What an update of ${address.replaceAll('*/', '* /')} may set. */`,
          ...interfaceLines(`${name}Update`, written, updateField),
        ]
      : []),
  ];
}

function interfaceLines(
  name: string,
  fields: readonly TypedField[],
  line: (field: TypedField) => string,
): string[] {
  return [
    `export interface ${name} {`,
    ...fields.flatMap((field) => [...docComment('  ', field.doc), `  ${line(field)};`]),
    '}',
  ];
}

function rowField({ name, type, nullable }: TypedField): string {
  return `readonly ${propertyName(name)}: ${type.read}${nullable ? ' | null' : ''}`;
}

function insertField({ name, type, nullable, hasDefault }: TypedField): string {
  return `readonly ${propertyName(name)}${nullable || hasDefault ? '?' : ''}: ${type.write}${nullable ? ' | null' : ''}`;
}

function updateField({ name, type, nullable }: TypedField): string {
  return `readonly ${propertyName(name)}?: ${type.write}${nullable ? ' | null' : ''}`;
}
