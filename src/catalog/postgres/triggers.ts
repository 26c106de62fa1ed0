import type { Trigger } from '../../schema/index.js';
import { type Draft, remember, tableOrViewOf } from './draft.js';
import { FIRING, type FiringLetter } from './firing.js';
import { catalogKind } from './kind.js';
import { present } from './present.js';
import { written } from './written.js';

interface TriggerRow {
  readonly oid: number;
  readonly relation_oid: number;
  readonly name: string;
  readonly definition: string | null;
  readonly function: { schema: string; name: string };
  readonly enabled: FiringLetter;
  readonly inherited: boolean;
}

export const triggers = catalogKind<TriggerRow>({
  query: 'triggers',
  add: (row, draft) => {
    const relation = tableOrViewOf(draft, row.relation_oid);
    if (!relation) {
      return;
    }
    const trigger = present<Draft<Trigger>>({
      kind: 'trigger',
      name: row.name,
      definition: written(row.definition),
      function: row.function,
      enabled: FIRING[row.enabled],
      inherited: row.inherited,
    });
    relation.triggers.push(trigger);
    remember(draft, 'pg_trigger', row.oid, trigger);
  },
});
