/** The types of a schema: what is declared, and the fields of each table and view. */
import {
  type Column,
  type Constraint,
  type DataType,
  foldPartitions,
  type SchemaModel,
  type Table,
  type View,
} from '../../schema/index.js';
import { idOrigins } from './branded-ids.js';
import { pascalCase, type TypeNames, typeNames } from './names.js';
import type { TypeOptions } from './options.js';
import { HELPERS, TEXT, type TypePair } from './scalars.js';
import { brandPair, columnPair, isJson, nullablePair, pairOf, type TypeSource } from './type-pairs.js';
import {
  columnKey,
  type Declaration,
  type TypedEntity,
  type TypedField,
  type TypedSchema,
} from './typed-schema.js';

/** Names that the generated file has for itself. */
const RESERVED = [
  ...Object.keys(HELPERS),
  'Database',
  'ColumnType',
  'Generated',
  'Insertable',
  'Selectable',
  'Updateable',
  'Date',
  'Uint8Array',
  'part',
  'z',
];

const ENTITY_SUFFIXES = ['Row', 'Insert', 'Update', 'Table'];

/** The types of a model's tables and views; partitions have those of their table. */
export function typeSchema(model: SchemaModel, options: TypeOptions): TypedSchema {
  const folded = foldPartitions(model);
  const naming = typeNames([...RESERVED, ...[...(options.json?.values() ?? [])].map(({ type }) => type)]);
  const declared = folded.types.filter((type) => isDeclared(type, options));
  const names = new Map(declared.map((type) => [type.reference, naming.name(type.schema, type.name)]));
  const entityNames = [...folded.tables, ...folded.views].map(
    (entity) => [entity, naming.name(entity.schema, entity.name, ENTITY_SUFFIXES)] as const,
  );
  const own = new Map(folded.types.map((type) => [type.reference, type]));
  const bare: TypeSource = { options, own, names, ids: new Map() };
  const brands = options.brandedIds ? brandedTypes(folded, naming, bare) : NO_BRANDS;
  const source: TypeSource = { ...bare, ids: brands.ids };
  return {
    declarations: [...inOrder(declared).map((type) => declarationOf(type, source)), ...brands.declarations],
    entities: entityNames.map(([entity, name]) => entityOf(entity, name, source)),
    imports: importsOf(folded, options),
  };
}

/** Ranges and base types arrive as text and need no name. */
function isDeclared(type: DataType, { parsesOwnTypes }: TypeOptions): boolean {
  return (
    type.kind === 'enum' ||
    type.kind === 'domain' ||
    (type.kind === 'composite type' && parsesOwnTypes === true)
  );
}

/** Domains and composites after the types that they name; the model's order otherwise. */
function inOrder(types: readonly DataType[]): DataType[] {
  const byReference = new Map(types.map((type) => [type.reference, type]));
  const ordered = new Set<DataType>();
  const visit = (type: DataType): void => {
    if (!ordered.has(type)) {
      for (const part of partsOf(type)) {
        const used = byReference.get(part.replace(/(\[\])+$/, ''));
        if (used !== undefined && used !== type) {
          visit(used);
        }
      }
      ordered.add(type);
    }
  };
  types.forEach(visit);
  return [...ordered];
}

function partsOf(type: DataType): readonly string[] {
  return type.kind === 'domain'
    ? [type.baseType]
    : type.kind === 'composite type'
      ? type.attributes.map((each) => each.type)
      : [];
}

function declarationOf(type: DataType, source: TypeSource): Declaration {
  const name = source.names.get(type.reference)!;
  const doc = type.comment === undefined ? {} : { doc: type.comment };
  switch (type.kind) {
    case 'enum':
      return { kind: 'union', name, values: type.labels, ...doc };
    case 'composite type':
      return {
        kind: 'object',
        name,
        fields: type.attributes.map((attribute) => ({
          name: attribute.name,
          type: nullablePair(pairOf(attribute.type, source)),
          ...(attribute.comment === undefined ? {} : { doc: attribute.comment }),
        })),
        ...doc,
      };
    case 'domain':
      return { kind: 'alias', name, type: pairOf(type.baseType, source), ...doc };
    default:
      return { kind: 'alias', name, type: TEXT, ...doc };
  }
}

function entityOf(entity: Table | View, name: string, source: TypeSource): TypedEntity {
  const constraints = entity.kind === 'table' ? entity.constraints : [];
  return {
    schema: entity.schema,
    table: entity.name,
    name,
    isWritable: entity.kind === 'table',
    fields: entity.columns.map((column) => fieldOf(entity, column, constraints, source)),
    ...(entity.comment === undefined ? {} : { doc: entity.comment }),
  };
}

function fieldOf(
  { schema, name }: Table | View,
  column: Column,
  constraints: readonly Constraint[],
  source: TypeSource,
): TypedField {
  const domain = domainChain(column.type, source);
  return {
    name: column.name,
    type: columnPair({ schema, table: name, column, constraints }, source),
    nullable: !column.notNull && !domain.some(({ notNull }) => notNull),
    isComputed: column.generated !== undefined || column.identity?.generation === 'always',
    hasDefault:
      column.default !== undefined ||
      column.identity !== undefined ||
      domain.some((each) => each.default !== undefined),
    ...(column.comment === undefined ? {} : { doc: column.comment }),
  };
}

/** The domain that the type is, and those that it is over. */
function domainChain(type: string, source: TypeSource): Extract<DataType, { kind: 'domain' }>[] {
  const own = source.own.get(type);
  return own?.kind === 'domain' ? [own, ...domainChain(own.baseType, source)] : [];
}

interface Brands {
  readonly declarations: readonly Declaration[];
  readonly ids: ReadonlyMap<string, TypePair>;
}

const NO_BRANDS: Brands = { declarations: [], ids: new Map() };

function brandedTypes(model: SchemaModel, naming: TypeNames, source: TypeSource): Brands {
  const origins = idOrigins(model);
  const declarations = new Map<string, Extract<Declaration, { kind: 'brand' }>>();
  for (const { schema, name, columns } of model.tables) {
    for (const column of columns) {
      const key = columnKey(schema, name, column.name);
      if (origins.get(key) === key) {
        const typeName = naming.name(schema, `${name} ${pascalCase(column.name)}`);
        const type = pairOf(column.type, source);
        declarations.set(key, {
          kind: 'brand',
          name: typeName,
          type,
          brand: `${schema}.${name}.${column.name}`,
        });
      }
    }
  }
  const ids = [...origins].flatMap(([key, origin]) => {
    const brand = declarations.get(origin);
    return brand ? [[key, brandPair(brand.name)] as const] : [];
  });
  return { declarations: [...declarations.values()], ids: new Map(ids) };
}

function importsOf(
  { tables, views }: SchemaModel,
  { json }: TypeOptions,
): ReadonlyMap<string, readonly string[]> {
  const imports = new Map<string, Set<string>>();
  for (const { schema, name, columns } of [...tables, ...views]) {
    for (const column of columns.filter(({ type }) => isJson(type))) {
      const declared = json?.get(`${schema}.${name}.${column.name}`);
      if (declared) {
        imports.set(declared.from, (imports.get(declared.from) ?? new Set()).add(declared.type));
      }
    }
  }
  return new Map(
    [...imports].sort(([a], [b]) => (a < b ? -1 : 1)).map(([from, names]) => [from, [...names].sort()]),
  );
}
