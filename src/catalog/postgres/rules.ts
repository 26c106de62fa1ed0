import type { Rule } from '../../schema/index.js';
import { type Draft, remember, tableOrViewOf } from './draft.js';
import { FIRING, type FiringLetter } from './firing.js';
import { catalogKind } from './kind.js';
import { present } from './present.js';
import { written } from './written.js';

interface RuleRow {
  readonly oid: number;
  readonly relation_oid: number;
  readonly name: string;
  readonly definition: string | null;
  readonly enabled: FiringLetter;
}

export const rules = catalogKind<RuleRow>({
  query: 'rules',
  add: (row, draft) => {
    const relation = tableOrViewOf(draft, row.relation_oid);
    if (!relation) {
      return;
    }
    const rule = present<Draft<Rule>>({
      kind: 'rule',
      name: row.name,
      definition: written(row.definition),
      enabled: FIRING[row.enabled],
    });
    relation.rules.push(rule);
    remember(draft, 'pg_rewrite', row.oid, rule);
  },
});
