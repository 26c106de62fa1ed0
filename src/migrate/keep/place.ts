/** Puts one kept item back into its table. */
import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import { endCapture, startCapture } from './capture.js';
import { intentOf } from './intents.js';
import type { KeptItem } from './items.js';
import type { KeepScope } from './keep-scope.js';
import { keylessColumnSteps } from './keyless-columns.js';
import {
  digestOf,
  type KeptColumn,
  keptTable,
  keyedTable,
  nameOf,
  onKey,
  only,
  restoredValue,
} from './layout.js';
import { dropMoved, moveAside, NOT_MOVED } from './move-aside.js';
import { mayReach } from './own-rows.js';
import { type Attempt, placeParts, runAll } from './place-parts.js';
import { placeSequence } from './place-sequence.js';
import { quietly } from './quiet.js';
import { refusalOf } from './refusal.js';
import { pairChanged, rowSteps } from './row-steps.js';
import type { Moves, Placed, Steps, Wins } from './steps.js';
import type { TableFacts } from './table-facts.js';
import {
  assignments,
  columnNow,
  columnsThere,
  differences,
  findTarget,
  insertion,
  movedColumn,
  nameNow,
} from './target.js';

/** How an item is put back where it cannot be done in one go. */
export interface PlacingWays {
  /** With it, rows that cannot be placed are parted from those that can; without it, they fail as a whole. */
  readonly bisect?: Attempt;
  /** Rows that get unique values are moved out of each other's way. */
  readonly movesAside?: boolean;
}

export async function placeItem(
  session: Session,
  scope: KeepScope,
  item: KeptItem,
  ways: PlacingWays = {},
): Promise<Placed> {
  if (item.kind === 'sequence') {
    return placeSequence(session, item);
  }
  const target = await findTarget(session, item);
  if (target === undefined || item.keptTable === undefined) {
    return { placed: 0, unplaced: item.rows, reason: 'the table is not there' };
  }
  const columns = columnsThere(target, item.layout.columns);
  if (columns.length === 0 && item.layout.columns.length > 0) {
    return { placed: 0, unplaced: item.rows, reason: `${labelOf(item.layout.columns)} not there` };
  }
  const unknown = item.kind === 'table' ? [] : item.layout.key.filter((column) => !columnNow(target, column));
  if (unknown.length > 0) {
    return {
      placed: 0,
      unplaced: item.rows,
      reason: `${labelOf(unknown)} not there, which told the rows apart`,
    };
  }
  return quietly(session, target, () =>
    captured(session, scope, target, () =>
      placeInto(session, item, target, columns, winsOver(scope, item), ways),
    ),
  );
}

/** What the item's values win over. A script that was changed since the data was kept means the rows that it makes. */
function winsOver({ script, superseded }: KeepScope, { id, layout }: KeptItem): Wins {
  if (superseded.has(id)) {
    return 'nothing';
  }
  const isEdited =
    layout.opposite !== undefined && script.meaning !== undefined && layout.opposite !== script.meaning;
  return isEdited ? 'its own changes' : 'what the script makes';
}

/**
 * Where this script has changed rows of the table itself, or may do so yet, those that are put back are one more change
 * of its own: the opposite script sees from it which value is still the one that this script has left, and what it was.
 */
async function captured<T>(
  session: Session,
  scope: KeepScope,
  target: TableFacts,
  work: () => Promise<T>,
): Promise<T> {
  const hasChanged = scope.kept.some(({ oid, kind }) => kind === 'rows' && oid === target.oid);
  const mayChange = scope.following.map(intentOf).some((intent) => intent && mayReach(intent, target));
  if (target.isNew || (!hasChanged && !mayChange)) {
    return work();
  }
  const statement = scope.statements.at(-1)?.index ?? 0;
  const capture = await startCapture(session, scope, statement, target, []);
  const result = await work();
  await endCapture(session, scope, capture);
  return result;
}

function labelOf(columns: readonly KeptColumn[]): string {
  const names = columns.map(({ name }) => name).join(', ');
  return columns.length === 1 ? `the column ${names} is` : `the columns ${names} are`;
}

async function placeInto(
  session: Session,
  item: KeptItem,
  target: TableFacts,
  columns: readonly KeptColumn[],
  wins: Wins,
  { bisect, movesAside = false }: PlacingWays,
): Promise<Placed> {
  const kept = keptTable(item.keptTable!);
  const steps = await stepsOf(session, item, target, columns, wins);
  let failure: unknown;
  if (movesAside && steps.moves) {
    await moveAside(session, target, kept, steps.moves);
    await runAll(session, steps.commands(NOT_MOVED));
    await dropMoved(session, kept);
  } else if (bisect === undefined) {
    await runAll(session, steps.commands('true'));
  } else {
    failure = await placeParts(session, kept, steps, bisect);
  }
  const missing = item.layout.columns.filter((column) => !columns.includes(column));
  const isPartial =
    missing.length > 0 &&
    (await countOf(
      session,
      `${kept} as k where ${missing.map((column) => `k.${quoteIdentifier(column.kept)} is not null`).join(' or ')}`,
    )) > 0;
  const total = await countOf(session, `${kept} as k`);
  const unplaced = await countOf(session, `${kept} as k where ${steps.isUnplaced}`);
  const outcome = { placed: total - unplaced, table: target.oid };
  if (unplaced === 0 && !isPartial) {
    await session.run(`drop table ${kept}`);
    return { ...outcome, unplaced: 0, reason: undefined };
  }
  if (isPartial) {
    return { ...outcome, unplaced: Math.max(total, 1), reason: `${labelOf(missing)} not there` };
  }
  await session.run(`delete from ${kept} as k where not (${steps.isUnplaced})`);
  const reason = failure === undefined ? steps.reason : refusalOf(failure);
  return { ...outcome, unplaced, reason };
}

async function countOf(session: Session, from: string): Promise<number> {
  const [row] = await session.query<{ rows: number }>(`select count(*)::float8 as rows from ${from}`);
  return row!.rows;
}

async function stepsOf(
  session: Session,
  item: KeptItem,
  target: TableFacts,
  columns: readonly KeptColumn[],
  wins: Wins,
): Promise<Steps> {
  switch (item.kind) {
    case 'table':
      return item.layout.isKeyless || !hasKey(item, target)
        ? multisetSteps(session, item, target, columns)
        : tableSteps(item, target, columns, wins);
    case 'rows':
      if (item.layout.isKeyless) {
        const changed = columns.filter((column) => column.fresh && !columnNow(target, column)!.isGenerated);
        await pairChanged(session, item, target, changed);
      }
      return rowSteps(item, target, wins);
    default: {
      const written = columns.filter((column) => !columnNow(target, column)!.isGenerated);
      return item.layout.isKeyless && written.length > 0
        ? keylessColumnSteps(session, item, target, written, wins)
        : columnSteps(item, target, written, wins);
    }
  }
}

function hasKey({ layout }: KeptItem, target: TableFacts): boolean {
  return layout.key.every((column) => columnNow(target, column));
}

/** Dropped columns: the kept value wins over what the script put there. */
function columnSteps(
  { layout, keptTable: kept }: KeptItem,
  target: TableFacts,
  written: readonly KeptColumn[],
  wins: Wins,
): Steps {
  const now = nameNow(target);
  const table = `${only(target)}${nameOf(target)}`;
  const from = keyedTable(target, layout, now);
  const on = onKey(target, layout, now);
  const set = assignments(target, written);
  const differs = differences(target, written, 't');
  const source = keptTable(kept!);
  const isSet = written.length > 0 && wins !== 'nothing';
  return {
    commands: (some) =>
      isSet
        ? [`update ${table} as t set ${set} from ${source} as k where ${some} and ${on} and (${differs})`]
        : [],
    isUnplaced: `not exists (select from ${from} where ${on}${written.length > 0 ? ` and not (${differs})` : ''})`,
    reason: 'the row is not there',
    isWhole: false,
    ...(isSet ? { moves: movesOf(target, written, on, set) } : {}),
  };
}

function movesOf(target: TableFacts, columns: readonly KeptColumn[], where: string, set: string): Moves {
  return {
    where,
    set,
    columns: columns.map((column) => movedColumn(target, column, `(${differences(target, [column], 't')})`)),
  };
}

/** A dropped table whose rows have a key: where the script has made the row anew, the kept one wins. */
function tableSteps(item: KeptItem, target: TableFacts, columns: readonly KeptColumn[], wins: Wins): Steps {
  const { layout } = item;
  const now = nameNow(target);
  const written = columns.filter((column) => !columnNow(target, column)!.isGenerated);
  const isKey = (column: KeptColumn): boolean => layout.key.some(({ name }) => name === column.name);
  const values = written.filter((column) => !isKey(column));
  const on = onKey(target, layout, now);
  const table = `${only(target)}${nameOf(target)}`;
  const there = `select from ${table} as t where ${on}`;
  const differs = differences(target, values, 't');
  const source = keptTable(item.keptTable!);
  return {
    commands: (some) => [
      ...(values.length > 0 && wins === 'what the script makes'
        ? [
            `update ${table} as t set ${assignments(target, values)} from ${source} as k where ${some} and ${on} and (${differs})`,
          ]
        : []),
      insertion(target, written, `${source} as k where ${some} and not exists (${there})`),
    ],
    isUnplaced: `not exists (${there}${values.length > 0 ? ` and not (${differs})` : ''})`,
    reason: 'the row is not there',
    isWhole: false,
    ...(values.length > 0 && wins === 'what the script makes'
      ? { moves: movesOf(target, values, on, assignments(target, values)) }
      : {}),
  };
}

/** A dropped table without a key: rows that the script has made anew already are not put back a second time. */
async function multisetSteps(
  session: Session,
  { keptTable: kept }: KeptItem,
  target: TableFacts,
  columns: readonly KeptColumn[],
): Promise<Steps> {
  const written = columns.filter((column) => !columnNow(target, column)!.isGenerated);
  const names = written.map((column) => nameNow(target)(column));
  const values = written.map((column) => {
    const is = columnNow(target, column)!;
    return `${restoredValue(is, column, `k.${quoteIdentifier(column.kept)}`)} as ${quoteIdentifier(is.name)}`;
  });
  const source = keptTable(kept!);
  await session.run(`
    alter table ${source} drop column if exists plinth_placed, add column plinth_placed boolean;
    update ${source} as u
       set plinth_placed = true
      from (select k.at, k.digest, pg_catalog.row_number() over (partition by k.digest) as number
              from (select k.at, ${digestOf('k', names)} as digest
                      from (select ${['k.ctid as at', ...values].join(', ')} from ${source} as k) as k) as k) as k
      join (select ${digestOf('t', names)} as digest, count(*) as rows
              from ${only(target)}${nameOf(target)} as t
             group by 1) as t on t.digest = k.digest
     where u.ctid = k.at and k.number <= t.rows`);
  const isUnplaced = 'k.plinth_placed is not true';
  return {
    commands: (some) => [
      insertion(target, written, `${source} as k where ${some} and ${isUnplaced}`),
      `update ${source} as k set plinth_placed = true where ${some} and ${isUnplaced}`,
    ],
    isUnplaced,
    reason: 'the row is not there',
    isWhole: false,
  };
}
