/**
 * What single statements of a script have changed in one table, put into one item: a script with a hundred updates
 * keeps one, and what several of them did to one row is one change, of its key too. Rows without a key are told by the
 * digests that they had before.
 */
import type { Session } from '../../database/index.js';
import { numberRows } from './capture.js';
import { joinChains } from './chains.js';
import { countItem, dropItem, type KeepScope, type KeptNow } from './keep-scope.js';
import { keptTable, keptTableName } from './layout.js';
import { isOfSameTable } from './same-table.js';

export async function mergeItems(session: Session, scope: KeepScope): Promise<void> {
  for (const [first, ...others] of runsOf(scope.kept)) {
    if (others.length === 0) {
      continue;
    }
    const [into, names] = [keptTable(keptTableName(first.id)), columnsOf(first).join(', ')];
    await session.run(`
      alter table ${into} add column began pg_catalog.int8, add column ended pg_catalog.int8;
      update ${into} set began = 0, ended = 0`);
    for (const [index, { id }] of others.entries()) {
      const table = keptTable(keptTableName(id));
      await session.run(`
        insert into ${into} (${names}, began, ended) select ${names}, ${index + 1}, ${index + 1} from ${table}`);
      await dropItem(session, scope, id);
    }
    await joinChains(session, keptTableName(first.id), first.layout, Number.POSITIVE_INFINITY);
    await session.run(`alter table ${into} drop column began, drop column ended`);
    if (first.layout.isKeyless) {
      await session.run(numberRows(first.id));
    }
    await countItem(session, scope, first.id);
  }
}

type Run = readonly [KeptNow, ...KeptNow[]];

/** Items alike that follow one another, as far as their table goes. */
function runsOf(kept: readonly KeptNow[]): readonly Run[] {
  const runs: [KeptNow, ...KeptNow[]][] = [];
  for (const item of kept) {
    const last = runs.findLast((run) => isOfSameTable(run[0], item));
    if (last && isAlike(last[0], item)) {
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
    layout.isFull === undefined &&
    (!layout.isKeyless || layout.hasWas === true) &&
    layout.columns.every(({ fresh }) => fresh !== undefined) &&
    JSON.stringify(layout) === JSON.stringify(other.layout)
  );
}

function columnsOf({ layout: { key, columns, isKeyless } }: KeptNow): string[] {
  return [
    ...['gone', 'present', 'marks', 'placed'],
    ...(isKeyless ? ['k1', 'was'] : key.map(({ kept }) => kept)),
    ...columns.flatMap(({ kept, fresh }) => [kept, fresh!]),
  ];
}
