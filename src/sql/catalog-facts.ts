/**
 * What a caller that can see a database tells about it, so that the effects of a statement are exact. `undefined`
 * always means "not known", and the answer then says `maybe`.
 */
import type { RelationName } from './relation-name.js';

export interface CatalogFacts {
  /** PostgreSQL's `server_version_num`, e.g. 180004. */
  readonly serverVersion: number;
  /** True when the session's TimeZone is UTC: some timestamp changes need no rewrite then. */
  readonly timeZoneIsUtc?: boolean;
  /** The relation that a name means under the search path; `undefined` if it does not exist or is not known. */
  relation(name: RelationName): RelationFacts | undefined;
  /**
   * True when a function of that name, given in parts, is volatile or one of its overloads is. A volatile SQL
   * function may be inlined and then turn out not to be.
   */
  isVolatile?(functionName: readonly string[]): boolean | undefined;
  /** The domain of that name; `undefined` when the type is no domain, or is not known. */
  domain?(typeName: readonly string[]): DomainFacts | undefined;
  /** The tables with a column of that type, domain or enum, or of one built on it. */
  relationsUsingType?(typeName: readonly string[]): readonly RelationName[];
  relationsInSchema?(schema: string): readonly RelationName[];
  /** The table that extended statistics belong to. */
  relationOfStatistics?(name: RelationName): RelationName | undefined;
}

export type RelationKind =
  | 'table'
  | 'partitioned table'
  | 'foreign table'
  | 'view'
  | 'materialized view'
  | 'index'
  | 'sequence';

export interface RelationFacts {
  readonly schema: string;
  readonly name: string;
  readonly kind: RelationKind;
  /** The table of an index, or the one whose column owns a sequence. */
  readonly table?: RelationName;
  readonly columns?: readonly ColumnFacts[];
  readonly constraints?: readonly ConstraintFacts[];
  /** Foreign keys of other tables that point here. */
  readonly referencedBy?: readonly ReferenceFacts[];
  /** Partitions and inheriting tables at every level below. */
  readonly descendants?: readonly RelationName[];
  /** The tables that it is a partition of or inherits from, one level up. */
  readonly parents?: readonly RelationName[];
  readonly defaultPartition?: RelationName;
  /** The relations that a view's or materialized view's query reads, at every level down to tables. */
  readonly reads?: readonly RelationName[];
  /** Views and materialized views, at every level, that fall with it under `cascade`. */
  readonly dependents?: readonly RelationName[];
}

export interface ColumnFacts {
  readonly name: string;
  /** As PostgreSQL's `format_type` writes it: `character varying(20)`, `numeric(10,2)`. */
  readonly type: string;
  /** Every row is known to have a value: a not-null constraint that is not validated does not count. */
  readonly isNotNull: boolean;
  /** The sequence that belongs to it: of a serial or an identity. */
  readonly sequence?: RelationName;
  /** How a generated column is kept. */
  readonly generated?: 'stored' | 'virtual';
}

export interface ConstraintFacts {
  readonly name: string;
  readonly kind: 'primary key' | 'unique' | 'foreign key' | 'check' | 'exclusion' | 'not null';
  readonly columns: readonly string[];
  readonly isValidated: boolean;
  /** The table that a foreign key points to. */
  readonly references?: RelationName;
  /** A check's condition, as `pg_get_expr` writes it. */
  readonly condition?: string;
}

export interface ReferenceFacts {
  readonly relation: RelationName;
  /** The referencing columns. */
  readonly columns: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
}

export type ReferentialAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';

export interface DomainFacts {
  /** As `format_type` writes it. */
  readonly baseType: string;
  readonly hasConstraints: boolean;
}
