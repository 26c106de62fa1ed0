/** The boxes that tables are drawn as: their texts and sizes, before anything is placed. Lengths are pixels. */
import type { Table } from '../../../schema/index.js';
import type { Diagram, Entity, EntityColumn } from '../diagram.js';
import type { NameKey } from '../name-key.js';
import type { Relation } from '../relation.js';
import { visible } from '../visible.js';
import { textWidth } from './text-width.js';

/** All columns, those of keys only, or names only. */
export type Detail = 'columns' | 'keys' | 'names';

export type Badge = 'PK' | 'FK' | 'UK';

/** A relation told in words at the child's end, instead of a line. */
export interface Link {
  readonly relation: Relation;
  readonly text: string;
}

export interface Row {
  readonly column: EntityColumn;
  readonly badges: readonly Badge[];
  readonly name: string;
  readonly type: string;
  readonly links: readonly Link[];
}

export interface Box {
  readonly entity: Entity;
  readonly title: string;
  /** What is said beside the name: `m:n`, that it is partitioned. */
  readonly note: string;
  readonly rows: readonly Row[];
  /** The number of columns that are not shown, in diagrams of keys. */
  readonly hiddenColumns: number;
  /** Links below the name, where no rows are shown. */
  readonly links: readonly Link[];
  readonly width: number;
  readonly height: number;
  /** Where names, types and links begin, from the box's left side. */
  readonly nameX: number;
  readonly typeX: number;
  readonly linkX: number;
}

export const SIZES = {
  title: 13,
  text: 12,
  small: 10,
  header: 28,
  row: 21,
  compactHeader: 24,
  linkRow: 15,
  arrow: 13,
  linkGap: 12,
  pad: 10,
  badge: 23,
  badgeGap: 4,
  columnGap: 16,
} as const;

const LONGEST_TYPE = 36;

/** One box a table. `isLink` tells which relations are told in words. */
export function boxesOf(
  { entities, relations }: Diagram,
  detail: Detail,
  isLink: (relation: Relation) => boolean,
): readonly Box[] {
  const tables = new Map(entities.map(({ key, table }) => [key, table]));
  const links = new Map<NameKey, Link[]>();
  for (const relation of relations.filter(isLink)) {
    const list = links.get(relation.child) ?? [];
    list.push({ relation, text: linkText(tables.get(relation.child)!, tables.get(relation.parent)!) });
    links.set(relation.child, list);
  }
  return entities.map((entity) => {
    const own = links.get(entity.key) ?? [];
    return detail === 'names' ? compactBox(entity, own) : columnBox(entity, detail, own);
  });
}

function linkText(child: Table, parent: Table): string {
  return visible(parent.schema === child.schema ? parent.name : `${parent.schema}.${parent.name}`);
}

function columnBox(entity: Entity, detail: Detail, links: readonly Link[]): Box {
  const shown = entity.columns.filter((column) => detail === 'columns' || badgesOf(column).length > 0);
  const rows = shown.map((column) => rowOf(column, links));
  const title = visible(entity.table.name);
  const note = noteOf(entity);
  const widest = (widths: readonly number[]) => Math.max(0, ...widths);
  const badges = widest(rows.map((row) => row.badges.length));
  const nameX = SIZES.pad + badges * (SIZES.badge + SIZES.badgeGap) + (badges > 0 ? 4 : 0);
  const typeX = nameX + widest(rows.map(({ name }) => textWidth(name, SIZES.text, 'bold'))) + SIZES.columnGap;
  const typeEnd = typeX + widest(rows.map(({ type }) => textWidth(type, SIZES.text)));
  const linkWidth = widest(rows.map((row) => linksWidth(row.links)));
  const linkX = typeEnd + SIZES.columnGap;
  const hiddenColumns = entity.columns.length - rows.length;
  const rowsWidth = rows.length === 0 ? 0 : linkWidth > 0 ? linkX + linkWidth : typeEnd;
  const width = Math.max(rowsWidth + SIZES.pad, headerWidth(title, note, SIZES.title), 120);
  const lines = rows.length + (hiddenColumns > 0 ? 1 : 0);
  const height = SIZES.header + lines * SIZES.row + (lines > 0 ? 4 : 0);
  return {
    ...{ entity, title, note, rows, hiddenColumns, links: [] },
    ...{ width: Math.ceil(width), height, nameX, typeX, linkX },
  };
}

function compactBox(entity: Entity, links: readonly Link[]): Box {
  const title = visible(entity.table.name);
  const note = noteOf(entity);
  const linkWidth = Math.max(0, ...links.map((link) => linkLength(link, SIZES.small)));
  const width = Math.max(headerWidth(title, note, SIZES.text), linkWidth + 2 * SIZES.pad, 70);
  const height = SIZES.compactHeader + links.length * SIZES.linkRow + (links.length > 0 ? 4 : 0);
  return {
    ...{ entity, title, note, rows: [], hiddenColumns: 0, links },
    ...{ width: Math.ceil(width), height, nameX: SIZES.pad, typeX: SIZES.pad, linkX: SIZES.pad },
  };
}

function headerWidth(title: string, note: string, size: number): number {
  const noteWidth = note === '' ? 0 : SIZES.columnGap + textWidth(note, SIZES.small);
  return 2 * SIZES.pad + textWidth(title, size, 'bold') + noteWidth;
}

function noteOf({ isJunction, table }: Entity): string {
  return [...(isJunction ? ['m : n'] : []), ...(table.partitionBy ? ['partitioned'] : [])].join(' · ');
}

function badgesOf({ isPrimary, isForeign, isUnique }: EntityColumn): readonly Badge[] {
  return [
    ...(isPrimary ? ['PK' as const] : []),
    ...(isForeign ? ['FK' as const] : []),
    ...(isUnique ? ['UK' as const] : []),
  ];
}

/** A link stands at the last column of its foreign key, which is the one that is its own where keys share columns. */
function rowOf(column: EntityColumn, links: readonly Link[]): Row {
  const type = visible(column.type);
  const shortened = type.length > LONGEST_TYPE ? `${type.slice(0, LONGEST_TYPE - 1)}…` : type;
  return {
    column,
    badges: badgesOf(column),
    name: visible(column.name),
    type: column.notNull ? shortened : `${shortened}?`,
    links: links.filter(({ relation }) => relation.foreignKey.columns.at(-1) === column.name),
  };
}

/** The width of a link with its arrow. */
export function linkLength({ text }: Link, size: number): number {
  return SIZES.arrow + textWidth(text, size);
}

function linksWidth(links: readonly Link[]): number {
  const lengths = links.map((link) => linkLength(link, SIZES.text));
  return lengths.reduce((sum, length) => sum + length, Math.max(0, links.length - 1) * SIZES.linkGap);
}

/** The height of a column's middle, from the box's top; the header's where the column is not shown. */
export function rowMiddle(box: Box, column: string | undefined): number {
  const index = box.rows.findIndex((row) => row.column.name === column);
  return index < 0
    ? (box.rows.length === 0 && box.hiddenColumns === 0 ? SIZES.compactHeader : SIZES.header) / 2
    : SIZES.header + 2 + (index + 0.5) * SIZES.row;
}
