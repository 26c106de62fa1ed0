/**
 * The columns of a table whose values depend on one another, because a condition reads them together or a foreign key
 * holds them together. What is in different components can be chosen apart.
 */
import type { ForeignKey } from '../../../schema/index.js';
import { mentionedIn, parseExpression } from '../conditions/expression.js';
import type { FillTable, RowCondition } from './fill-table.js';

export interface Component {
  /** Its columns that an insert may name. */
  readonly columns: readonly string[];
  /** Of the table and of its partitions. */
  readonly conditions: readonly RowCondition[];
  readonly foreignKeys: readonly ForeignKey[];
}

export function componentsOf(fill: FillTable): readonly Component[] {
  const conditions = [...fill.conditions, ...fill.leaves.flatMap((leaf) => leaf.conditions)];
  const groups = new Groups();
  const keyColumns = new Set(fill.foreignKeys.flatMap(({ columns }) => columns));
  const isColumnsOwn = (condition: RowCondition): boolean =>
    fill.conditions.includes(condition) &&
    condition.columns.length === 1 &&
    !keyColumns.has(condition.columns[0]!);
  for (const { columns } of conditions.filter((condition) => !isColumnsOwn(condition))) {
    groups.join(columns.flatMap((column) => [column, ...sourcesOf(fill, column)]));
  }
  for (const { columns, references } of fill.foreignKeys) {
    const isSelf = references.schema === fill.table.schema && references.table === fill.table.name;
    // A row may refer to itself.
    groups.join(isSelf ? [...columns, ...references.columns] : columns);
  }
  return groups.all().map((group) => ({
    columns: fill.columns.map(({ name }) => name).filter((name) => group.has(name)),
    conditions: conditions.filter(({ columns }) => columns.some((column) => group.has(column))),
    foreignKeys: fill.foreignKeys.filter(({ columns }) => group.has(columns[0]!)),
  }));
}

/** The columns that a generated column is computed from. */
function sourcesOf(fill: FillTable, column: string): readonly string[] {
  const expression = fill.columnsByName.get(column)?.generated?.expression;
  return expression === undefined ? [] : mentionedIn(parseExpression(expression)).columns;
}

/** Sets that grow together when a member joins them. */
class Groups {
  readonly #groups: Set<Set<string>> = new Set();

  join(members: readonly string[]): void {
    const joined = new Set(members);
    for (const group of this.#groups) {
      if (members.some((member) => group.has(member))) {
        this.#groups.delete(group);
        for (const member of group) {
          joined.add(member);
        }
      }
    }
    if (joined.size > 0) {
      this.#groups.add(joined);
    }
  }

  all(): readonly ReadonlySet<string>[] {
    return [...this.#groups];
  }
}
