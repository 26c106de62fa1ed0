import type { Grant } from '../../schema/index.js';
import { type Draft, recall } from './draft.js';
import { catalogKind } from './kind.js';
import { present } from './present.js';

interface GrantRow {
  readonly catalog: string;
  readonly oid: number;
  readonly part: number;
  readonly direction: 'grant' | 'revoke';
  readonly grantee: string;
  readonly grantor: string | null;
  readonly privileges: string[];
  readonly grantable: string[] | null;
  readonly privileges_in_all: number;
}

export const grants = catalogKind<GrantRow>({
  query: 'grants',
  add: (row, draft) => {
    const object = recall(draft, row.catalog, row.oid, row.part) as
      | { grants?: Draft<Grant>[]; revokes?: Draft<Grant>[] }
      | undefined;
    if (!object) {
      return;
    }
    const list = row.direction === 'grant' ? 'grants' : 'revokes';
    object[list] ??= [];
    object[list].push(grantOf(row));
  },
});

function grantOf(row: GrantRow): Draft<Grant> {
  return present<Draft<Grant>>({
    grantee: row.grantee,
    privileges: inShort(row.privileges, row.privileges_in_all),
    grantable: row.grantable && inShort(row.grantable, row.privileges_in_all),
    grantor: row.grantor,
  });
}

/**
 * `all` for every privilege there is: newer versions have more of them, and `grant all` means the same everywhere.
 */
function inShort(privileges: string[], inAll: number): string[] {
  return inAll > 1 && privileges.length === inAll ? ['all'] : privileges;
}
