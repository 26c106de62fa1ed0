import type { Domain, DomainConstraint } from '../../schema/index.js';
import { type Draft, recall, remember } from './draft.js';
import { catalogKind } from './kind.js';
import { present } from './present.js';
import { written } from './written.js';

interface DomainConstraintRow {
  readonly oid: number;
  readonly type_oid: number;
  readonly name: string;
  readonly definition: string | null;
  readonly not_valid: boolean;
}

export const domainConstraints = catalogKind<DomainConstraintRow>({
  query: 'domain-constraints',
  add: (row, draft) => {
    const domain = recall(draft, 'pg_type', row.type_oid) as Draft<Domain> | undefined;
    if (!domain) {
      return;
    }
    const constraint = present<Draft<DomainConstraint>>({
      kind: 'domain constraint',
      name: row.name,
      definition: written(row.definition),
      notValid: row.not_valid,
    });
    domain.constraints.push(constraint);
    remember(draft, 'pg_constraint', row.oid, constraint);
  },
});
