/**
 * A schema as units: the smallest things that have a statement of their own to make and to drop them. Beside the
 * objects of the model these are the links between them, which come and go by themselves: a column's default, the
 * column that a sequence belongs to, the parent of a partition, the tables of a publication.
 */
import type {
  Column,
  Constraint,
  DataType,
  DefaultPrivileges,
  EventTrigger,
  Extension,
  ForeignDataWrapper,
  ForeignServer,
  Namespace,
  ObjectAddress,
  OtherObject,
  Policy,
  Publication,
  QualifiedName,
  Routine,
  Rule,
  Sequence,
  Statistics,
  Table,
  TableIndex,
  Trigger,
  View,
} from '../schema/index.js';

/** A table that a publication publishes. */
export interface PublishedTable {
  readonly publication: string;
  readonly table: Publication['tables'][number];
}

interface Objects {
  readonly schema: Namespace;
  readonly extension: Extension;
  readonly type: DataType;
  readonly sequence: Sequence;
  readonly table: Table;
  readonly view: View;
  readonly column: Column;
  readonly constraint: Constraint;
  readonly index: TableIndex;
  readonly trigger: Trigger;
  readonly policy: Policy;
  readonly rule: Rule;
  readonly statistics: Statistics;
  readonly routine: Routine;
  readonly 'event trigger': EventTrigger;
  readonly 'foreign data wrapper': ForeignDataWrapper;
  readonly 'foreign server': ForeignServer;
  readonly publication: Publication;
  readonly 'default privileges': DefaultPrivileges;
  readonly 'other object': OtherObject;
  /** The index behind a key: what is said of it beyond the key. */
  readonly 'backing index': TableIndex;
  /** The default expression of a column. */
  readonly default: { readonly expression: string };
  /** That a sequence is dropped with a column. */
  readonly ownership: { readonly sequence: QualifiedName; readonly column: NonNullable<Sequence['ownedBy']> };
  /** That a table is a partition of another. */
  readonly attachment: NonNullable<Table['partitionOf']>;
  /** That a table inherits from others. */
  readonly inheritance: { readonly parents: readonly QualifiedName[] };
  readonly 'published table': PublishedTable;
  readonly 'published schema': { readonly publication: string; readonly schema: string };
  readonly 'user mapping': { readonly server: string; readonly user: string };
}

export type UnitKind = keyof Objects;

interface UnitOf<Kind extends UnitKind> {
  readonly key: string;
  readonly kind: Kind;
  readonly path: readonly string[];
  readonly object: Objects[Kind];
  /** The table or view that it is a part of. */
  readonly relation: Table | View | undefined;
}

export type Unit<Kind extends UnitKind = UnitKind> = { [One in Kind]: UnitOf<One> }[Kind];

/** Identifiers cannot hold the null character. */
export function keyOf(kind: UnitKind, path: readonly string[]): string {
  return `${kind}\0${path.join('\0')}`;
}

export function unit<Kind extends UnitKind>(
  kind: Kind,
  path: readonly string[],
  object: Objects[Kind],
  relation?: Table | View,
): Unit {
  return { key: keyOf(kind, path), kind, path, object, relation } as unknown as Unit;
}

/** The address of the unit's object: that of a link is the address of what it hangs on. */
export function addressOf({ kind, path }: Unit): ObjectAddress {
  switch (kind) {
    case 'default':
      return { kind: 'column', path };
    case 'backing index':
      return { kind: 'index', path };
    case 'ownership':
      return { kind: 'sequence', path };
    case 'attachment':
    case 'inheritance':
      return { kind: 'table', path };
    case 'published table':
    case 'published schema':
      return { kind: 'publication', path: path.slice(0, 1) };
    case 'user mapping':
      return { kind: 'foreign server', path: path.slice(0, 1) };
    default:
      return { kind, path };
  }
}

/**
 * Every unit of a table or view. What a partition or an inheriting table has from its parent is none, unless it stands
 * `alone`: when it comes from one parent or goes to another, it has everything by itself in between.
 */
export function unitsOfRelation(relation: Table | View, alone = false): Unit[] {
  const path = [relation.schema, relation.name];
  const parts = [
    ...relation.indexes
      .filter(({ inherited }) => alone || !inherited)
      .map((index) =>
        unit(
          index.constraint === undefined ? 'index' : 'backing index',
          [...path, index.name],
          index,
          relation,
        ),
      ),
    ...relation.triggers
      .filter(({ inherited }) => !inherited)
      .map((trigger) => unit('trigger', [...path, trigger.name], trigger, relation)),
    ...relation.rules.map((rule) => unit('rule', [...path, rule.name], rule, relation)),
    ...relation.statistics.map((statistics) =>
      unit('statistics', [...path, statistics.schema, statistics.name], statistics, relation),
    ),
  ];
  if (relation.kind !== 'table') {
    return [unit('view', path, relation), ...parts];
  }
  return [unit('table', path, relation), ...unitsOfTable(relation, path, alone), ...parts];
}

function unitsOfTable(table: Table, path: readonly string[], alone: boolean): Unit[] {
  return [
    ...table.columns.flatMap((column) => [
      unit('column', [...path, column.name], column, table),
      ...(column.default === undefined
        ? []
        : [unit('default', [...path, column.name], { expression: column.default }, table)]),
    ]),
    ...table.constraints
      .filter(({ inherited }) => alone || !inherited)
      .map((constraint) => unit('constraint', [...path, constraint.name], constraint, table)),
    ...table.policies.map((policy) => unit('policy', [...path, policy.name], policy, table)),
    ...(table.partitionOf ? [unit('attachment', path, table.partitionOf, table)] : []),
    ...(table.inherits ? [unit('inheritance', path, { parents: table.inherits }, table)] : []),
  ];
}
