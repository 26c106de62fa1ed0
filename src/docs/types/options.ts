/** The forms that the types of a schema can be written in. */
export const TYPE_STYLES = ['typescript', 'kysely', 'zod'] as const;
export type TypeStyle = (typeof TYPE_STYLES)[number];

/** Where a JSON column's type is declared. */
export interface JsonType {
  /** The exported type's name. */
  readonly type: string;
  /** The module that exports it, as the generated file imports it. */
  readonly from: string;
}

export interface TypeOptions {
  /** `typescript` unless told. */
  readonly style?: TypeStyle;
  /**
   * Ids of different tables are different types. Off unless told: an id that comes from outside, such as from a
   * request, must then be asserted to be one.
   */
  readonly brandedIds?: boolean;
  /** What the driver gives for `bigint`; `string` unless told, which is what node-postgres gives by itself. */
  readonly bigints?: 'string' | 'bigint' | 'number';
  /** The types of JSON columns, by `schema.table.column`; `Json` for all others. */
  readonly json?: ReadonlyMap<string, JsonType>;
  /**
   * The driver turns composite types, and arrays of types that the schema defines, into objects and arrays. Off unless
   * told: node-postgres gives their text.
   */
  readonly parsesOwnTypes?: boolean;
}
