import type { EventTrigger } from '../../schema/index.js';
import { type Draft, remember } from './draft.js';
import { FIRING, type FiringLetter } from './firing.js';
import { catalogKind } from './kind.js';
import { present, sorted } from './present.js';

interface EventTriggerRow {
  readonly oid: number;
  readonly name: string;
  readonly event: string;
  readonly function: { schema: string; name: string };
  readonly tags: string[] | null;
  readonly enabled: FiringLetter;
  readonly owner: string;
}

export const eventTriggers = catalogKind<EventTriggerRow>({
  query: 'event-triggers',
  databaseWide: true,
  add: (row, draft) => {
    const trigger = present<Draft<EventTrigger>>({
      kind: 'event trigger',
      name: row.name,
      event: row.event,
      function: row.function,
      tags: sorted(row.tags),
      enabled: FIRING[row.enabled],
      owner: row.owner,
    });
    draft.model.eventTriggers.push(trigger);
    remember(draft, 'pg_event_trigger', row.oid, trigger);
  },
});
