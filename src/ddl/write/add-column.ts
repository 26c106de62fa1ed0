import type { Column, Table } from '../../schema/index.js';
import type { Decisions, Scene } from '../scene.js';
import { keyOf, type Unit } from '../unit.js';
import { columnDefinition, columnSettings } from './column.js';
import { columnNotes, lateNotNull } from './column-notes.js';
import { columnsAfterwards } from './create-table.js';
import { relationNamed } from './named.js';

/** `add column`, and what the column of the tables below has otherwise. */
export function addedColumn(one: Unit<'column'>, scene: Scene, decisions: Decisions): string[] {
  const table = one.relation as Table;
  const column = one.object;
  const withDefault = decisions.isInline(keyOf('default', one.path));
  const definition = columnDefinition(table, column, { withDefault, major: scene.major });
  return [
    `alter ${relationNamed(table)}\n  add column ${definition}`,
    ...columnSettings(column, { table, only: hasChildren(table, scene), major: scene.major }),
    ...(column.notNullConstraint?.notValid && scene.major >= 18 ? [lateNotNull(table, column)] : []),
    // `create` itself adds the comment.
    ...columnNotes(table, { ...column, comment: undefined } as unknown as Column, {
      ...scene,
      withPrivileges: false,
    }),
    ...carriedColumns(table, column, scene, decisions),
  ];
}

/** What the same column of the tables below has otherwise. */
function carriedColumns(table: Table, column: Column, scene: Scene, decisions: Decisions): string[] {
  return (scene.to.children.get(`${table.schema}\0${table.name}`) ?? []).flatMap((child) => {
    const path = [child.schema, child.name, column.name];
    const own = child.columns.find(({ name }) => name === column.name);
    return own &&
      decisions.isInline(keyOf('column', path)) &&
      !decisions.isCreated(keyOf('table', path.slice(0, 2)))
      ? [
          ...columnsAfterwards(child, own, column, decisions.isInline(keyOf('default', path)), scene, true),
          ...carriedColumns(child, own, scene, decisions),
        ]
      : [];
  });
}

function hasChildren(table: Table, { to }: Scene): boolean {
  return to.children.has(`${table.schema}\0${table.name}`);
}
