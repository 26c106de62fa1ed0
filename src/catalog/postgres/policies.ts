import type { Policy } from '../../schema/index.js';
import { type Draft, remember, tableOf } from './draft.js';
import { catalogKind } from './kind.js';
import { present } from './present.js';

const COMMANDS = { '*': 'all', r: 'select', a: 'insert', w: 'update', d: 'delete' } as const;

interface PolicyRow {
  readonly oid: number;
  readonly relation_oid: number;
  readonly name: string;
  readonly command: keyof typeof COMMANDS;
  readonly restrictive: boolean;
  readonly roles: string[];
  readonly using: string | null;
  readonly with_check: string | null;
}

export const policies = catalogKind<PolicyRow>({
  query: 'policies',
  add: (row, draft) => {
    const table = tableOf(draft, row.relation_oid);
    if (!table) {
      return;
    }
    const policy = present<Draft<Policy>>({
      kind: 'policy',
      name: row.name,
      command: COMMANDS[row.command],
      restrictive: row.restrictive,
      roles: row.roles,
      using: row.using,
      withCheck: row.with_check,
    });
    table.policies.push(policy);
    remember(draft, 'pg_policy', row.oid, policy);
  },
});
