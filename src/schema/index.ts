export type { Column, Identity } from './column.js';
export type {
  CheckConstraint,
  Constraint,
  ExclusionConstraint,
  ForeignKey,
  PrimaryKey,
  UniqueConstraint,
} from './constraint.js';
export type {
  DefaultPrivileges,
  Extension,
  ForeignDataWrapper,
  ForeignServer,
  Namespace,
  OtherObject,
  Publication,
} from './database-object.js';
export { SCHEMA_ERRORS } from './errors.js';
export { foldPartitions } from './fold-partitions.js';
export { emptyModel, type SchemaModel } from './model.js';
export { formatModel, modelJsonSchema, parseModel } from './model-json.js';
export {
  addressText,
  type ObjectAddress,
  type ObjectKind,
  objectsOf,
  orderOf,
  ownProperties,
  partsOf,
  type SchemaObject,
  wholeObjectsOf,
} from './objects.js';
export type { DeepReadonly, Grant, QualifiedName } from './parts.js';
export type { Routine } from './routine.js';
export type { Sequence } from './sequence.js';
export type { Statistics } from './statistics.js';
export type { PartitionKey, Table } from './table.js';
export type { IndexKey, TableIndex } from './table-index.js';
export type { EventTrigger, Policy, Rule, Trigger } from './trigger.js';
export type {
  BaseType,
  CompositeType,
  DataType,
  Domain,
  DomainConstraint,
  EnumType,
  RangeType,
} from './type.js';
export type { View } from './view.js';
