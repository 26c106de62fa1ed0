import type { Publication } from '../../schema/index.js';
import { type Draft, remember } from './draft.js';
import { catalogKind } from './kind.js';
import { present } from './present.js';

interface PublishedTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: string[] | null;
  readonly where: string | null;
}

interface PublicationRow {
  readonly oid: number;
  readonly name: string;
  readonly all_tables: boolean;
  readonly inserts: boolean;
  readonly updates: boolean;
  readonly deletes: boolean;
  readonly truncates: boolean;
  readonly via_root: boolean;
  readonly generated_columns: boolean;
  readonly tables: PublishedTable[] | null;
  readonly schemas: string[] | null;
  readonly owner: string;
}

export const publications = catalogKind<PublicationRow>({
  query: 'publications',
  databaseWide: true,
  add: (row, draft) => {
    const publication = present<Draft<Publication>>({
      kind: 'publication',
      name: row.name,
      allTables: row.all_tables,
      operations: operations(row),
      viaRoot: row.via_root,
      generatedColumns: row.generated_columns,
      tables: (row.tables ?? []).map((table) => present<Draft<Publication>['tables'][number]>({ ...table })),
      schemas: row.schemas ?? [],
      owner: row.owner,
    });
    draft.model.publications.push(publication);
    remember(draft, 'pg_publication', row.oid, publication);
  },
});

function operations(row: PublicationRow): string[] {
  const published: readonly (readonly [string, boolean])[] = [
    ['insert', row.inserts],
    ['update', row.updates],
    ['delete', row.deletes],
    ['truncate', row.truncates],
  ];
  return published.flatMap(([operation, isPublished]) => (isPublished ? [operation] : []));
}
