import type { Table, View } from '../../schema/index.js';
import { qualifiedName, quoteIdentifier } from '../../sql/index.js';
import type { Scene } from '../scene.js';
import { alterColumn } from './alter-column.js';
import { commentOn } from './comment.js';
import { lowerKeywords } from './keywords.js';
import { nameOf, relationNamed } from './named.js';
import { optionChanges } from './options.js';
import { privilegeChanges } from './privileges.js';
import { createView } from './view.js';

/** Another query, other settings, and what is said of the columns. */
export function viewChanges(then: View, now: View, scene: Scene): string[] {
  const isNewQuery = then.definition !== now.definition;
  const alter = `alter ${relationNamed(now)}`;
  const old = new Map(then.columns.map((column) => [column.name, column]));
  return [
    ...(isNewQuery ? [createView(now, true)] : []),
    ...(isNewQuery ? [] : optionChanges(then.options, now.options).map((change) => `${alter}\n  ${change}`)),
    ...(then.accessMethod === now.accessMethod
      ? []
      : [`${alter}\n  set access method ${quoteIdentifier(now.accessMethod ?? 'heap')}`]),
    ...(then.tablespace === now.tablespace
      ? []
      : [`${alter}\n  set tablespace ${quoteIdentifier(now.tablespace ?? 'pg_default')}`]),
    ...now.columns.flatMap((column) => {
      const before = old.get(column.name);
      const alterColumn = `${alter}\n  alter column ${quoteIdentifier(column.name)}`;
      const subject = `column ${qualifiedName(now.schema, now.name, column.name)}`;
      return [
        ...(before?.default === column.default
          ? []
          : [
              column.default === undefined
                ? `${alterColumn} drop default`
                : `${alterColumn} set default ${lowerKeywords(column.default)}`,
            ]),
        ...(now.kind === 'materialized view' && before ? alterViewColumn(now, before, column, scene) : []),
        ...(before?.comment === column.comment ? [] : [commentOn(subject, column.comment)]),
        ...(scene.withPrivileges
          ? privilegeChanges(before ?? {}, column, { on: nameOf(now), column: column.name })
          : []),
      ];
    }),
  ];
}

function alterViewColumn(
  view: View,
  before: View['columns'][number],
  now: View['columns'][number],
  { major, exact }: Scene,
): string[] {
  return alterColumn({
    table: view as unknown as Table,
    before,
    now,
    major,
    exact,
    isRetyped: false,
    hasChildren: false,
    isCarried: () => false,
  }).map((text) => text.replace(/^alter table/, 'alter materialized view'));
}
