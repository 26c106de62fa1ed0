import type {
  CheckConstraint,
  Constraint,
  ExclusionConstraint,
  ForeignKey,
  PrimaryKey,
  UniqueConstraint,
} from '../../schema/index.js';
import { columnNames, type Draft, type ModelDraft, remember, tableOf } from './draft.js';
import { catalogKind } from './kind.js';
import { present } from './present.js';
import { written } from './written.js';

type Action = 'a' | 'r' | 'c' | 'n' | 'd';

interface ConstraintRow {
  readonly oid: number;
  readonly relation_oid: number;
  readonly constraint_kind: 'p' | 'u' | 'f' | 'c' | 'x';
  readonly name: string;
  readonly definition: string | null;
  readonly deferrable: boolean;
  readonly initially_deferred: boolean;
  readonly not_valid: boolean;
  readonly not_enforced: boolean;
  readonly period: boolean;
  readonly not_local: boolean;
  readonly has_parent: boolean;
  readonly no_inherit: boolean;
  readonly columns: number[] | null;
  readonly include: number[] | null;
  readonly expression: string | null;
  readonly on_update: Action;
  readonly on_delete: Action;
  readonly on_delete_columns: number[] | null;
  readonly match: 's' | 'f' | 'p';
  readonly referenced_oid: number;
  readonly referenced_columns: number[] | null;
  readonly referenced_schema: string | null;
  readonly referenced_table: string | null;
  readonly referenced_names: string[] | null;
  readonly nulls_not_distinct: boolean | null;
}

export const constraints = catalogKind<ConstraintRow>({
  query: 'constraints',
  add: (row, draft) => {
    const table = tableOf(draft, row.relation_oid);
    if (!table) {
      return;
    }
    const isPartition = table.partitionOf !== undefined;
    const constraint = constraintOf(row, draft, isPartition ? row.has_parent : row.not_local);
    table.constraints.push(constraint);
    remember(draft, 'pg_constraint', row.oid, constraint);
  },
});

function constraintOf(row: ConstraintRow, draft: ModelDraft, inherited: boolean): Draft<Constraint> {
  const columns = columnNames(draft, row.relation_oid, row.columns);
  const common = {
    name: row.name,
    definition: written(row.definition),
    deferrable: row.deferrable,
    initiallyDeferred: row.initially_deferred,
    inherited,
  };
  const keyed = {
    columns,
    include: row.include && columnNames(draft, row.relation_oid, row.include),
    withoutOverlaps: row.period,
  };
  // A constraint that is not enforced has proven nothing; that it is not valid either goes without saying.
  const unproven = { notValid: row.not_valid && !row.not_enforced, notEnforced: row.not_enforced };
  switch (row.constraint_kind) {
    case 'p':
      return present<Draft<PrimaryKey>>({ kind: 'primary key', ...common, ...keyed });
    case 'u':
      return present<Draft<UniqueConstraint>>({
        kind: 'unique',
        ...common,
        ...keyed,
        nullsNotDistinct: row.nulls_not_distinct,
      });
    case 'f':
      return present<Draft<ForeignKey>>({
        kind: 'foreign key',
        ...common,
        columns,
        ...referenced(row, draft),
        ...unproven,
      });
    case 'c':
      return present<Draft<CheckConstraint>>({
        kind: 'check',
        ...common,
        expression: written(row.expression),
        columns: columns.sort(),
        noInherit: row.no_inherit,
        ...unproven,
      });
    case 'x':
      return present<Draft<ExclusionConstraint>>({ kind: 'exclusion', ...common, columns });
  }
}

const ACTIONS = { a: undefined, r: 'restrict', c: 'cascade', n: 'set null', d: 'set default' } as const;
const MATCHES = { s: undefined, f: 'full', p: 'partial' } as const;

function referenced(row: ConstraintRow, draft: ModelDraft) {
  return {
    references: {
      schema: row.referenced_schema!,
      table: row.referenced_table!,
      columns: row.referenced_names ?? columnNames(draft, row.referenced_oid, row.referenced_columns),
    },
    onUpdate: ACTIONS[row.on_update],
    onDelete: ACTIONS[row.on_delete],
    onDeleteColumns: row.on_delete_columns && columnNames(draft, row.relation_oid, row.on_delete_columns),
    match: MATCHES[row.match],
    period: row.period,
  };
}
