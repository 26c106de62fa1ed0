import type { ObjectAddress } from '../schema/index.js';

/** An object that only one of the models has. Its parts are in it, and are not listed again. */
export interface ObjectPresence {
  readonly address: ObjectAddress;
  /** The object as it stands in its model. */
  readonly object: object;
}

export interface PropertyChange {
  readonly property: string;
  /** `undefined` where PostgreSQL's default holds. */
  readonly before: unknown;
  readonly after: unknown;
}

/** An object that both models have, with other properties. Changes of its parts are changes of their own. */
export interface ObjectChange {
  readonly address: ObjectAddress;
  /** In code-unit order of the properties' names. */
  readonly properties: readonly PropertyChange[];
  /** The object as it stands in the first model, and in the second. */
  readonly before: object;
  readonly after: object;
}

/** Columns (or attributes of a type) that both models have in another order. */
export interface OrderChange {
  /** The table, view or type. */
  readonly address: ObjectAddress;
  /** The fewest columns that must move to get from one order to the other. */
  readonly moved: readonly string[];
  /** The columns that both have, in the first model's order and in the second's. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What leads from one model to the other. Every list is in the order of the models. */
export interface SchemaDiff {
  /** True when the models are equal in all that counts. */
  readonly isEmpty: boolean;
  readonly added: readonly ObjectPresence[];
  readonly removed: readonly ObjectPresence[];
  readonly changed: readonly ObjectChange[];
  readonly reordered: readonly OrderChange[];
}
