import type { IndexKey, TableIndex } from '../../schema/index.js';
import { columnNames, type Draft, type ModelDraft, remember, tableOrViewOf } from './draft.js';
import { catalogKind } from './kind.js';
import { present, sorted } from './present.js';
import { written } from './written.js';

interface IndexRow {
  readonly oid: number;
  readonly relation_oid: number;
  readonly name: string;
  readonly definition: string | null;
  readonly method: string;
  readonly key_count: number;
  readonly columns: number[];
  readonly key_options: number[];
  readonly expressions: (string | null)[] | null;
  readonly opclasses: (string | null)[] | null;
  readonly collations: (string | null)[] | null;
  readonly predicate: string | null;
  readonly unique: boolean;
  readonly nulls_not_distinct: boolean;
  readonly constraint: string | null;
  readonly invalid: boolean;
  readonly clustered: boolean;
  readonly replica_identity: boolean;
  readonly inherited: boolean;
  readonly options: string[] | null;
  readonly tablespace: string | null;
}

export const indexes = catalogKind<IndexRow>({
  query: 'indexes',
  add: (row, draft) => {
    const relation = tableOrViewOf(draft, row.relation_oid);
    if (!relation) {
      return;
    }
    const index = tableIndex(row, draft);
    relation.indexes.push(index);
    remember(draft, 'pg_class', row.oid, index);
  },
});

function tableIndex(row: IndexRow, draft: ModelDraft): Draft<TableIndex> {
  const included = columnNames(draft, row.relation_oid, row.columns.slice(row.key_count));
  return present<Draft<TableIndex>>({
    kind: 'index',
    name: row.name,
    definition: written(row.definition),
    method: row.method,
    keys: row.columns.slice(0, row.key_count).map((number, place) => indexKey(row, draft, number, place)),
    include: included.length > 0 ? included : undefined,
    predicate: row.predicate,
    unique: row.unique,
    nullsNotDistinct: row.nulls_not_distinct,
    constraint: row.constraint,
    invalid: row.invalid,
    clustered: row.clustered,
    replicaIdentity: row.replica_identity,
    inherited: row.inherited,
    options: sorted(row.options),
    tablespace: row.tablespace,
  });
}

/** The bits of a key's options: PostgreSQL's INDOPTION_DESC and INDOPTION_NULLS_FIRST. */
const DESCENDING = 1;
const NULLS_FIRST = 2;

function indexKey(row: IndexRow, draft: ModelDraft, number: number, place: number): Draft<IndexKey> {
  const options = row.key_options[place] ?? 0;
  const descending = (options & DESCENDING) !== 0;
  const nullsFirst = (options & NULLS_FIRST) !== 0;
  return present<Draft<IndexKey>>({
    column: number === 0 ? undefined : columnNames(draft, row.relation_oid, [number])[0],
    expression: row.expressions?.[place],
    opclass: row.opclasses?.[place],
    collation: row.collations?.[place],
    descending,
    nulls: nullsFirst === descending ? undefined : nullsFirst ? 'first' : 'last',
  });
}
