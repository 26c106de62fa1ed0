/**
 * PostgreSQL 15 writes every column of a view with its table's name before it. Since 16 the name is left out where the
 * view reads from one table, subquery or function alone, except inside subqueries: `o.name` became `name`. A database
 * of 15 would seem to differ from all others in nearly every view, so its texts are brought to the newer form.
 * Source: PostgreSQL's ruleutils.c, `varprefix` in get_query_def.
 */
import { bodyOf, loadParser, type NodeBody, offsetOfByte, parseStatement } from '../../sql/index.js';

/** The last version that writes the names everywhere. */
export const LAST_WITH_NAMES = 15;

/** Brings the definitions of views, as PostgreSQL 15 writes them, to the form of newer versions. */
export async function alignDefinitions(views: readonly { definition: string }[]): Promise<void> {
  if (views.length > 0) {
    await loadParser();
  }
  for (const view of views) {
    view.definition = withoutNeedlessNames(view.definition);
  }
}

/** The parser must be loaded. A text that it does not know stays as it is. */
export function withoutNeedlessNames(definition: string): string {
  const outcome = parseStatement(definition);
  const select = outcome.kind === 'parsed' ? bodyOf(outcome.node, 'SelectStmt') : undefined;
  if (!select || !readsOneSource(select)) {
    return definition;
  }
  const { fromClause: _source, withClause: _queries, ...written } = select;
  return locationsOfNames(written).reduceRight((text, location) => {
    const start = offsetOfByte(text, location);
    return text.slice(0, start) + text.slice(start).replace(NAME_AND_DOT, '');
  }, definition);
}

function readsOneSource({ fromClause = [] }: NodeBody<'SelectStmt'>): boolean {
  return fromClause.length === 1 && bodyOf(fromClause[0], 'JoinExpr') === undefined;
}

const NAME_AND_DOT = /^(?:"(?:[^"]|"")*"|[^\s".]+)\./;

/** Where columns with a name before them stand, in ascending order; those inside subqueries left out. */
function locationsOfNames(node: unknown): number[] {
  const locations: number[] = [];
  collect(node, locations);
  return locations.sort((a, b) => a - b);
}

function collect(node: unknown, locations: number[]): void {
  if (typeof node !== 'object' || node === null) {
    return;
  }
  for (const [key, value] of Object.entries(node)) {
    if (key === 'ColumnRef') {
      locations.push(...locationOfName(value as NodeBody<'ColumnRef'>));
    } else if (key !== 'subselect') {
      collect(value, locations);
    }
  }
}

/** The name stays before a whole row: `o.*`. */
function locationOfName({ fields = [], location = 0 }: NodeBody<'ColumnRef'>): number[] {
  const isNamedColumn = fields.length === 2 && bodyOf(fields[1], 'String') !== undefined;
  return isNamedColumn ? [location] : [];
}
