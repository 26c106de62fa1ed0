import { helpersOf, importLines } from './declarations.js';
import { camelCase, docComment, literal, propertyName } from './names.js';
import { HELPERS } from './scalars.js';
import type { Declaration, TypedEntity, TypedField, TypedSchema } from './typed-schema.js';

/** Zod schemas with the types inferred from them. What is written may hold no other fields than the table's. */
export function zodTypes(schema: TypedSchema): readonly string[] {
  const body = [
    ...helpersOf(schema).flatMap((helper) => ['', ...HELPERS[helper].zod]),
    ...schema.declarations.flatMap((declaration) => ['', ...declared(declaration)]),
    ...schema.entities.flatMap((entity) => ['', ...entityLines(entity)]),
  ];
  return body.length === 0 ? [] : ["import { z } from 'zod';", ...importLines(schema), ...body];
}

function declared(declaration: Declaration): string[] {
  const value = camelCase(declaration.name);
  const inferred = `export type ${declaration.name} = z.infer<typeof ${value}>;`;
  switch (declaration.kind) {
    case 'union':
      return [
        ...docComment('', declaration.doc),
        `export const ${value} = z.enum([${declaration.values.map(literal).join(', ')}]);`,
        inferred,
      ];
    case 'alias':
      return [
        ...docComment('', declaration.doc),
        `export const ${value} = ${declaration.type.zodRead};`,
        inferred,
      ];
    case 'brand':
      return [
        ...docComment('', `The id of ${declaration.brand}.`),
        `export const ${value} = ${declaration.type.zodRead}.brand<${literal(declaration.brand)}>();`,
        inferred,
      ];
    case 'object':
      return [
        ...docComment('', declaration.doc),
        `export const ${value} = z.object({`,
        ...declaration.fields.flatMap(({ name, type, doc }) => [
          ...docComment('  ', doc),
          `  ${propertyName(name)}: ${type.zodRead},`,
        ]),
        '});',
        inferred,
      ];
  }
}

function entityLines(entity: TypedEntity): string[] {
  const { name, fields } = entity;
  const written = fields.filter(({ isComputed }) => !isComputed);
  return [
    ...docComment('', entity.doc),
    ...objectLines('z.object', `${name}Row`, fields, rowField),
    ...(entity.isWritable
      ? [
          ...objectLines('z.strictObject', `${name}Insert`, written, insertField),
          ...objectLines('z.strictObject', `${name}Update`, written, updateField),
        ]
      : []),
  ];
}

function objectLines(
  maker: string,
  name: string,
  fields: readonly TypedField[],
  line: (field: TypedField) => string,
): string[] {
  return [
    `export const ${camelCase(name)} = ${maker}({`,
    ...fields.flatMap((field) => [...docComment('  ', field.doc), `  ${line(field)},`]),
    '});',
    `export type ${name} = z.infer<typeof ${camelCase(name)}>;`,
  ];
}

function rowField({ name, type, nullable }: TypedField): string {
  return `${propertyName(name)}: ${type.zodRead}${nullable ? '.nullable()' : ''}`;
}

function insertField({ name, type, nullable, hasDefault }: TypedField): string {
  const optional = nullable || hasDefault ? '.optional()' : '';
  return `${propertyName(name)}: ${type.zodWrite}${nullable ? '.nullable()' : ''}${optional}`;
}

function updateField({ name, type, nullable }: TypedField): string {
  return `${propertyName(name)}: ${type.zodWrite}${nullable ? '.nullable()' : ''}.optional()`;
}
