import type { ForeignKey, Table } from '../../schema/index.js';
import { type Key, uniqueKeys } from './keys.js';

/**
 * True for a table that stands for a many-to-many relation: a key of it is put together from two or more foreign
 * keys and nothing else. A key beside the primary key counts only when no table refers to this one: then its rows
 * are pairs, and the primary key is only a name for them.
 */
export function isJunction(table: Table, isReferenced: boolean): boolean {
  const foreign = table.constraints.filter((constraint) => constraint.kind === 'foreign key');
  const primary = table.constraints.filter((constraint) => constraint.kind === 'primary key');
  const keys = isReferenced ? primary.map(({ columns }) => columns) : uniqueKeys(table);
  return keys.some((key) => isMadeOf(key, foreign));
}

function isMadeOf(key: Key, foreign: readonly ForeignKey[]): boolean {
  const inside = foreign.filter(({ columns }) => columns.every((column) => key.includes(column)));
  const parts = inside.filter((part) => part.columns.length < key.length);
  const covered = new Set(parts.flatMap(({ columns }) => columns));
  const distinct = new Set(parts.map(({ columns }) => [...columns].sort().join('\0')));
  return distinct.size >= 2 && key.every((column) => covered.has(column));
}
