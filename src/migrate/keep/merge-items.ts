/**
 * What single statements of a script have changed in one table, put into one item: a script with a hundred updates
 * keeps one, and values that rows have of each other are put back at once. Rows must be told by keys that stay; of one
 * that several statements have changed, each value is kept by one of them alone (see settle.ts).
 */
import type { Session } from '../../database/index.js';
import { removeItem, setKeptTable } from './items.js';
import { forgetItem, type KeepScope, type KeptNow } from './keep-scope.js';
import { keptTable, keptTableName } from './layout.js';
import { isOfSameTable } from './same-table.js';

export async function mergeItems(session: Session, scope: KeepScope): Promise<void> {
  for (const run of runsOf(scope.kept)) {
    const [first, ...others] = run;
    if (others.length > 0 && (await canBeOne(session, run))) {
      const [into, names] = [keptTable(keptTableName(first!.id)), columnsOf(first!).join(', ')];
      for (const { id } of others) {
        const table = keptTable(keptTableName(id));
        await session.run(`${addTo(first!, into, table)};
          insert into ${into} (${names}) select ${names} from ${table} as y
           where not exists (select from ${into} as x where ${sameKey(first!)});
          drop table ${table}`);
        await removeItem(session, id);
        forgetItem(scope, id);
      }
      const [count] = await session.query<{ rows: number }>(`select count(*)::float8 as rows from ${into}`);
      await setKeptTable(session, first!.id, keptTableName(first!.id), count!.rows);
    }
  }
}

/** Items alike that follow one another, as far as their table goes. */
function runsOf(kept: readonly KeptNow[]): readonly (readonly KeptNow[])[] {
  const runs: KeptNow[][] = [];
  for (const item of kept) {
    const last = runs.findLast((run) => isOfSameTable(run[0]!, item));
    if (last && isAlike(last[0]!, item)) {
      last.push(item);
    } else {
      runs.push([item]);
    }
  }
  return runs;
}

function isAlike(one: KeptNow, other: KeptNow): boolean {
  const { layout, oid, kind } = one;
  return (
    kind === 'rows' &&
    other.kind === 'rows' &&
    oid === other.oid &&
    !layout.isKeyless &&
    layout.isFull === undefined &&
    layout.columns.every(({ fresh }) => fresh !== undefined) &&
    JSON.stringify(layout) === JSON.stringify(other.layout)
  );
}

async function canBeOne(session: Session, items: readonly KeptNow[]): Promise<boolean> {
  const { key, columns } = items[0]!.layout;
  const keys = key.map(({ kept }) => kept);
  const movedKeys = columns
    .filter(({ number }) => key.some((each) => each.number === number))
    .map(({ fresh }) => `${fresh} is not null`);
  const moves = `(not gone and (${['false', ...movedKeys].join(' or ')}))`;
  const all = items.map(
    ({ id }) => `select ${keys.join(', ')}, gone, ${moves} as moves from ${keptTable(keptTableName(id))}`,
  );
  const [found] = await session.query<{ not: boolean }>(
    `select exists (
       select from (${all.join(' union all ')}) as k
        group by ${keys.join(', ')} having bool_or(moves) or (count(*) > 1 and bool_or(gone))) as not`,
  );
  return !found!.not;
}

/** The values of rows that both have. */
function addTo(item: KeptNow, into: string, table: string): string {
  const sets = item.layout.columns.flatMap(({ kept, fresh }) =>
    [kept, fresh!].map(
      (name) =>
        `${name} = case when y.${kept} is null and y.${fresh} is null then x.${name} else y.${name} end`,
    ),
  );
  return `update ${into} as x set ${sets.join(', ')} from ${table} as y where ${sameKey(item)}`;
}

function sameKey({ layout: { key } }: KeptNow): string {
  return key.map(({ kept }) => `x.${kept} = y.${kept}`).join(' and ');
}

function columnsOf({ layout: { key, columns } }: KeptNow): string[] {
  return [
    ...['gone', 'present', 'marks', 'placed'],
    ...key.map(({ kept }) => kept),
    ...columns.flatMap(({ kept, fresh }) => [kept, fresh!]),
  ];
}
