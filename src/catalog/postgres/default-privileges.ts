import type { DefaultPrivileges } from '../../schema/index.js';
import { type Draft, remember } from './draft.js';
import { catalogKind } from './kind.js';
import { present } from './present.js';

const OBJECTS = {
  r: 'tables',
  S: 'sequences',
  f: 'functions',
  T: 'types',
  n: 'schemas',
  L: 'large objects',
} as const;

interface DefaultPrivilegesRow {
  readonly oid: number;
  readonly role: string;
  readonly schema: string | null;
  readonly object_type: keyof typeof OBJECTS;
}

export const defaultPrivileges = catalogKind<DefaultPrivilegesRow>({
  query: 'default-privileges',
  add: (row, draft) => {
    if (row.schema === null && !draft.isWholeDatabase) {
      return;
    }
    const privileges = present<Draft<DefaultPrivileges>>({
      kind: 'default privileges',
      role: row.role,
      schema: row.schema,
      objects: OBJECTS[row.object_type],
    });
    draft.model.defaultPrivileges.push(privileges);
    remember(draft, 'pg_default_acl', row.oid, privileges);
  },
});
