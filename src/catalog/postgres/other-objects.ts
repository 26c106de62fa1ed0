import type { OtherObject } from '../../schema/index.js';
import { type Draft, remember } from './draft.js';
import { catalogKind } from './kind.js';
import { present } from './present.js';

interface OtherRow {
  readonly catalog: string;
  readonly oid: number;
  readonly in_schema: boolean;
  readonly kind: OtherObject['kind'];
  readonly identity: string;
  readonly definition: string;
  readonly owner: string | null;
}

export const otherObjects = catalogKind<OtherRow>({
  query: 'other-objects',
  add: (row, draft) => {
    if (!row.in_schema && !draft.isWholeDatabase) {
      return;
    }
    const object = present<Draft<OtherObject>>({
      kind: row.kind,
      identity: row.identity,
      definition: row.definition,
      owner: row.owner,
    });
    draft.model.others.push(object);
    remember(draft, row.catalog, row.oid, object);
  },
});
