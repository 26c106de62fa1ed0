import type { ForeignServer } from '../../schema/index.js';
import { type Draft, remember } from './draft.js';
import { catalogKind } from './kind.js';
import { present, sorted, withoutSecrets } from './present.js';

interface ServerRow {
  readonly oid: number;
  readonly name: string;
  readonly wrapper: string;
  readonly type: string | null;
  readonly version: string | null;
  readonly options: string[] | null;
  readonly users: string[] | null;
  readonly owner: string;
}

export const foreignServers = catalogKind<ServerRow>({
  query: 'foreign-servers',
  databaseWide: true,
  add: (row, draft) => {
    const server = present<Draft<ForeignServer>>({
      kind: 'foreign server',
      name: row.name,
      wrapper: row.wrapper,
      type: row.type,
      version: row.version,
      options: withoutSecrets(row.options),
      users: sorted(row.users),
      owner: row.owner,
    });
    draft.model.foreignServers.push(server);
    remember(draft, 'pg_foreign_server', row.oid, server);
  },
});
