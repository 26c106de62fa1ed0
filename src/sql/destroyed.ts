/** How a loss of data is described. Generated columns are no data: they follow from the others. */
import { type EffectContext, factsOf } from './effect.js';
import type { RelationName } from './relation-name.js';

/**
 * - `table`, `materialized view`: the relation with its rows
 * - `column`: the columns in `columns`, or `undefined` where the text does not name them
 * - `rows`: whole rows, some or all
 * - `values`: values of `columns` in rows that stay
 * - `sequence`, `sequence position`: the sequence, or where it stands
 * - `schema`, `type`, `database`, `unknown`: whatever it holds or is used for
 */
export type DestroyedKind =
  | 'table'
  | 'materialized view'
  | 'column'
  | 'rows'
  | 'values'
  | 'sequence'
  | 'sequence position'
  | 'schema'
  | 'type'
  | 'database'
  | 'unknown';

export interface Destruction {
  readonly kind: DestroyedKind;
  /** The relation, or the object, with its schema where the catalogue is known. */
  readonly relation: RelationName;
  /** The columns that lose values; `undefined` for all of them, or where the text does not tell. */
  readonly columns?: readonly string[];
  readonly by:
    | 'drop'
    | 'cascade'
    | 'truncate'
    | 'delete'
    | 'update'
    | 'merge'
    | 'upsert'
    | 'type change'
    | 'reset';
  /** `maybe` when it depends on the rows, or on a catalogue that is not known. */
  readonly certainty: 'yes' | 'maybe';
}

/** The relation with its schema where the catalogue has it, as written otherwise. */
export function nameInCatalog(context: EffectContext, relation: RelationName): RelationName {
  const facts = factsOf(context, relation);
  return facts ? { schema: facts.schema, name: facts.name } : relation;
}

/** The loss, and the same in the partitions and inheriting tables below its relation. */
export function andBelow(context: EffectContext, destruction: Destruction): readonly Destruction[] {
  const below = factsOf(context, destruction.relation)?.descendants ?? [];
  return [
    destruction,
    ...below.map((relation) => ({ ...destruction, relation: nameInCatalog(context, relation) })),
  ];
}
