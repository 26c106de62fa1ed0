import {
  bodyOf,
  formatTypeName,
  namesOf,
  qualifiedName,
  quoteIdentifier,
  quoteLiteral,
} from '../../../sql/index.js';
import { constantOf, type Node, operatorOf } from './expression.js';

/**
 * The SQL of an expression made of columns, constants, operators, casts and function calls; `undefined` where there is
 * more in it.
 */
export function expressionText(node: Node | undefined): string | undefined {
  const column = namesOf(bodyOf(node, 'ColumnRef')?.fields).at(-1);
  if (column !== undefined) {
    return quoteIdentifier(column);
  }
  if (bodyOf(node, 'A_Const')) {
    const constant = constantOf(node);
    return constant === null || constant === undefined ? 'null' : quoteLiteral(constant);
  }
  const cast = bodyOf(node, 'TypeCast');
  if (cast) {
    const arg = expressionText(cast.arg);
    return arg === undefined || cast.typeName === undefined
      ? undefined
      : `(${arg})::${formatTypeName(cast.typeName)}`;
  }
  const call = bodyOf(node, 'FuncCall');
  if (call) {
    const args = (call.args ?? []).map(expressionText);
    const isPlain =
      !call.agg_distinct && !call.agg_order && !call.over && !call.func_variadic && !call.agg_star;
    return args.includes(undefined) || !isPlain
      ? undefined
      : `${qualifiedName(...namesOf(call.funcname))}(${args.join(', ')})`;
  }
  const operation = bodyOf(node, 'A_Expr');
  const [left, right] = [expressionText(operation?.lexpr), expressionText(operation?.rexpr)];
  const operator = operatorOf(operation?.name);
  return operation?.kind === 'AEXPR_OP' &&
    left !== undefined &&
    right !== undefined &&
    /^[-+*/%|&]+$/.test(operator)
    ? `(${left} ${operator} ${right})`
    : undefined;
}
