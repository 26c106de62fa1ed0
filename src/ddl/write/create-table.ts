/** A table with all that it has beyond the words of `create table`. */
import type { Column, Table } from '../../schema/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import { earlyIndexes } from '../partition-indexes.js';
import type { Decisions, Scene } from '../scene.js';
import { keyOf } from '../unit.js';
import { columnSettings } from './column.js';
import { columnNotes, lateNotNull } from './column-notes.js';
import { commentOn } from './comment.js';
import { createIndex } from './index-statement.js';
import { lowerKeywords } from './keywords.js';
import { nameOf, relationNamed } from './named.js';
import { createTable } from './table.js';

export function tableStatements(table: Table, scene: Scene, { isInline, isCreated }: Decisions): string[] {
  const path = [table.schema, table.name];
  const asPartition = isInline(keyOf('attachment', path));
  const parent =
    table.partitionOf && scene.to.tables.get(`${table.partitionOf.schema}\0${table.partitionOf.name}`);
  const ofParent = new Map(asPartition ? parent?.columns.map((column) => [column.name, column]) : []);
  const lateDefaults = table.columns
    .map(({ name }) => name)
    .filter((name) => !isInline(keyOf('default', [...path, name])));
  const inherited =
    table.partitionOf && !asPartition
      ? table.constraints.filter(({ inherited, kind }) => inherited && kind !== 'foreign key')
      : [];
  const own = table.constraints.filter(
    ({ name, inherited }) => !inherited && isInline(keyOf('constraint', [...path, name])),
  );
  const alter = `alter ${relationNamed(table)}`;
  return [
    createTable(table, {
      major: scene.major,
      lateDefaults: new Set(lateDefaults),
      constraints: [...own, ...inherited],
      asPartition,
    }),
    ...(table.partitionOf && !asPartition ? earlyIndexes(table, scene.to, isCreated).map(createIndex) : []),
    ...table.columns.flatMap((column) =>
      columnsAfterwards(
        table,
        column,
        ofParent.get(column.name),
        isInline(keyOf('default', [...path, column.name])),
        scene,
      ),
    ),
    ...own.flatMap(({ name, comment }) =>
      comment === undefined
        ? []
        : [commentOn(`constraint ${quoteIdentifier(name)} on ${nameOf(table)}`, comment)],
    ),
    ...(table.rowSecurity ? [`${alter} enable row level security`] : []),
    ...(table.forceRowSecurity ? [`${alter} force row level security`] : []),
    ...(table.replicaIdentity === undefined || table.replicaIdentity === 'index'
      ? []
      : [`${alter} replica identity ${table.replicaIdentity}`]),
  ];
}

/** What a column has beyond the words of `create table`, or otherwise than the table it is inherited from. */
export function columnsAfterwards(
  table: Table,
  column: Column,
  ofParent: Column | undefined,
  hasInlineDefault: boolean,
  scene: Scene,
  isAdded = false,
): string[] {
  const alter = `alter ${relationNamed(table)}\n  alter column ${quoteIdentifier(column.name)}`;
  const isTaken = ofParent !== undefined || column.inherited === true;
  const parent = ofParent ?? (column.inherited ? inheritedColumn(table, column, scene) : undefined);
  const settings = columnSettings(column, {
    table,
    taken: isTaken ? (isAdded ? {} : parent) : undefined,
    only: isAdded && scene.to.children.has(`${table.schema}\0${table.name}`),
    major: scene.major,
  });
  return [
    ...(isTaken && hasInlineDefault && column.default !== parent?.default
      ? [`${alter} set default ${lowerKeywords(column.default!)}`]
      : []),
    ...(isTaken && column.default === undefined && parent?.default !== undefined
      ? [`${alter} drop default`]
      : []),
    ...(isTaken && column.notNull && !parent?.notNull ? [`${alter} set not null`] : []),
    ...settings,
    ...(column.notNullConstraint?.notValid && scene.major >= 18 && !isTaken
      ? [lateNotNull(table, column)]
      : []),
    ...columnNotes(table, column, scene),
  ];
}

function inheritedColumn(table: Table, { name }: Column, { to }: Scene): Column | undefined {
  for (const parent of table.inherits ?? []) {
    const found = to.tables
      .get(`${parent.schema}\0${parent.name}`)
      ?.columns.find((column) => column.name === name);
    if (found) {
      return found;
    }
  }
  return undefined;
}
