import type { Column, Table, View } from '../../schema/index.js';
import { qualifiedName, quoteIdentifier } from '../../sql/index.js';
import type { Scene } from '../scene.js';
import { commentOn } from './comment.js';
import { nameOf, relationNamed } from './named.js';
import { privilegeChanges } from './privileges.js';

/** Comments and privileges of a column. */
export function columnNotes(relation: Table | View, column: Column, scene: Scene): string[] {
  const subject = `column ${qualifiedName(relation.schema, relation.name, column.name)}`;
  const constraint = column.notNullConstraint;
  const sequence = column.identity;
  return [
    ...(column.identity?.type
      ? [
          `alter sequence ${qualifiedName(relation.schema, column.identity.sequence)} as ${column.identity.type}`,
        ]
      : []),
    ...(scene.withPrivileges
      ? [
          ...privilegeChanges({}, column, { on: nameOf(relation), column: column.name }),
          ...(sequence
            ? privilegeChanges({}, sequence, {
                on: `sequence ${qualifiedName(relation.schema, sequence.sequence)}`,
              })
            : []),
        ]
      : []),
    ...(column.comment === undefined ? [] : [commentOn(subject, column.comment)]),
    ...(sequence?.comment === undefined
      ? []
      : [commentOn(`sequence ${qualifiedName(relation.schema, sequence.sequence)}`, sequence.comment)]),
    ...(constraint?.comment === undefined
      ? []
      : [
          commentOn(
            `constraint ${quoteIdentifier(constraint.name ?? `${relation.name}_${column.name}_not_null`)} on ${nameOf(relation)}`,
            constraint.comment,
          ),
        ]),
  ];
}

/** A not-null constraint that is not validated: no definition of a column has words for it. */
export function lateNotNull(table: Table, column: Column): string {
  const { name, noInherit } = column.notNullConstraint!;
  const constraint = quoteIdentifier(name ?? `${table.name}_${column.name}_not_null`);
  return `alter ${relationNamed(table)}\n  add constraint ${constraint} not null ${quoteIdentifier(column.name)}${noInherit ? ' no inherit' : ''} not valid`;
}
