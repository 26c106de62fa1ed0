/**
 * Rows without a key that are alike in all that they are known by: each kept row is numbered like the row of the table
 * that holds the values which are looked for, and the rest goes by the order in between.
 */
import type { Session } from '../../database/index.js';
import { textOfRow } from './layout.js';

export interface Pairing {
  /** Values of row `t` of the table. */
  readonly there: readonly string[];
  /** Those that row `k` of the kept table looks for. */
  readonly kept: readonly string[];
  /** Which rows `k` are numbered; all of them unless given. */
  readonly where?: string;
  /** What else is set of them: `numbered.is_paired` tells those that were found. */
  readonly marks?: string;
}

/**
 * @param source the kept table, with `k1` and `kn`
 * @param from the table, with a number among equals, as `keyedTable` gives it
 */
export async function pairRows(
  session: Session,
  source: string,
  from: string,
  { there, kept, where = 'true', marks = '' }: Pairing,
): Promise<void> {
  const nth = 'pg_catalog.row_number() over (partition by k1, held order by kn)';
  await session.run(`
    with there as (
      select a.*, ${nth} as nth
        from (select t.plinth_k1 as k1, t.plinth_kn as kn, ${textOfRow(there)} as held from ${from}) as a
    ),
    were as (
      select a.*, ${nth} as nth
        from (select k.ctid as at, k.k1, k.kn, ${textOfRow(kept)} as held from ${source} as k where ${where}) as a
    ),
    paired as (
      select were.at, there.kn as place, were.k1, were.kn, there.kn is not null as is_paired
        from were left join there on there.k1 = were.k1 and there.held = were.held and there.nth = were.nth
    ),
    free as (
      select k1, kn, pg_catalog.row_number() over (partition by k1 order by kn) as nth
        from there
       where not exists (
         select from paired where is_paired and paired.k1 = there.k1 and paired.place = there.kn)
    ),
    rest as (
      select at, k1, pg_catalog.row_number() over (partition by k1 order by kn) as nth from paired where not is_paired
    ),
    numbered as (
      select at, place as kn, true as is_paired from paired where is_paired
       union all
      select rest.at, free.kn, false from rest left join free on free.k1 = rest.k1 and free.nth = rest.nth
    )
    update ${source} as k set kn = numbered.kn${marks} from numbered where numbered.at = k.ctid`);
}
