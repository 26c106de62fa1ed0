import type { QualifiedName } from '../../schema/index.js';

/** A table's name as one string, for maps and sets. */
export type NameKey = string;

/** Identifiers cannot hold the null character. */
export function nameKey({ schema, name }: QualifiedName): NameKey {
  return `${schema}\0${name}`;
}

/** Orders by schema and name, by code units: the same on every machine. */
export function byName(a: QualifiedName, b: QualifiedName): number {
  return compare(a.schema, b.schema) || compare(a.name, b.name);
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
