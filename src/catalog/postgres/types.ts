import type { DataType, Domain, RangeType } from '../../schema/index.js';
import { type Draft, remember } from './draft.js';
import { catalogKind } from './kind.js';
import { present } from './present.js';

interface TypeRow {
  readonly oid: number;
  readonly relation_oid: number | null;
  readonly type_kind: 'e' | 'c' | 'd' | 'r' | 'b';
  readonly schema: string;
  readonly name: string;
  readonly reference: string;
  readonly owner: string;
  readonly labels: string[] | null;
  readonly base_type: string | null;
  readonly not_null: boolean;
  readonly default: string | null;
  readonly collation: string | null;
  readonly subtype: string | null;
  readonly multirange: string | null;
  readonly opclass: string | null;
  readonly range_collation: string | null;
  readonly canonical: string | null;
  readonly subtype_difference: string | null;
  readonly input: string | null;
  readonly output: string | null;
}

export const types = catalogKind<TypeRow>({
  query: 'types',
  add: (row, draft) => {
    const type = dataType(row);
    draft.model.types.push(type);
    remember(draft, 'pg_type', row.oid, type);
    if (type.kind === 'composite type') {
      // Its attributes come with the columns.
      draft.relations.set(row.relation_oid!, { object: type, columns: [] });
    }
  },
});

function dataType(row: TypeRow): Draft<DataType> {
  const common = { schema: row.schema, name: row.name, reference: row.reference };
  const { owner } = row;
  switch (row.type_kind) {
    case 'e':
      return { kind: 'enum', ...common, labels: row.labels ?? [], owner };
    case 'c':
      return { kind: 'composite type', ...common, attributes: [], owner };
    case 'd':
      return present<Draft<Domain>>({
        kind: 'domain',
        ...common,
        baseType: row.base_type!,
        notNull: row.not_null,
        default: row.default,
        collation: row.collation,
        constraints: [],
        owner,
      });
    case 'r':
      return present<Draft<RangeType>>({
        kind: 'range',
        ...common,
        subtype: row.subtype!,
        multirange: row.multirange!,
        opclass: row.opclass,
        collation: row.range_collation,
        canonical: row.canonical,
        subtypeDifference: row.subtype_difference,
        owner,
      });
    case 'b':
      return { kind: 'base type', ...common, input: row.input!, output: row.output!, owner };
  }
}
