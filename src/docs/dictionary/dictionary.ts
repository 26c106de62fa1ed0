/**
 * The dictionary: the schema model as a reader asks about it. A table knows who refers to it, a field knows its rules,
 * its values and an example. Pages are rendered from it, and `dictionary.json` is it.
 */

/** The version of the dictionary's JSON form; it grows when a reader of the older form would misread the new one. */
export const DICTIONARY_FORMAT = 1;

export interface Dictionary {
  readonly kind: 'dictionary';
  readonly format: typeof DICTIONARY_FORMAT;
  readonly schemas: readonly DictionarySchema[];
}

/** A schema that holds something; its lists are in the model's order. */
export interface DictionarySchema {
  readonly name: string;
  readonly meaning?: string;
  readonly entities: readonly Entity[];
  readonly types: readonly TypeEntry[];
  readonly routines: readonly RoutineEntry[];
}

/** A table or a view. */
export interface Entity {
  readonly kind: 'table' | 'partitioned table' | 'foreign table' | 'view' | 'materialized view';
  readonly schema: string;
  readonly name: string;
  /** Its own page, from the folder of the documents. */
  readonly page: string;
  readonly meaning?: string;
  /** About how many rows it has; only where the caller has given it. */
  readonly rowEstimate?: number;
  readonly fields: readonly Field[];
  readonly primaryKey?: KeyEntry;
  readonly uniqueKeys: readonly KeyEntry[];
  readonly checks: readonly CheckEntry[];
  readonly exclusions: readonly {
    readonly name: string;
    readonly definition: string;
    readonly meaning?: string;
  }[];
  /** Its foreign keys. */
  readonly references: readonly Relationship[];
  /** The foreign keys that lead to it, by table and name. */
  readonly referencedBy: readonly Relationship[];
  readonly indexes: readonly IndexEntry[];
  readonly triggers: readonly {
    readonly name: string;
    readonly definition: string;
    readonly meaning?: string;
  }[];
  readonly policies: readonly PolicyEntry[];
  /** Its policies are in force. */
  readonly rowSecurity?: true;
  /** Strategy and key; the partitions themselves come and go, and are not listed. */
  readonly partitionBy?: string;
  readonly inherits?: readonly string[];
  /** The query of a view. */
  readonly definition?: string;
}

export interface Field {
  readonly name: string;
  /** As PostgreSQL writes it in full. */
  readonly type: string;
  readonly nullable: boolean;
  readonly default?: string;
  readonly identity?: 'always' | 'by default';
  readonly generated?: { readonly expression: string; readonly storage: 'stored' | 'virtual' };
  /** Its place in the primary key, from 1. */
  readonly primaryKeyPosition?: number;
  /** It alone is a unique key. */
  readonly unique?: true;
  /** The tables that it leads to, as `schema.table`. */
  readonly references: readonly string[];
  /** The checks that read this field only. */
  readonly checks: readonly CheckEntry[];
  /** All values that it can have, where its type or a check lists them. */
  readonly values?: readonly string[];
  readonly meaning?: string;
  /** Only where the caller has given classes. */
  readonly classification?: string;
  /** A made-up value that it takes, as text; never read from a row. */
  readonly example?: string;
}

export interface KeyEntry {
  readonly name: string;
  readonly fields: readonly string[];
  readonly meaning?: string;
}

export interface CheckEntry {
  readonly name: string;
  readonly expression: string;
  readonly meaning?: string;
}

/** A foreign key, from the referring fields to those that are referred to. */
export interface Relationship {
  readonly name: string;
  readonly from: { readonly schema: string; readonly table: string; readonly fields: readonly string[] };
  readonly to: { readonly schema: string; readonly table: string; readonly fields: readonly string[] };
  /** How many rows on the referring side one referred row can have. */
  readonly cardinality: 'one' | 'many';
  /** The referring fields may be null. */
  readonly optional: boolean;
  readonly onDelete?: string;
  readonly onUpdate?: string;
  /** It is written down only, and never checked. */
  readonly notEnforced?: true;
  readonly meaning?: string;
}

export interface IndexEntry {
  readonly name: string;
  readonly method: string;
  readonly keys: readonly string[];
  readonly include?: readonly string[];
  readonly predicate?: string;
  readonly unique?: true;
  /** The kind of constraint that owns it. */
  readonly constraint?: string;
  /** The queries it is there for: its comment, or that of its constraint. */
  readonly serves?: string;
}

export interface PolicyEntry {
  readonly name: string;
  readonly command: string;
  readonly roles: readonly string[];
  readonly restrictive?: true;
  readonly using?: string;
  readonly withCheck?: string;
  readonly meaning?: string;
}

export interface TypeEntry {
  readonly kind: 'enum' | 'composite type' | 'domain' | 'range' | 'base type';
  readonly name: string;
  /** What it is made of: its labels, attributes, base type or subtype, as one line. */
  readonly definition: string;
  readonly meaning?: string;
}

export interface RoutineEntry {
  readonly kind: string;
  /** Name and identity arguments. */
  readonly signature: string;
  readonly result?: string;
  readonly meaning?: string;
}

/** What a dictionary says beyond the model. Everything may be left out. */
export interface DictionaryExtras {
  /** The class of each column, by `schema.table.column`; with it, the pages have a column for it. */
  readonly classification?: ReadonlyMap<string, string>;
  /** Example values that are better than the made-up ones, by `schema.table.column`. */
  readonly examples?: ReadonlyMap<string, string>;
  /** About how many rows each table has, by `schema.table`. It changes from day to day: not for committed pages. */
  readonly rowEstimates?: ReadonlyMap<string, number>;
  /** Mermaid text for tables' pages instead of the plain diagram of neighbours, by `schema.table`. */
  readonly diagrams?: ReadonlyMap<string, string>;
}
