/** What a database holds beside rows: how far sequences have counted, and which materialized views have contents. */
import { readPackageFile } from '../../core/index.js';

export interface BesideRows {
  /** By `schema.name`; those that begin anew at their end are left out. */
  readonly sequences: Readonly<Record<string, CountedSequence>>;
  /** Whether a materialized view has contents, by `schema.name`. */
  readonly views: Readonly<Record<string, boolean>>;
}

export interface CountedSequence {
  /** The last number that it has given out, a 64-bit number as text; `null` where it has given out none. */
  readonly last: string | null;
  readonly ascends: boolean;
}

/** Gives one text, to be read by `besideRowsOf`. */
export const BESIDE_ROWS: string = readPackageFile('src/prove/fingerprint/beside-rows.sql').replace(
  /^--.*\n/gm,
  '',
);

export function besideRowsOf(text: string): BesideRows {
  return JSON.parse(text) as BesideRows;
}

/** The sequences that would give out numbers again, by `schema.name`. */
export function sequencesSetBack(before: BesideRows, after: BesideRows): readonly string[] {
  return Object.entries(before.sequences).flatMap(([name, was]) => {
    const is = after.sequences[name];
    return is && isBehind(was, is) ? [name] : [];
  });
}

function isBehind({ last: was, ascends }: CountedSequence, { last: is }: CountedSequence): boolean {
  if (was === null || is === null) {
    return was !== is && was !== null;
  }
  return ascends ? BigInt(is) < BigInt(was) : BigInt(is) > BigInt(was);
}

/** The materialized views that have no contents any more, by `schema.name`. */
export function viewsEmptied(before: BesideRows, after: BesideRows): readonly string[] {
  return Object.keys(before.views).filter((name) => before.views[name] && after.views[name] === false);
}
