/** Where the rows come from that a proof works with. */
import type { Session } from '../database/index.js';

export interface Unfilled {
  /** `schema.name` */
  readonly table: string;
  readonly reason: string;
}

export interface Filler {
  /** Puts rows into every table that has none; tells which it could not. */
  fill(session: Session): Promise<readonly Unfilled[]>;
  /** Writes more rows into tables, and values into columns that rows of before have none in. */
  write(session: Session, places: WrittenPlaces): Promise<void>;
}

export interface WrittenPlaces {
  /** `schema.name` */
  readonly tables: readonly string[];
  readonly newColumns: readonly {
    readonly schema: string;
    readonly table: string;
    readonly column: string;
  }[];
}
