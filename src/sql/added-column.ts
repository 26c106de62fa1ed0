/**
 * What `add column` does to the rows that are there. A constant or stable default is kept in the catalogue; one
 * that differs from row to row is written into each. Source: `ATExecAddColumn` in `commands/tablecmds.c`.
 */
import type { Node } from 'libpg-query';
import { type EffectContext, type RowChange, worseCertainty } from './effect.js';
import { bodyOf, type NodeBody, namesOf } from './node.js';
import type { Certainty } from './type-change.js';
import { expressionIsVolatile } from './volatility.js';

export function addedColumnChange(context: EffectContext, column: NodeBody<'ColumnDef'>): RowChange {
  const constraints = (column.constraints ?? []).map((node) => bodyOf(node, 'Constraint') ?? {});
  const rewrites = [
    ...constraints.map((constraint) => valueRewrites(context, constraint)),
    typeRewrites(context, column.typeName),
  ].reduce(worseCertainty, 'no');
  return { rewrites, scans: worseCertainty(rewrites, checksRows(constraints)) };
}

function valueRewrites(
  context: EffectContext,
  { contype, raw_expr, generated_kind }: NodeBody<'Constraint'>,
): Certainty {
  switch (contype) {
    case 'CONSTR_DEFAULT':
      return expressionIsVolatile(context, raw_expr);
    case 'CONSTR_IDENTITY':
      return 'yes';
    case 'CONSTR_GENERATED':
      return generated_kind === 'v' ? 'no' : 'yes';
    default:
      return 'no';
  }
}

/** A serial takes numbers from a sequence; a domain may have a default or constraints to be checked per row. */
function typeRewrites(context: EffectContext, typeName: NodeBody<'TypeName'> | undefined): Certainty {
  const parts = namesOf(typeName?.names);
  if (parts.length === 1 && /^(small|big)?serial[248]?$/.test(parts[0]!)) {
    return 'yes';
  }
  if (parts[0] === 'pg_catalog') {
    return 'no';
  }
  if (context.facts?.domain === undefined) {
    return parts.length === 1 && COMMON_TYPES.has(parts[0]!) ? 'no' : 'maybe';
  }
  return context.facts.domain(parts)?.hasConstraints ? 'yes' : 'no';
}

/** The built-in types that the grammar does not know by name, and those of well-known extensions. */
const COMMON_TYPES: ReadonlySet<string> = new Set(
  'text uuid json jsonb date bytea inet cidr money oid name citext tsvector tsquery xml point hstore int4range int8range numrange tsrange tstzrange daterange timestamptz timetz int2 int4 int8 float4 float8 bool'.split(
    ' ',
  ),
);

/** Constraints on the new column are checked for the rows that are there, unless its value is known to pass. */
function checksRows(constraints: readonly NodeBody<'Constraint'>[]): Certainty {
  const hasDefault = constraints.some(
    ({ contype, raw_expr }) => contype === 'CONSTR_DEFAULT' && !isNull(raw_expr),
  );
  const isChecked = constraints.some(({ contype }) => {
    switch (contype) {
      case 'CONSTR_CHECK':
      case 'CONSTR_PRIMARY':
      case 'CONSTR_UNIQUE':
        return true;
      case 'CONSTR_NOTNULL':
        return !hasDefault;
      case 'CONSTR_FOREIGN':
        return hasDefault;
      default:
        return false;
    }
  });
  return isChecked ? 'yes' : 'no';
}

function isNull(expression: Node | undefined): boolean {
  return bodyOf(expression, 'A_Const')?.isnull === true;
}
