/** Where the rows come from that a proof works with. */
import type { Session } from '../database/index.js';
import type { SchemaModel } from '../schema/index.js';

export interface Unfilled {
  /** `schema.name` */
  readonly table: string;
  readonly reason: string;
}

/** What rows are to be like, where those of any kind do not do. */
export interface RowKind {
  /** A schema whose demands they meet too. */
  readonly meets: SchemaModel;
  readonly withoutNulls: boolean;
  /** The type, as PostgreSQL's messages call it, that reads every text. */
  readonly textsAs?: string;
}

export interface Filler {
  /** Puts rows into every table that has none; tells which it could not. */
  fill(session: Session, kind?: RowKind): Promise<readonly Unfilled[]>;
  /** Writes more rows into tables, and changes and deletes some of those that are there. */
  write(session: Session, places: WrittenPlaces, kind?: RowKind): Promise<void>;
}

export interface WrittenPlaces {
  /** The schema as it is. */
  readonly schema: SchemaModel;
  /** `schema.name` */
  readonly tables: ReadonlySet<string>;
  /** Those of which rows may be changed and deleted too. */
  readonly touched: ReadonlySet<string>;
}
