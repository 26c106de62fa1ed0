import type { ModelDraft } from './draft.js';

/** How one kind of object gets from the catalogue into the model: a query and what becomes of each of its rows. */
export interface CatalogKind<Row extends object = object> {
  /**
   * The query's file in this folder, without `.sql`. Its parameter is the list of the schemas' oids. A kind that most
   * databases have not is in `populated.sql` as well, under this name.
   */
  readonly query: string;
  /** The first major version that has such objects. */
  readonly since?: number;
  /**
   * True for what belongs to the database and not to a schema: left out when only some schemas are read, and its
   * query has no parameter.
   */
  readonly databaseWide?: boolean;
  readonly add: (row: Row, draft: ModelDraft) => void;
}

/** Names the row type of a kind and takes it out of the kind's own type, so that kinds fit in one list. */
export function catalogKind<Row extends object>(kind: CatalogKind<Row>): CatalogKind {
  return kind as CatalogKind<never> as CatalogKind;
}
