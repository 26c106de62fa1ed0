/** What the plain style and the Kysely style declare alike. */
import { docComment, literal, propertyName } from './names.js';
import { HELPERS, type Helper } from './scalars.js';
import type { Declaration, TypedSchema } from './typed-schema.js';

/** The imports of JSON columns' types. */
export function importLines({ imports }: TypedSchema): string[] {
  return [...imports].map(([from, names]) => `import type { ${names.join(', ')} } from ${literal(from)};`);
}

/** The helpers that the schema's types name, in the order of `HELPERS`. */
export function helpersOf({ declarations, entities }: TypedSchema): Helper[] {
  const pairs = [
    ...declarations.flatMap((each) =>
      each.kind === 'object' ? each.fields.map(({ type }) => type) : each.kind === 'union' ? [] : [each.type],
    ),
    ...entities.flatMap(({ fields }) => fields.map(({ type }) => type)),
  ];
  const used = new Set(pairs.flatMap(({ helpers }) => helpers ?? []));
  return (Object.keys(HELPERS) as Helper[]).filter((helper) => used.has(helper));
}

/** Helpers, enums, domains, composite types and ids, each with an empty line before it. */
export function declarationLines(schema: TypedSchema): string[] {
  return [
    ...helpersOf(schema).flatMap((helper) => ['', ...HELPERS[helper].typescript]),
    ...schema.declarations.flatMap((declaration) => ['', ...declared(declaration)]),
  ];
}

function declared(declaration: Declaration): string[] {
  switch (declaration.kind) {
    case 'union':
      return [
        ...docComment('', declaration.doc),
        `export type ${declaration.name} = ${declaration.values.map(literal).join(' | ') || 'never'};`,
      ];
    case 'alias':
      return [
        ...docComment('', declaration.doc),
        `export type ${declaration.name} = ${declaration.type.read};`,
      ];
    case 'brand':
      return [
        ...docComment('', `The id of ${declaration.brand}.`),
        `export type ${declaration.name} = ${declaration.type.read} & { readonly __id: ${literal(declaration.brand)} };`,
      ];
    case 'object':
      return [
        ...docComment('', declaration.doc),
        `export interface ${declaration.name} {`,
        ...declaration.fields.flatMap(({ name, type, doc }) => [
          ...docComment('  ', doc),
          `  readonly ${propertyName(name)}: ${type.read};`,
        ]),
        '}',
      ];
  }
}
