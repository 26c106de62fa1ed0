/** Reading the parts of an expression's parse tree: columns, constants, operators. */
import { bodyOf, namesOf, type ParseOutcome, parseStatement } from '../../../sql/index.js';

/** A node of the parse tree. */
export type Node = Extract<ParseOutcome, { readonly kind: 'parsed' }>['node'];

/** The tree of an expression as PostgreSQL writes it; `undefined` where the parser does not know it. */
export function parseExpression(expression: string): Node | undefined {
  const outcome = parseStatement(`select ${expression}`);
  const select = outcome.kind === 'parsed' ? bodyOf(outcome.node, 'SelectStmt') : undefined;
  return bodyOf(select?.targetList?.[0], 'ResTarget')?.val;
}

/** The expression without casts and collations around it. */
export function bare(node: Node | undefined): Node | undefined {
  const inner = bodyOf(node, 'TypeCast')?.arg ?? bodyOf(node, 'CollateClause')?.arg;
  return inner === undefined ? node : bare(inner);
}

/** The column that the expression is, casts aside. */
export function columnOf(node: Node | undefined): string | undefined {
  return namesOf(bodyOf(bare(node), 'ColumnRef')?.fields).at(-1);
}

/** The constant that the expression is, casts aside, as text; `null` for the null. */
export function constantOf(node: Node | undefined): string | null | undefined {
  const constant = bodyOf(bare(node), 'A_Const');
  if (constant === undefined) {
    return undefined;
  }
  if (constant.isnull) {
    return null;
  }
  if (constant.boolval) {
    return constant.boolval.boolval ? 'true' : 'false';
  }
  return (
    constant.sval?.sval ??
    constant.fval?.fval ??
    constant.bsval?.bsval ??
    String(constant.ival?.ival ?? (constant.sval ? '' : 0))
  );
}

/** The constants of `array[…]` or of an array's text; `undefined` where there is more than constants. */
export function constantsOf(node: Node | undefined): readonly string[] | undefined {
  const elements = bodyOf(bare(node), 'A_ArrayExpr')?.elements ?? bodyOf(bare(node), 'List')?.items;
  if (elements !== undefined) {
    const values = elements.map((element) => constantOf(element));
    return values.every((value) => value !== undefined)
      ? values.filter((value) => value !== null)
      : undefined;
  }
  const text = constantOf(node);
  return typeof text === 'string' && text.startsWith('{') ? elementsOf(text) : undefined;
}

/** The elements of a flat array's text. */
function elementsOf(text: string): string[] {
  return [...text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll(/\\(.)/g, '$1') ?? plain!,
  );
}

/** An operator's name without its schema. */
export function operatorOf(names: readonly Node[] | undefined): string {
  return namesOf(names).at(-1) ?? '';
}

/** A called function's name without its schema, and its arguments. */
export function callOf(
  node: Node | undefined,
): { readonly name: string; readonly args: readonly Node[] } | undefined {
  const call = bodyOf(bare(node), 'FuncCall');
  return call && { name: namesOf(call.funcname).at(-1) ?? '', args: call.args ?? [] };
}

/** The columns and the constants that stand anywhere below the node. */
export function mentionedIn(node: Node | undefined): {
  readonly columns: readonly string[];
  readonly constants: readonly string[];
} {
  const columns = new Set<string>();
  const constants = new Set<string>();
  visit(node, (each) => {
    const column = bodyOf(each, 'ColumnRef') && columnOf(each);
    const constant = bodyOf(each, 'A_Const') && constantOf(each);
    if (column !== undefined) {
      columns.add(column);
    }
    if (typeof constant === 'string') {
      constants.add(constant);
      for (const element of constantsOf(each) ?? []) {
        constants.add(element);
      }
    }
  });
  return { columns: [...columns], constants: [...constants] };
}

function visit(value: unknown, see: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const element of value) {
      visit(element, see);
    }
  } else if (typeof value === 'object' && value !== null) {
    see(value as Node);
    for (const [key, part] of Object.entries(value)) {
      // The name of a type is no part of what the condition says.
      if (key !== 'typeName') {
        visit(part, see);
      }
    }
  }
}
