import type { Column, CompositeType, Identity } from '../../schema/index.js';
import type { Draft, ModelDraft, RelationDraft } from './draft.js';
import { catalogKind } from './kind.js';
import { present, sorted } from './present.js';

interface ColumnRow {
  readonly relation_oid: number;
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly not_null: boolean;
  readonly expression: string | null;
  readonly identity: 'a' | 'd' | null;
  readonly generated: 's' | 'v' | null;
  readonly collation: string | null;
  readonly storage: 'p' | 'e' | 'm' | 'x' | null;
  readonly compression: 'p' | 'l' | null;
  readonly statistics_target: number | null;
  readonly options: string[] | null;
  readonly foreign_options: string[] | null;
  readonly inherited: boolean;
}

export const columns = catalogKind<ColumnRow>({
  query: 'columns',
  add: (row, draft: ModelDraft) => {
    const relation = draft.relations.get(row.relation_oid);
    if (!relation) {
      return;
    }
    const { object } = relation;
    if (object.kind === 'composite type') {
      const attribute = compositeAttribute(row);
      object.attributes.push(attribute);
      relation.columns[row.number] = attribute;
    } else {
      const column = tableColumn(row, isPartition(relation));
      object.columns.push(column);
      relation.columns[row.number] = column;
    }
  },
});

function compositeAttribute(row: ColumnRow): Draft<CompositeType>['attributes'][number] {
  return present<Draft<CompositeType>['attributes'][number]>({
    kind: 'attribute',
    name: row.name,
    type: row.type,
    collation: row.collation,
  });
}

const STORAGES = { p: 'plain', e: 'external', m: 'main', x: 'extended' } as const;
const COMPRESSIONS = { p: 'pglz', l: 'lz4' } as const;

function tableColumn(row: ColumnRow, ofPartition: boolean): Draft<Column> {
  return present<Draft<Column>>({
    kind: 'column',
    name: row.name,
    type: row.type,
    notNull: row.not_null,
    default: row.generated ? undefined : row.expression,
    identity: row.identity && identity(row.identity),
    generated: row.generated && {
      expression: row.expression!,
      storage: row.generated === 's' ? 'stored' : 'virtual',
    },
    collation: row.collation,
    storage: row.storage && STORAGES[row.storage],
    compression: row.compression && COMPRESSIONS[row.compression],
    statisticsTarget: row.statistics_target,
    options: sorted(row.options),
    foreignOptions: sorted(row.foreign_options),
    // Whether a partition's column counts as its own depends on how it became a partition, and means nothing.
    inherited: row.inherited && !ofPartition,
  });
}

/** Its sequence is filled in when the sequences have been read. */
function identity(generation: 'a' | 'd'): Draft<Identity> {
  return { generation: generation === 'a' ? 'always' : 'by default', sequence: '' };
}

function isPartition({ object }: RelationDraft): boolean {
  return object.kind === 'table' && object.partitionOf !== undefined;
}
