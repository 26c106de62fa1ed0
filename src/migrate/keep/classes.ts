/**
 * The class of kept data: how it must be handled. It is that of the column which the data was in, noted when it is
 * kept, for the column may be gone from the project's file by the time that somebody looks at what is kept.
 */
import { DATA_CLASSES, type DataClass, type DataClassification } from '../../config/index.js';
import type { KeptColumn, Layout } from './layout.js';

/** A relation, by one of its names. */
interface Named {
  readonly schema: string;
  readonly name: string;
}

/** The columns with their classes. @param relations the table, and those that it is a partition of */
export function withClasses(
  columns: readonly KeptColumn[],
  relations: readonly Named[],
  classification: DataClassification,
): readonly KeptColumn[] {
  return columns.map((column) => {
    const found = classOf(column, relations, classification);
    return found === undefined ? column : { ...column, class: found };
  });
}

/** The classes of the columns by name, as noted or as the project has them now: the more guarded one. */
export function classesOf(
  { key, columns, parents }: Layout,
  relation: Named,
  classification: DataClassification = new Map(),
): ReadonlyMap<string, DataClass> {
  const relations = [relation, ...(parents ?? [])];
  return new Map(
    [...key, ...columns].flatMap((column) => {
      const found = mostGuarded([column.class, classOf(column, relations, classification)]);
      return found === undefined ? [] : [[column.name, found] as const];
    }),
  );
}

/** The most guarded of the classes; `undefined` where there is none. */
export function mostGuarded(classes: Iterable<DataClass | undefined>): DataClass | undefined {
  const ranks = [...classes].map((each) => (each === undefined ? -1 : DATA_CLASSES.indexOf(each)));
  return DATA_CLASSES[Math.max(-1, ...ranks)];
}

/** What the comment on a table of kept data says. */
export function keptComment(from: string, classes: Iterable<DataClass>): string {
  const found = mostGuarded(classes);
  return `Kept of ${from}; class: ${found ?? 'not classified'}`;
}

function classOf(
  { name }: KeptColumn,
  relations: readonly Named[],
  classification: DataClassification,
): DataClass | undefined {
  return mostGuarded(
    relations.map((relation) => classification.get(`${relation.schema}.${relation.name}.${name}`)),
  );
}
