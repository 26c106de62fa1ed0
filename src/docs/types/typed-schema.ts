/** A schema as the types of a program: what each style writes in its own way. */
import type { TypePair } from './scalars.js';

export interface TypedSchema {
  /** Declared types in an order in which each comes after those that it names. */
  readonly declarations: readonly Declaration[];
  readonly entities: readonly TypedEntity[];
  /** What the types of JSON columns are imported from: names by module. */
  readonly imports: ReadonlyMap<string, readonly string[]>;
}

/** An enum, a domain, a composite type or a branded id. */
export type Declaration =
  | {
      readonly kind: 'union';
      readonly name: string;
      readonly values: readonly string[];
      readonly doc?: string;
    }
  | { readonly kind: 'alias'; readonly name: string; readonly type: TypePair; readonly doc?: string }
  | { readonly kind: 'brand'; readonly name: string; readonly type: TypePair; readonly brand: string }
  | {
      readonly kind: 'object';
      readonly name: string;
      readonly fields: readonly { readonly name: string; readonly type: TypePair; readonly doc?: string }[];
      readonly doc?: string;
    };

/** A table, or a view, which is only read. */
export interface TypedEntity {
  readonly schema: string;
  readonly table: string;
  /** The beginning of its types' names. */
  readonly name: string;
  readonly isWritable: boolean;
  readonly fields: readonly TypedField[];
  readonly doc?: string;
}

export interface TypedField {
  readonly name: string;
  readonly type: TypePair;
  readonly nullable: boolean;
  /** The database computes it: it is in no insert and no update. */
  readonly isComputed: boolean;
  /** An insert may leave it out. */
  readonly hasDefault: boolean;
  readonly doc?: string;
}

/** The identity of a column in maps. Identifiers cannot hold the null character. */
export function columnKey(schema: string, table: string, column: string): string {
  return `${schema}\0${table}\0${column}`;
}
