import type { Column } from '../../schema/index.js';
import { type Draft, recall, remember } from './draft.js';
import { catalogKind } from './kind.js';
import { present } from './present.js';

interface NotNullRow {
  readonly oid: number;
  readonly relation_oid: number;
  readonly number: number;
  readonly name: string | null;
  readonly no_inherit: boolean;
  readonly not_valid: boolean;
}

export const notNullConstraints = catalogKind<NotNullRow>({
  query: 'not-null-constraints',
  since: 18,
  add: (row, draft) => {
    const column = recall(draft, 'pg_class', row.relation_oid, row.number) as Draft<Column> | undefined;
    if (!column) {
      return;
    }
    column.notNullConstraint = present<NonNullable<Draft<Column>['notNullConstraint']>>({
      name: row.name,
      noInherit: row.no_inherit,
      notValid: row.not_valid,
    });
    remember(draft, 'pg_constraint', row.oid, column.notNullConstraint);
  },
});
