/**
 * Rows that are gone are put in again, and changed values get their old ones back: but only where the value, when
 * the opposite script began, was still what the first script had made of it. What was written later wins.
 */
import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import type { KeptItem } from './items.js';
import {
  columnOf,
  isStored,
  type KeptColumn,
  keptTable,
  keyedTable,
  type Layout,
  nameOf,
  onKey,
  only,
  restoredValue,
  textOfRow,
} from './layout.js';
import { pairRows } from './pair-rows.js';
import { SAME_PLACE, type Steps, type Wins } from './steps.js';
import type { TableFacts } from './table-facts.js';
import { columnNow, columnsThere, insertion, movedColumn, nameNow } from './target.js';

export function rowSteps(item: KeptItem, target: TableFacts, wins: Wins = 'what the script makes'): Steps {
  const { layout } = item;
  const source = keptTable(item.keptTable!);
  const now = nameNow(target);
  const columns = columnsThere(target, layout.columns).filter(
    (column) => !columnNow(target, column)!.isGenerated,
  );
  const changed = columns.filter(({ fresh }) => fresh);
  const mayReturn = (column: KeptColumn): string =>
    mayReturnSql(layout.columns.indexOf(column), column, layout.isFull);
  const holdsOld = (column: KeptColumn): string =>
    isStored('t', columnNow(target, column)!, column, `k.${quoteIdentifier(column.kept)}`);
  // Of rows alike in all else, each gets what it has come from, as they were numbered when the script began.
  const from = keyedTable(target, layout, now, changed.map(now));
  const on = onKey(target, layout, now);
  const table = `${only(target)}${nameOf(target)}`;
  const set = changed
    .map((column) => {
      const is = columnNow(target, column)!;
      const old = restoredValue(is, column, `k.${quoteIdentifier(column.kept)}`);
      return `${quoteIdentifier(is.name)} = case when ${mayReturn(column)} then ${old} else ${columnOf('t', is.name)} end`;
    })
    .join(', ');
  const returnsIn = (column: KeptColumn): string => `(${mayReturn(column)} and not (${holdsOld(column)}))`;
  const returns = changed.map(returnsIn).join(' or ');
  const updates =
    changed.length === 0 || wins === 'nothing'
      ? []
      : layout.isKeyless
        ? [
            (some: string) =>
              `with done as (
                 update ${table} as u set ${set.replaceAll(' else t.', ' else u.')} from ${from} join ${source} as k on ${on}
                  where ${some} and not k.gone and u.ctid = t.plinth_ctid and u.tableoid = t.plinth_table
                    and (${changed.map(mayReturn).join(' or ')})
                 returning k.ctid as at)
               update ${source} as k set placed = true from done where done.at = k.ctid`,
          ]
        : [
            (some: string) =>
              `update ${table} as t set ${set} from ${source} as k
                where ${some} and not k.gone and ${on} and (${returns})`,
          ];
  const isGone = layout.isFull === 'rows' ? '(k.gone or coalesce(k.present, 1) > 0)' : 'k.gone';
  return {
    commands: (some) => [
      ...updates.map((update) => update(some)),
      ...(layout.isKeyless
        ? [...insertMissing(item, target, columns, some, isGone), ...markAsWere(item, target, changed)]
        : putIn(some)),
    ],
    isUnplaced: layout.isKeyless
      ? 'k.placed is not true'
      : `not exists (select from ${table} as t where ${finalMatch()})`,
    reason: 'the row was changed or removed since, or another has its key',
    isWhole: layout.isKeyless,
    ...(updates.length > 0
      ? {
          moves: {
            ...(layout.isKeyless ? { join: `join ${from} on ${on}`, marks: true } : {}),
            where: `not k.gone and ${layout.isKeyless ? SAME_PLACE : on}`,
            set,
            columns: changed.map((column) => movedColumn(target, column, returnsIn(column))),
          },
        }
      : {}),
  };

  /** A row that the script itself has made anew gets the kept values; what is missing is inserted. */
  function putIn(some: string): string[] {
    const values = columns.filter((column) => !layout.key.some(({ name }) => name === column.name));
    const differs = values.map((column) => `not (${holdsOld(column)})`).join(' or ');
    const overwrite = values.map((column) => {
      const is = columnNow(target, column)!;
      return `${quoteIdentifier(is.name)} = ${restoredValue(is, column, `k.${quoteIdentifier(column.kept)}`)}`;
    });
    return [
      ...(values.length > 0 && wins === 'what the script makes'
        ? [
            `update ${table} as t set ${overwrite.join(', ')} from ${source} as k
              where ${some} and k.gone and coalesce(k.present, 0) = 0 and ${on} and (${differs})`,
          ]
        : []),
      insertion(
        target,
        columns,
        `${source} as k where ${some} and ${isGone} and not exists (select from ${table} as t where ${on})`,
      ),
    ];
  }

  /** True when row `t` is what row `k` is to become. */
  function finalMatch(): string {
    const isKept = columns.map((column) =>
      column.fresh
        ? `(case when k.gone or ${mayReturn(column)} then ${holdsOld(column)} else (not (${wasChanged(column)}) or ${holdsOld(column)}) end)`
        : `(not k.gone or ${holdsOld(column)})`,
    );
    return [finalKey(), ...isKept].join(' and ');
  }

  /**
   * The key that the row has in the end: its old one, where the script had changed it and it is put back. Told from the
   * kept row alone, so that a large table need not be gone through for each.
   */
  function finalKey(): string {
    const parts = layout.key.map((key) => {
      const column = changed.find(({ name }) => name === key.name);
      const one = onKey(target, { key: [key], isKeyless: false }, now);
      if (!column) {
        return one;
      }
      const isOld = `not k.gone and ${mayReturn(column)}`;
      const old = onKey(target, { key: [{ ...key, kept: column.kept }], isKeyless: false }, now);
      const [from, to] = [key.kept, column.kept].map((name) => `k.${quoteIdentifier(name)}`);
      return column.type === key.type && column.isBuiltIn === key.isBuiltIn
        ? one.replaceAll(from!, `(case when ${isOld} then ${to} else ${from} end)`)
        : `(case when ${isOld} then ${old} else ${one} end)`;
    });
    return parts.join(' and ');
  }
}

/** Without a key: changed rows are known first by what the script has made of them, then by their numbers. */
export async function pairChanged(
  session: Session,
  { keptTable: kept, layout }: KeptItem,
  target: TableFacts,
  changed: readonly KeptColumn[],
): Promise<void> {
  const now = nameNow(target);
  if (changed.length > 0) {
    await pairRows(session, keptTable(kept!), keyedTable(target, layout, now, changed.map(now)), {
      there: changed.map((column) => columnOf('t', now(column))),
      kept: changed.map(({ fresh }) => `k.${quoteIdentifier(fresh!)}`),
      where: 'not k.gone',
    });
  }
}

function wasChanged({ kept, fresh }: KeptColumn): string {
  return `k.${quoteIdentifier(kept)}::pg_catalog.text is distinct from k.${quoteIdentifier(fresh!)}::pg_catalog.text`;
}

/** True while nobody has written the value since. */
function isMarkedSql(index: number): string {
  return `coalesce(k.marks[${index + 1}], true)`;
}

/** True when the script had changed the value, and nobody has since. */
function mayReturnSql(index: number, column: KeptColumn, isFull: Layout['isFull']): string {
  const isMarked = isMarkedSql(index);
  return isFull ? isMarked : `(${wasChanged(column)} and ${isMarked})`;
}

/**
 * Without a key: changed rows that are not found by what the script had made of them, but are as they were, are placed.
 * That can be told by the digests that they had, or where all values of the row are known.
 */
function markAsWere(
  { keptTable: kept, layout }: KeptItem,
  target: TableFacts,
  changed: readonly KeptColumn[],
): string[] {
  const stored = target.columns.filter(({ isGenerated }) => !isGenerated);
  const isWhole = layout.isFull !== undefined && changed.length > 0 && changed.length === stored.length;
  if (!layout.hasWas && !isWhole) {
    return [];
  }
  const source = keptTable(kept!);
  const were = layout.hasWas
    ? 'k.was'
    : textOfRow(changed.map((column) => `k.${quoteIdentifier(column.kept)}`));
  const are = layout.hasWas
    ? 't.plinth_k1'
    : textOfRow(changed.map((column) => columnOf('t', columnNow(target, column)!.name)));
  const isMarked = changed.map((column) => {
    const isLeft = isMarkedSql(layout.columns.indexOf(column));
    return layout.isFull === undefined ? `(${isLeft} or not (${wasChanged(column)}))` : isLeft;
  });
  return [
    `update ${source} as u set placed = true
       from (select k.ctid as at, k.placed, (${isMarked.join(' and ') || 'true'}) as returns, ${were} as held,
                    pg_catalog.row_number() over (partition by ${were} order by k.placed desc) as number
               from ${source} as k where not k.gone) as k
       join (select ${are} as held, count(*) as rows from ${keyedTable(target, layout, nameNow(target))} group by 1) as there
         on there.held = k.held and k.number <= there.rows
      where u.ctid = k.at and k.placed is not true and k.returns`,
  ];
}

/** Without a key: of equal rows, as many as the script has not made anew itself. */
function insertMissing(
  { keptTable: kept, layout }: KeptItem,
  target: TableFacts,
  columns: readonly KeptColumn[],
  some: string,
  isGone: string,
): string[] {
  const source = keptTable(kept!);
  const now = nameNow(target);
  const table = keyedTable(target, layout, now);
  const isLeft = `${some} and ${isGone} and k.placed is not true`;
  return [
    `update ${source} as k set placed = true
        from (select t.plinth_k1 as k1, count(*) as rows from ${table} group by 1) as there
       where ${isLeft} and there.k1 = k.k1 and k.kn <= there.rows - coalesce(k.present, 0)`,
    insertion(target, columns, `${source} as k where ${isLeft}`),
    `update ${source} as k set placed = true where ${isLeft}`,
  ];
}
