/**
 * Which restricted columns a statement touches. A statement that names columns touches those it names; one that
 * takes the table as a whole, or all of its columns with `*`, touches every one. A table written without its schema
 * may be that of any schema.
 */
import { lexWithoutComments, nodeName, type RelationName, statementObjects } from '../../sql/index.js';
import type { ScriptStatement } from '../run/script.js';

/** The columns that are classified as restricted, as `schema.table.column`. */
export type RestrictedColumns = ReadonlySet<string>;

type Node = Parameters<typeof statementObjects>[0];

/** @returns the columns as `schema.table.column` */
export function touchedColumns(
  statement: ScriptStatement,
  node: Node,
  restricted: RestrictedColumns,
): readonly string[] {
  if (restricted.size === 0) {
    return [];
  }
  const { uses } = statementObjects(node);
  const relations = uses.map(({ of, schema, name }): RelationName => of ?? { schema, name });
  const schemas = new Set(uses.filter(({ kind }) => kind === 'schema').map(({ name }) => name));
  const names = namesIn(statement.text);
  const isRenamed = uses.some(({ action, of }) => action === 'rename' && of === undefined);
  const isWhole = isRenamed || names.has('*') || takesWholeTable(node, names);
  return [...restricted].filter((path) => {
    const [schema, table, column] = path.split('.') as [string, string, string];
    const isNamed = relations.some(
      (relation) => relation.name === table && (relation.schema ?? schema) === schema,
    );
    return schemas.has(schema) || (isNamed && (isWhole || names.has(column)));
  });
}

/** Statements that take a table as a whole, or decide who may see its rows. */
const WHOLE_TABLE: ReadonlySet<string> = new Set([
  'DropStmt',
  'TruncateStmt',
  'DeleteStmt',
  'MergeStmt',
  'GrantStmt',
  'CopyStmt',
  'CreatePolicyStmt',
  'AlterPolicyStmt',
  'AlterOwnerStmt',
  'AlterObjectSchemaStmt',
  'CreatePublicationStmt',
  'AlterPublicationStmt',
  'RuleStmt',
  'CreateTrigStmt',
]);

function takesWholeTable(node: Node, names: ReadonlySet<string>): boolean {
  const isInsertOfAll = 'InsertStmt' in node && (node.InsertStmt.cols ?? []).length === 0;
  const isRowSecurity = 'AlterTableStmt' in node && names.has('security');
  return isInsertOfAll || isRowSecurity || WHOLE_TABLE.has(nodeName(node));
}

/** Every name in the statement as PostgreSQL reads it: folded, unless it is quoted. */
function namesIn(text: string): ReadonlySet<string> {
  return new Set(
    lexWithoutComments(text).map(({ start, end }) => {
      const source = text.slice(start, end);
      return source.startsWith('"') ? source.slice(1, -1).replaceAll('""', '"') : source.toLowerCase();
    }),
  );
}
