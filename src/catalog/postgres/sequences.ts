import type { Column, Identity, Sequence } from '../../schema/index.js';
import { type Draft, type ModelDraft, recall, remember } from './draft.js';
import { catalogKind } from './kind.js';
import { present } from './present.js';

interface SequenceRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly unlogged: boolean;
  readonly type: string;
  readonly start: string | null;
  readonly increment: string | null;
  readonly minimum: string | null;
  readonly maximum: string | null;
  readonly cache: string | null;
  readonly cycle: boolean;
  readonly of_identity: boolean | null;
  readonly owner_oid: number | null;
  readonly owner_number: number | null;
  readonly owner_schema: string | null;
  readonly owner_table: string | null;
  readonly owner_column: string | null;
}

export const sequences = catalogKind<SequenceRow>({
  query: 'sequences',
  add: (row, draft) => {
    if (row.of_identity) {
      fillIdentity(row, draft);
      return;
    }
    const sequence = sequenceOf(row);
    draft.model.sequences.push(sequence);
    remember(draft, 'pg_class', row.oid, sequence);
  },
});

function settings(row: SequenceRow) {
  return {
    start: row.start,
    increment: row.increment,
    minimum: row.minimum,
    maximum: row.maximum,
    cache: row.cache,
    cycle: row.cycle,
  };
}

function fillIdentity(row: SequenceRow, draft: ModelDraft): void {
  const column = recall(draft, 'pg_class', row.owner_oid!, row.owner_number!) as Draft<Column> | undefined;
  if (!column?.identity) {
    return;
  }
  column.identity = present<Draft<Identity>>({
    generation: column.identity.generation,
    sequence: row.name,
    type: row.type === column.type ? undefined : row.type,
    ...settings(row),
  });
  remember(draft, 'pg_class', row.oid, column.identity);
}

function sequenceOf(row: SequenceRow): Draft<Sequence> {
  return present<Draft<Sequence>>({
    kind: 'sequence',
    schema: row.schema,
    name: row.name,
    type: row.type,
    ...settings(row),
    unlogged: row.unlogged,
    ownedBy:
      row.owner_table === null
        ? undefined
        : { schema: row.owner_schema!, table: row.owner_table, column: row.owner_column! },
    owner: row.owner,
  });
}
