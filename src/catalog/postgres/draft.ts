/**
 * A model in the making. The rows of later queries find the objects of earlier ones here, by catalogue and oid: a
 * column finds its table, a comment or a grant whatever it is on.
 */
import {
  type Column,
  type CompositeType,
  emptyModel,
  type SchemaModel,
  type Table,
  type View,
} from '../../schema/index.js';

/** The same type, writable at every depth. */
export type Draft<T> = T extends readonly (infer Element)[]
  ? Draft<Element>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Draft<T[Key]> }
    : T;

/** What has columns, and for a table or view the indexes, triggers and so on that are still to come. */
export interface RelationDraft {
  readonly object: Draft<Table> | Draft<View> | Draft<CompositeType>;
  /** Columns or attributes by their number in the catalogue, which has gaps where some were dropped. */
  readonly columns: Draft<Column | CompositeType['attributes'][number]>[];
}

export interface ModelDraft {
  readonly model: Draft<SchemaModel>;
  /** False when only some schemas are read: then what belongs to no schema is left out. */
  readonly isWholeDatabase: boolean;
  /** By the oid of their row in pg_class. */
  readonly relations: Map<number, RelationDraft>;
  /** Every object by the catalogue that its row is in, and the row's oid. */
  readonly objects: Map<string, Map<number, object>>;
}

export function newDraft(postgresMajor: number, isWholeDatabase: boolean): ModelDraft {
  return {
    isWholeDatabase,
    model: emptyModel(postgresMajor) as Draft<SchemaModel>,
    relations: new Map(),
    objects: new Map(),
  };
}

/** Notes where the object of a row is, for what is said about it later. */
export function remember(draft: ModelDraft, catalog: string, oid: number, object: object): void {
  let ofCatalog = draft.objects.get(catalog);
  if (!ofCatalog) {
    ofCatalog = new Map();
    draft.objects.set(catalog, ofCatalog);
  }
  ofCatalog.set(oid, object);
}

/** The object of a row, or its column of that number; `undefined` for what is not part of the model. */
export function recall(draft: ModelDraft, catalog: string, oid: number, column = 0): object | undefined {
  return column === 0 ? draft.objects.get(catalog)?.get(oid) : draft.relations.get(oid)?.columns[column];
}

/** The table of that oid; `undefined` for a view and for what is not part of the model. */
export function tableOf(draft: ModelDraft, oid: number): Draft<Table> | undefined {
  const object = draft.relations.get(oid)?.object;
  return object?.kind === 'table' ? object : undefined;
}

/** The table or view of that oid. */
export function tableOrViewOf(draft: ModelDraft, oid: number): Draft<Table> | Draft<View> | undefined {
  const object = draft.relations.get(oid)?.object;
  return object?.kind === 'composite type' ? undefined : object;
}

/** The names of a relation's columns with these numbers; 0, which stands for an expression, is left out. */
export function columnNames(
  draft: ModelDraft,
  relationOid: number,
  numbers: readonly number[] | null,
): string[] {
  const columns = draft.relations.get(relationOid)?.columns ?? [];
  return (numbers ?? []).flatMap((number) => columns[number]?.name ?? []);
}
