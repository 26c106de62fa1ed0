/**
 * Which commands of `alter table` write every row anew, and which read every row to check it. Sources:
 * PostgreSQL manual, ALTER TABLE; `ATRewriteTables` and `NotNullImpliedByRelConstraints` in `commands/tablecmds.c`.
 */
import { addedColumnChange } from './added-column.js';
import type { RelationFacts } from './catalog-facts.js';
import { columnTypeChange } from './column-type-change.js';
import type { EffectContext, RowChange } from './effect.js';
import { bodyOf, type NodeBody, namesOf } from './node.js';
import type { Certainty } from './type-change.js';

const UNTOUCHED: RowChange = { rewrites: 'no', scans: 'no' };

/** What one command does to the rows of its table. */
export function rowChange(
  context: EffectContext,
  facts: RelationFacts | undefined,
  command: NodeBody<'AlterTableCmd'>,
): RowChange {
  const { subtype, name, def } = command;
  switch (subtype) {
    case 'AT_AddColumn':
      return addedColumnChange(context, bodyOf(def, 'ColumnDef') ?? {});
    case 'AT_AlterColumnType':
      return columnTypeChange(context, facts, name ?? '', bodyOf(def, 'ColumnDef') ?? {});
    case 'AT_SetLogged':
    case 'AT_SetUnLogged':
    case 'AT_SetAccessMethod':
    case 'AT_SetTableSpace':
      return { rewrites: 'maybe', scans: 'maybe' };
    case 'AT_SetExpression':
      return setExpressionChange(facts, name);
    case 'AT_SetNotNull':
      return { rewrites: 'no', scans: notNullScan(facts, name) };
    case 'AT_AddConstraint':
      return { rewrites: 'no', scans: addedConstraintScan(facts, bodyOf(def, 'Constraint') ?? {}) };
    case 'AT_ValidateConstraint':
      return { rewrites: 'no', scans: validationScan(facts, name) };
    default:
      return UNTOUCHED;
  }
}

function setExpressionChange(facts: RelationFacts | undefined, name: string | undefined): RowChange {
  const generated = facts?.columns?.find((column) => column.name === name)?.generated;
  const rewrites = generated === undefined ? 'maybe' : generated === 'stored' ? 'yes' : 'no';
  return { rewrites, scans: rewrites === 'no' ? 'maybe' : rewrites };
}

/** No scan where the column cannot be null already, or a validated check constraint says so. */
function notNullScan(facts: RelationFacts | undefined, name: string | undefined): Certainty {
  if (facts?.columns === undefined) {
    return 'maybe';
  }
  const isProven =
    facts.columns.some((column) => column.name === name && column.isNotNull) ||
    facts.constraints?.some(
      ({ kind, isValidated, columns, condition }) =>
        kind === 'check' && isValidated && columns.includes(name!) && impliesNotNull(condition ?? '', name!),
    );
  return isProven ? 'no' : 'yes';
}

/** The condition is `column IS NOT NULL`, alone or joined to others by `and`. */
function impliesNotNull(condition: string, column: string): boolean {
  const parts = condition.replaceAll(/[()"]/g, '').split(' AND ');
  return (
    !/ OR |\bNOT (?!NULL)/.test(condition) && parts.some((part) => part.trim() === `${column} IS NOT NULL`)
  );
}

function addedConstraintScan(
  facts: RelationFacts | undefined,
  { contype, skip_validation, is_enforced, indexname, keys }: NodeBody<'Constraint'>,
): Certainty {
  switch (contype) {
    case 'CONSTR_FOREIGN':
    case 'CONSTR_CHECK':
      return skip_validation || is_enforced === false ? 'no' : 'yes';
    case 'CONSTR_NOTNULL':
      return skip_validation ? 'no' : notNullScan(facts, namesOf(keys)[0]);
    case 'CONSTR_PRIMARY':
      return indexname === undefined ? 'yes' : 'maybe';
    case 'CONSTR_UNIQUE':
      return indexname === undefined ? 'yes' : 'no';
    default:
      return 'yes';
  }
}

function validationScan(facts: RelationFacts | undefined, name: string | undefined): Certainty {
  const constraint = facts?.constraints?.find((candidate) => candidate.name === name);
  return constraint === undefined ? 'maybe' : constraint.isValidated ? 'no' : 'yes';
}
