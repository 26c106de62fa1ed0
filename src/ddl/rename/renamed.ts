import type { ObjectAddress, SchemaModel } from '../../schema/index.js';

export interface Rename {
  /** The old name from the outside in: `['public', 'users']`, `['public', 'users', 'email']`; one part for a schema. */
  readonly path: readonly string[];
  /** The new name, without what it is in. */
  readonly to: string;
}

export interface Renamed {
  readonly model: SchemaModel;
  readonly statements: readonly { readonly text: string; readonly about: ObjectAddress }[];
}

export interface RenamedOnce {
  readonly model: SchemaModel;
  readonly statement: Renamed['statements'][number];
}
