/** What a statement lost, seen from the rows: every value of every table before it, looked for after it. */
import type pg from 'pg';

/** The columns of one relation with all their values, as text, sorted. */
interface Contents {
  readonly oid: string;
  readonly relation: string;
  readonly isSequence: boolean;
  /** By the column's number, which a rename leaves alone. */
  readonly columns: Readonly<Record<string, readonly (string | null)[]>>;
}

/** `schema.name` of a relation, and what of it is gone. */
export interface Loss {
  readonly relation: string;
  readonly what: 'relation' | 'column' | 'values';
}

/** Makes the function that reads all contents; it lives in a schema of its own. */
export const CONTENTS_SETUP = `
  create schema probe;
  create function probe.contents() returns table (oid text, relation text, "isSequence" boolean, columns json) language plpgsql as $$
  declare
    r record;
    fields text;
  begin
    for r in
      select c.oid, c.relkind, n.nspname, c.relname
      from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
      where nspname in ('public', 'app') and relkind in ('r', 'p', 'm', 'S') and (relkind <> 'm' or relispopulated)
    loop
      select string_agg(format('%s, (select json_agg(v order by v) from (select %I::text as v from only %I.%I) as x)',
                               a.attnum, a.attname, r.nspname, r.relname), ', ')
        into fields
        from pg_attribute as a
       where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
         and (r.relkind <> 'S' or a.attname = 'last_value');
      oid := r.oid;
      relation := r.nspname || '.' || r.relname;
      "isSequence" := r.relkind = 'S';
      execute format('select json_build_object(%s)', fields) into columns;
      return next;
    end loop;
  end $$;
`;

export async function readContents(client: pg.Client): Promise<readonly Contents[]> {
  const { rows } = await client.query<Contents>('select * from probe.contents()');
  return rows;
}

export function lossesBetween(before: readonly Contents[], after: readonly Contents[]): readonly Loss[] {
  const later = new Map(after.map((contents) => [contents.oid, contents]));
  return before.flatMap(({ oid, relation, isSequence, columns }): readonly Loss[] => {
    const now = later.get(oid);
    if (now === undefined) {
      return [{ relation, what: 'relation' }];
    }
    return Object.entries(columns).flatMap(([number, values]): readonly Loss[] => {
      const left = now.columns[number];
      if (left === undefined) {
        return [{ relation, what: 'column' }];
      }
      // A sequence that has moved on has lost nothing.
      const isKept = isSequence
        ? Number(left[0]) >= Number(values[0])
        : isContained(values ?? [], left ?? []);
      return isKept ? [] : [{ relation, what: 'values' }];
    });
  });
}

/** Every value of `before` is among those of `after`, as often as before. */
function isContained(before: readonly (string | null)[], after: readonly (string | null)[]): boolean {
  const counts = new Map<string | null, number>();
  for (const value of after) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return before.every((value) => {
    const count = counts.get(value) ?? 0;
    counts.set(value, count - 1);
    return count > 0 || value === null;
  });
}
