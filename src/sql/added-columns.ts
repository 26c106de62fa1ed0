import type { Node } from 'libpg-query';
import { bodyOf } from './node.js';
import type { RelationName } from './relation-name.js';

export interface AddedColumn {
  readonly relation: RelationName;
  readonly column: string;
}

/** The columns that an `alter table` adds. */
export function addedColumns(node: Node): readonly AddedColumn[] {
  const { relation, cmds = [] } = bodyOf(node, 'AlterTableStmt') ?? {};
  return cmds.flatMap((each) => {
    const command = bodyOf(each, 'AlterTableCmd');
    const column =
      command?.subtype === 'AT_AddColumn' ? bodyOf(command.def, 'ColumnDef')?.colname : undefined;
    return column && relation?.relname
      ? [{ relation: { schema: relation.schemaname, name: relation.relname }, column }]
      : [];
  });
}
