import type { Table, View } from '../../schema/index.js';
import { type Draft, type ModelDraft, remember } from './draft.js';
import { catalogKind } from './kind.js';
import { present, sorted, withoutSecrets } from './present.js';
import { written } from './written.js';

interface RelationRow {
  readonly oid: number;
  readonly relation_kind: 'r' | 'p' | 'f' | 'v' | 'm';
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly unlogged: boolean;
  readonly access_method: string | null;
  readonly tablespace: string | null;
  readonly options: string[] | null;
  readonly toast_options: string[] | null;
  readonly row_security: boolean;
  readonly force_row_security: boolean;
  readonly replica_identity: 'd' | 'f' | 'n' | 'i';
  readonly of_type: string | null;
  readonly parents: { schema: string; name: string }[] | null;
  readonly bound: string | null;
  readonly server: string | null;
  readonly foreign_options: string[] | null;
  readonly definition: string | null;
}

export const relations = catalogKind<RelationRow>({
  query: 'relations',
  add: (row, draft) => {
    if (row.relation_kind === 'v' || row.relation_kind === 'm') {
      register(draft, row.oid, view(row), draft.model.views);
    } else {
      register(draft, row.oid, table(row), draft.model.tables);
    }
  },
});

function register<Relation extends Draft<Table> | Draft<View>>(
  draft: ModelDraft,
  oid: number,
  relation: Relation,
  list: Relation[],
): void {
  list.push(relation);
  draft.relations.set(oid, { object: relation, columns: [] });
  remember(draft, 'pg_class', oid, relation);
}

function view(row: RelationRow): Draft<View> {
  return present<Draft<View>>({
    kind: row.relation_kind === 'v' ? 'view' : 'materialized view',
    schema: row.schema,
    name: row.name,
    definition: written(row.definition),
    columns: [],
    indexes: [],
    triggers: [],
    rules: [],
    statistics: [],
    options: storageOptions(row),
    accessMethod: row.access_method,
    tablespace: row.tablespace,
    owner: row.owner,
  });
}

function table(row: RelationRow): Draft<Table> {
  const [parent] = row.parents ?? [];
  return present<Draft<Table>>({
    kind: 'table',
    schema: row.schema,
    name: row.name,
    columns: [],
    constraints: [],
    indexes: [],
    triggers: [],
    policies: [],
    rules: [],
    statistics: [],
    inherits: row.bound === null ? row.parents : undefined,
    partitionOf: row.bound !== null && parent ? { ...parent, bound: row.bound } : undefined,
    foreign: row.server === null ? undefined : foreign(row.server, row.foreign_options),
    ofType: row.of_type,
    rowSecurity: row.row_security,
    forceRowSecurity: row.force_row_security,
    replicaIdentity: REPLICA_IDENTITIES[row.replica_identity],
    unlogged: row.unlogged,
    accessMethod: row.access_method,
    tablespace: row.tablespace,
    options: storageOptions(row),
    owner: row.owner,
  });
}

const REPLICA_IDENTITIES = { d: undefined, f: 'full', n: 'nothing', i: 'index' } as const;

function foreign(server: string, options: string[] | null): Draft<NonNullable<Table['foreign']>> {
  return present<Draft<NonNullable<Table['foreign']>>>({ server, options: withoutSecrets(options) });
}

function storageOptions(row: RelationRow): string[] | undefined {
  const ofToast = (row.toast_options ?? []).map((option) => `toast.${option}`);
  return sorted([...(row.options ?? []), ...ofToast]);
}
