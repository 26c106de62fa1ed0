import type { Statistics } from '../../schema/index.js';
import { columnNames, type Draft, remember, tableOrViewOf } from './draft.js';
import { catalogKind } from './kind.js';
import { present } from './present.js';
import { written } from './written.js';

const KINDS = { d: 'ndistinct', f: 'dependencies', m: 'mcv', e: 'expressions' } as const;

interface StatisticsRow {
  readonly oid: number;
  readonly relation_oid: number;
  readonly schema: string;
  readonly name: string;
  readonly definition: string | null;
  readonly columns: number[];
  readonly expressions: string[] | null;
  readonly kinds: (keyof typeof KINDS)[];
  readonly target: number | null;
  readonly owner: string;
}

export const statistics = catalogKind<StatisticsRow>({
  query: 'statistics',
  add: (row, draft) => {
    const relation = tableOrViewOf(draft, row.relation_oid);
    if (!relation) {
      return;
    }
    const object = present<Draft<Statistics>>({
      kind: 'statistics',
      schema: row.schema,
      name: row.name,
      definition: written(row.definition),
      columns: columnNames(draft, row.relation_oid, row.columns).sort(),
      expressions: row.expressions,
      kinds: row.kinds.map((kind) => KINDS[kind]).sort(),
      target: row.target,
      owner: row.owner,
    });
    relation.statistics.push(object);
    remember(draft, 'pg_statistic_ext', row.oid, object);
  },
});
