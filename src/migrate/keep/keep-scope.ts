/** What the keepers of one transaction share. */

import type { Session } from '../../database/index.js';
import type { ScriptStatement } from '../run/script.js';
import type { OwnRows, Triggers } from './capture-handle.js';
import { withClasses } from './classes.js';
import {
  addItem,
  type KeepingScript,
  type KeptKind,
  type NewItem,
  removeItem,
  setKeptTable,
} from './items.js';
import { KEPT_SCHEMA, keptTable, keptTableName, type Layout } from './layout.js';
import type { TableFacts } from './table-facts.js';

export interface KeepScope {
  readonly script: KeepingScript;
  /** The script that takes back what this one does, as it is now. */
  readonly oppositeText?: string | undefined;
  /** Where messages point to. */
  readonly source: { readonly file: string; readonly text: string };
  /** How relations and columns were named when the script began, where it renames some; else as they are. */
  readonly names: StartNames;
  /** The ids of the items that were written down in this transaction, undone ones included. */
  readonly items: number[];
  /** What was kept in this transaction. */
  readonly kept: KeptNow[];
  /** Triggers that could not be taken off yet. */
  readonly standing: Triggers[];
  /** Rows that this transaction has inserted itself, by table. */
  readonly own: Map<number, OwnRows>;
  /** Items of an earlier time whose values newer ones have taken the place of. */
  readonly superseded: Set<number>;
  /** Rows written by table, so far as the keeper has looked after them. */
  readonly accounted: Map<number, number>;
  /** The script's own statements before the one that is under way, in this transaction. */
  readonly statements: readonly ScriptStatement[];
  /** Those of the script that run after what is put back now. */
  readonly following: readonly ScriptStatement[];
}

export interface KeptNow {
  readonly id: number;
  readonly oid: number;
  readonly kind: KeptKind;
  readonly schema: string;
  readonly name: string;
  readonly layout: Layout;
  readonly statement: number;
  /** As named when it was kept. */
  readonly last: { readonly schema: string; readonly name: string };
  /** The table that code has made in its place, with the numbers of its columns by their names then. */
  readonly successor?: { readonly oid: number; readonly numbers: ReadonlyMap<string, number> };
}

export interface StartNames {
  /** The table with the names that it had when the script began. */
  atStart(table: TableFacts): TableFacts;
  /** The relation's name then. */
  nameAtStart(relation: { readonly oid: number; readonly schema: string; readonly name: string }): {
    readonly schema: string;
    readonly name: string;
  };
  /** The columns that were not there then: gone again when the opposite script has run. */
  added(table: TableFacts): readonly string[];
  addedNumbers(table: TableFacts): readonly number[];
  /** Whether it is known that the relation was not there then. */
  isMade(table: { readonly oid: number }): boolean;
}

const MAKE_SCHEMA = `
  create schema ${KEPT_SCHEMA};
  revoke all on schema ${KEPT_SCHEMA} from public;
  comment on schema ${KEPT_SCHEMA} is 'Data that migrations would have destroyed; plinth.kept is its index'`;

/** Makes the schema of kept data where there is none. */
export async function ensureKeptSchema(session: Session): Promise<void> {
  const [found] = await session.query("select from pg_catalog.pg_namespace where nspname = 'plinth_kept'");
  if (!found) {
    await session.run(MAKE_SCHEMA);
  }
}

/** Writes an item of the table down. @returns its id */
export async function addTableItem(
  session: Session,
  scope: KeepScope,
  table: TableFacts,
  item: Omit<NewItem, 'schema' | 'name'>,
): Promise<number> {
  const { schema, name } = scope.names.atStart(table);
  const parents = table.isPartition ? table.parents.map((parent) => scope.names.nameAtStart(parent)) : [];
  const { oppositeMeaning } = scope.script;
  const opposite = oppositeMeaning === undefined ? {} : { opposite: oppositeMeaning };
  const relations = [{ schema, name }, ...parents];
  const classification = scope.script.classification?.() ?? new Map();
  const layout = {
    ...item.layout,
    ...(table.isPartition ? { parents } : {}),
    ...opposite,
    key: withClasses(item.layout.key, relations, classification),
    columns: withClasses(item.layout.columns, relations, classification),
  };
  const id = await addItem(session, scope, { ...item, layout, schema, name });
  const last = { schema: table.schema, name: table.name };
  scope.kept.push({
    id,
    oid: table.oid,
    kind: item.kind,
    schema,
    name,
    layout,
    statement: item.statement,
    last,
  });
  return id;
}

function forgetItem(scope: KeepScope, id: number): void {
  const index = scope.kept.findIndex((kept) => kept.id === id);
  if (index >= 0) {
    scope.kept.splice(index, 1);
  }
}

/** Notes how many rows the item keeps; when that is none, nothing came of it. */
export async function endItem(session: Session, scope: KeepScope, id: number, rows: number): Promise<void> {
  if (rows > 0) {
    await setKeptTable(session, id, keptTableName(id), rows);
  } else {
    await dropItem(session, scope, id);
  }
}

/** The same by what is left in its table. */
export async function countItem(session: Session, scope: KeepScope, id: number): Promise<void> {
  const [left] = await session.query<{ rows: number }>(
    `select count(*)::float8 as rows from ${keptTable(keptTableName(id))}`,
  );
  await endItem(session, scope, id, left!.rows);
}

/** Takes the item away, and its table if it has one. */
export async function dropItem(session: Session, scope: KeepScope, id: number): Promise<void> {
  await session.run(`drop table if exists ${keptTable(keptTableName(id))}`);
  await removeItem(session, id);
  forgetItem(scope, id);
}

/** Nobody has lost anything of the tables that an earlier transaction of the script has made. */
export async function forgetMade(session: Session, scope: KeepScope): Promise<void> {
  for (const made of scope.kept.filter((kept) => scope.names.isMade(kept))) {
    await dropItem(session, scope, made.id);
  }
}
