/**
 * A script that gives rows other keys, before rows are put back that the opposite script has changed: kept rows are
 * known by the keys which that one had left, and those by now have others, or are other rows'. Without a key, every
 * change of a row changes what it is known by.
 */
import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import type { KeptItem } from './items.js';
import type { KeepScope, KeptNow } from './keep-scope.js';
import { type KeptColumn, keptTable, keptTableName } from './layout.js';
import { isOfSameTable } from './same-table.js';
import type { TableFacts } from './table-facts.js';
import { columnNow, findTarget } from './target.js';

/** @param items what is to be put back, newest first */
export async function followKeys(
  session: Session,
  scope: KeepScope,
  items: readonly KeptItem[],
): Promise<void> {
  const changed = scope.kept.filter(
    ({ kind, layout }) => kind === 'rows' && (layout.isKeyless || oldKeys(layout, 'd').isChanged !== 'false'),
  );
  if (changed.length === 0) {
    return;
  }
  for (const [index, item] of items.entries()) {
    const target = item.keptTable ? await findTarget(session, item) : undefined;
    if (target && ['rows', 'column'].includes(item.kind)) {
      // A row that a newer item has changed gets its key from that one first.
      const newer = items.slice(0, index).filter((each) => isOfSameTable(each, item) && each.keptTable);
      for (const own of changed.filter(({ oid }) => oid === target.oid)) {
        if (!item.layout.isKeyless && !own.layout.isKeyless) {
          await followItem(session, item, target, own, newer);
        } else if (item.layout.isKeyless && own.layout.isKeyless && newer.length === 0) {
          await followDigests(session, item, target, own);
        }
      }
    }
  }
}

/** Rows alike are interchangeable: as many kept ones follow as the script has changed. */
async function followDigests(
  session: Session,
  item: KeptItem,
  target: TableFacts,
  own: KeptNow,
): Promise<void> {
  if (!isOfSameKey(item, target, own) || own.layout.hasWas === undefined) {
    return;
  }
  const kept = keptTable(item.keptTable!);
  const stays = item.kind === 'rows' ? 'not k.gone' : 'true';
  await session.run(`
    update ${kept} as u set k1 = d.k1
      from (select k.ctid as at, k.k1, pg_catalog.row_number() over (partition by k.k1 order by k.kn) as number
              from ${kept} as k where ${stays}) as k
      join (select d.was, d.k1, pg_catalog.row_number() over (partition by d.was order by d.k1) as number
              from ${keptTable(keptTableName(own.id))} as d where not d.gone) as d
        on d.was = k.k1 and d.number = k.number
     where u.ctid = k.at;
    update ${kept} as u set kn = k.number
      from (select k.ctid as at, pg_catalog.row_number() over (partition by k.k1 order by k.kn) as number
              from ${kept} as k where ${stays}) as k
     where u.ctid = k.at and u.kn <> k.number`);
}

async function followItem(
  session: Session,
  item: KeptItem,
  target: TableFacts,
  own: KeptNow,
  newer: readonly KeptItem[],
): Promise<void> {
  const keys = own.layout.key;
  if (!isOfSameKey(item, target, own)) {
    return;
  }
  const { old, isChanged } = oldKeys(own.layout, 'd');
  const names = item.layout.key.map(({ kept }) => quoteIdentifier(kept));
  const sets = names.map((name, index) => `${name} = d.${keys[index]!.kept}`);
  const on = names.map((name, index) => `k.${name} = ${old[index]}`);
  const isNewers = newer
    .filter(({ kind, layout }) => kind === 'rows' && !layout.isKeyless && layout.key.length === names.length)
    .map((each) => {
      const left = oldKeys(each.layout, 'x').old.map(
        (value, index) => `${value}::pg_catalog.text = k.${names[index]}::pg_catalog.text`,
      );
      return `not exists (select from ${keptTable(each.keptTable!)} as x where not x.gone and ${left.join(' and ')})`;
    });
  const stays = item.kind === 'rows' ? ['not k.gone'] : [];
  await session.run(
    `update ${keptTable(item.keptTable!)} as k set ${sets.join(', ')}
       from ${keptTable(keptTableName(own.id))} as d
      where ${[...on, 'not d.gone', isChanged, ...stays, ...isNewers].join(' and ')}`,
  );
}

function isOfSameKey({ layout }: KeptItem, target: TableFacts, own: KeptNow): boolean {
  const columns = layout.key.map((column) => columnNow(target, column)?.number);
  const keys = own.layout.key;
  return (
    keys.length === columns.length &&
    keys.every(
      ({ number, type, isBuiltIn }, index) =>
        number === columns[index] &&
        type === layout.key[index]!.type &&
        isBuiltIn === layout.key[index]!.isBuiltIn,
    )
  );
}

/** The keys that changed rows had before, and whether they were others. */
function oldKeys(
  { key, columns }: { readonly key: readonly KeptColumn[]; readonly columns: readonly KeptColumn[] },
  alias: string,
): { readonly old: readonly string[]; readonly isChanged: string } {
  const found = key.map(({ number }) =>
    columns.find((column) => column.number === number && column.fresh !== undefined),
  );
  const changed = found.flatMap((column) => (column ? `${alias}.${column.fresh} is not null` : []));
  return {
    old: key.map(({ kept }, index) =>
      found[index] ? `coalesce(${alias}.${found[index].kept}, ${alias}.${kept})` : `${alias}.${kept}`,
    ),
    isChanged: changed.length > 0 ? `(${changed.join(' or ')})` : 'false',
  };
}
