import type { Table } from '../../schema/index.js';
import { qualifiedName, quoteIdentifier } from '../../sql/index.js';
import type { Decisions, Scene } from '../scene.js';
import type { Unit } from '../unit.js';
import { alterColumn } from './alter-column.js';
import { commentOn } from './comment.js';
import { nameOf } from './named.js';
import { privilegeChanges } from './privileges.js';

/** A table’s column with what hangs on it: its not-null constraint and the sequence of its identity. */
export function columnChanges(
  then: Unit<'column'>,
  now: Unit<'column'>,
  scene: Scene,
  decisions: Decisions,
): string[] {
  const table = now.relation as Table;
  const { major, exact } = scene;
  const isRetyped = decisions.isRetyped(now.key);
  const hasChildren = scene.to.children.has(`${table.schema}\0${table.name}`);
  const isCarried = (property: keyof typeof now.object): boolean => decisions.isCarried(now.key, property);
  const [before, after] = [then.object, now.object];
  const constraint = after.notNullConstraint;
  const notNullName = quoteIdentifier(constraint?.name ?? `${table.name}_${after.name}_not_null`);
  const sequence = after.identity && `sequence ${qualifiedName(table.schema, after.identity.sequence)}`;
  return [
    ...alterColumn({ table, before, now: after, major, exact, isRetyped, isCarried, hasChildren }),
    ...(constraint && before.notNullConstraint?.comment !== constraint.comment
      ? [commentOn(`constraint ${notNullName} on ${nameOf(table)}`, constraint.comment)]
      : []),
    ...(!constraint && before.notNullConstraint?.comment !== undefined && after.notNull
      ? [commentOn(`constraint ${notNullName} on ${nameOf(table)}`, undefined)]
      : []),
    ...(sequence && before.identity?.comment !== after.identity?.comment
      ? [commentOn(sequence, after.identity?.comment)]
      : []),
    ...(sequence && scene.withPrivileges
      ? privilegeChanges(before.identity ?? {}, after.identity!, { on: sequence })
      : []),
  ];
}
