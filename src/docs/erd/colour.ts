import type { Categorize } from './categorize.js';
import type { Entity } from './diagram.js';
import type { NameKey } from './name-key.js';

/** Dark enough for white letters on each (contrast at least 5 : 1), and told apart without red against green. */
const PALETTE: readonly string[] = [
  '#2f5d9b',
  '#0f716a',
  '#6d4aa8',
  '#8a5209',
  '#a83256',
  '#3f6b21',
  '#4b5a6b',
  '#0e6585',
  '#a8410e',
  '#8d338a',
  '#655f12',
  '#4447b5',
];

export interface Colouring {
  /** Each category with its colour, by name. */
  readonly categories: ReadonlyMap<string, string>;
  readonly colourOf: (key: NameKey) => string;
}

/** Gives each category a colour, in the order of their names; after twelve the colours come again. */
export function colouringOf(entities: readonly Entity[], colourBy: Categorize): Colouring {
  const categoryOf = new Map(entities.map(({ key, table }) => [key, colourBy(table)]));
  const names = [...new Set(categoryOf.values())].sort();
  const categories = new Map(names.map((name, index) => [name, PALETTE[index % PALETTE.length]!]));
  return { categories, colourOf: (key) => categories.get(categoryOf.get(key)!)! };
}
