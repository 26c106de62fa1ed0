/**
 * The names that PostgreSQL gives to what is made without one.
 * Source: PostgreSQL's indexcmds.c, makeObjectName, ChooseIndexName and ChooseIndexNameAddition.
 */
import type { TableIndex } from '../../schema/index.js';

/** Bytes of an identifier. */
const NAME_LIMIT = 63;

/** `first_second_label`, the longer of the first two shortened until it fits. */
export function madeName(first: string, second: string, label: string): string {
  const room = NAME_LIMIT - byteLength(label) - (label ? 1 : 0) - (second ? 1 : 0);
  let [one, other] = [byteLength(first), byteLength(second)];
  while (one + other > room) {
    if (one > other) {
      one -= 1;
    } else {
      other -= 1;
    }
  }
  return [clipped(first, one), clipped(second, other), label].filter((part) => part !== '').join('_');
}

/** The name of the sequence behind a serial or identity column. */
export function sequenceName(table: string, column: string): string {
  return madeName(table, column, 'seq');
}

/** The name of a partition's own index, or of the one behind its key. */
export function partitionIndexName(table: string, index: TableIndex, constraint: string | undefined): string {
  if (constraint === 'primary key') {
    return madeName(table, '', 'pkey');
  }
  const label = constraint === 'exclusion' ? 'excl' : constraint === 'unique' ? 'key' : 'idx';
  return madeName(table, nameOfColumns(index), label);
}

function nameOfColumns({ keys, include = [] }: TableIndex): string {
  let joined = '';
  let expressions = 0;
  for (const key of keys) {
    joined += `${joined ? '_' : ''}${key.column ?? (expressions++ === 0 ? 'expr' : `expr${expressions - 1}`)}`;
    if (byteLength(joined) >= NAME_LIMIT) {
      break;
    }
  }
  return [joined, ...include].join('_');
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

/** Cut between characters, at or below the limit. */
function clipped(text: string, bytes: number): string {
  const buffer = Buffer.from(text);
  let end = Math.min(bytes, buffer.length);
  while (end > 0 && end < buffer.length && (buffer[end]! & 0xc0) === 0x80) {
    end -= 1;
  }
  return buffer.subarray(0, end).toString();
}
