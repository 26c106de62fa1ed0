import { columnNames, tableOf } from './draft.js';
import { catalogKind } from './kind.js';
import { written } from './written.js';

const STRATEGIES = { r: 'range', l: 'list', h: 'hash' } as const;

interface PartitionKeyRow {
  readonly relation_oid: number;
  readonly strategy: keyof typeof STRATEGIES;
  readonly definition: string | null;
  readonly columns: number[];
}

export const partitionKeys = catalogKind<PartitionKeyRow>({
  query: 'partition-keys',
  add: (row, draft) => {
    const table = tableOf(draft, row.relation_oid);
    if (table) {
      table.partitionBy = {
        strategy: STRATEGIES[row.strategy],
        definition: written(row.definition),
        columns: columnNames(draft, row.relation_oid, row.columns),
      };
    }
  },
});
