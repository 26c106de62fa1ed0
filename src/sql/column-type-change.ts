/** What `alter column … type` does to the rows of a table whose column's type may be known. */
import type { RelationFacts } from './catalog-facts.js';
import type { EffectContext, RowChange } from './effect.js';
import { bodyOf, type NodeBody, namesOf } from './node.js';
import { type Certainty, typeChangeIsLossless, typeChangeRewrites } from './type-change.js';
import { formatTypeName } from './type-name.js';

/** The column's definition in the statement: the new type, and the `using` expression. */
type NewType = NodeBody<'ColumnDef'>;

export function columnTypeChange(
  context: EffectContext,
  facts: RelationFacts | undefined,
  column: string,
  newType: NewType,
): RowChange {
  const rewrites = rewritesTable(context, facts, column, newType);
  if (rewrites !== 'no') {
    return { rewrites, scans: rewrites };
  }
  // Constraints and indexes on the column are made anew, which may read the table.
  const isUsed = facts?.constraints?.some(({ columns }) => columns.includes(column));
  return { rewrites, scans: isUsed === false ? 'no' : 'maybe' };
}

/** True when no value can change by it, as far as the types tell: a `using` expression may do anything. */
export function columnTypeChangeIsLossless(
  context: EffectContext,
  facts: RelationFacts | undefined,
  column: string,
  newType: NewType,
): boolean {
  const [from, to] = typesOf(context, facts, column, newType);
  return !transforms(column, newType) && typeChangeIsLossless({ from, to });
}

function rewritesTable(
  context: EffectContext,
  facts: RelationFacts | undefined,
  column: string,
  newType: NewType,
): Certainty {
  if (transforms(column, newType)) {
    return 'yes';
  }
  if (context.facts?.domain?.(namesOf(newType.typeName?.names))?.hasConstraints) {
    return 'yes';
  }
  const [from, to] = typesOf(context, facts, column, newType);
  return typeChangeRewrites({ from, to, timeZoneIsUtc: context.facts?.timeZoneIsUtc });
}

/** The old and the new type, domains seen through. */
function typesOf(
  context: EffectContext,
  facts: RelationFacts | undefined,
  column: string,
  newType: NewType,
): readonly [from: string | undefined, to: string] {
  const from = facts?.columns?.find(({ name }) => name === column)?.type;
  const old = from === undefined ? undefined : context.facts?.domain?.(from.split('.'))?.baseType;
  const target = context.facts?.domain?.(namesOf(newType.typeName?.names))?.baseType;
  return [old ?? from, target ?? formatTypeName(newType.typeName)];
}

/** The `using` expression is more than the column, or its cast to the new type. */
function transforms(column: string, { raw_default, typeName }: NewType): boolean {
  if (raw_default === undefined) {
    return false;
  }
  const cast = bodyOf(raw_default, 'TypeCast');
  if (cast !== undefined && formatTypeName(cast.typeName) !== formatTypeName(typeName)) {
    return true;
  }
  const fields = bodyOf(cast?.arg ?? raw_default, 'ColumnRef')?.fields;
  return namesOf(fields).at(-1) !== column;
}
