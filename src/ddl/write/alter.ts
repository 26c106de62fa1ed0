/** What turns a unit into another of its address without dropping it. */
import { quoteIdentifier, quoteLiteral } from '../../sql/index.js';
import type { Decisions, Scene } from '../scene.js';
import type { Unit } from '../unit.js';
import { constraintChanges } from './alter-constraint.js';
import { indexChanges } from './alter-index.js';
import { tableChanges } from './alter-table.js';
import { typeChanges } from './alter-type.js';
import { viewChanges } from './alter-view.js';
import { columnChanges } from './change-column.js';
import { commentStatements } from './comment.js';
import { createUnit } from './create.js';
import { named } from './named.js';
import { foreignOptionChanges } from './options.js';
import { defaultPrivilegesPrefix, ownerStatements, privilegeStatements } from './ownership.js';
import { alterPolicy } from './policy.js';
import { privilegeChanges } from './privileges.js';
import { publicationChanges } from './publication.js';
import { createRoutine } from './routine.js';
import { settingChanges } from './sequence.js';
import { firing, ruleStatement, triggerStatement } from './trigger.js';

/** The statements. `then` and `now` have the same address, and `canAlter` has said yes. */
export function alterUnit(then: Unit, now: Unit, scene: Scene, decisions: Decisions): string[] {
  return [
    ...bareChanges(then, now, scene, decisions),
    ...ownerStatements(then, now, scene),
    ...privilegeStatements(then, now, scene),
    ...commentStatements(then, now),
  ];
}

function bareChanges(then: Unit, now: Unit, scene: Scene, decisions: Decisions): string[] {
  switch (now.kind) {
    case 'extension': {
      const before = (then as Unit<'extension'>).object;
      const alter = `alter ${named(now)}`;
      return [
        ...(before.schema === now.object.schema
          ? []
          : [`${alter}\n  set schema ${quoteIdentifier(now.object.schema)}`]),
        ...(scene.exact && before.version !== now.object.version
          ? [`${alter}\n  update to ${quoteLiteral(now.object.version)}`]
          : []),
      ];
    }
    case 'type':
      return typeChanges(then as Unit<'type'>, now);
    case 'sequence': {
      const before = (then as Unit<'sequence'>).object;
      const changes = settingChanges(before, now.object);
      return [
        ...(changes.length > 0 ? [[`alter ${named(now)}`, ...changes].join('\n  ')] : []),
        ...(before.unlogged === now.object.unlogged
          ? []
          : [`alter ${named(now)}\n  set ${now.object.unlogged ? 'unlogged' : 'logged'}`]),
      ];
    }
    case 'table':
      return tableChanges((then as Unit<'table'>).object, now.object, scene, decisions);
    case 'view':
      return viewChanges((then as Unit<'view'>).object, now.object, scene);
    case 'column':
      return columnChanges(then as Unit<'column'>, now, scene, decisions);
    case 'constraint':
      return constraintChanges((then as Unit<'constraint'>).object, now);
    case 'index':
    case 'backing index':
      return indexChanges((then as Unit<'index'>).object, now.object, now.relation!);
    case 'routine': {
      const before = (then as Unit<'routine'>).object;
      return JSON.stringify(withoutNotes(before)) === JSON.stringify(withoutNotes(now.object))
        ? []
        : [createRoutine(now.object, true)];
    }
    case 'trigger':
      return [
        ...((then as Unit<'trigger'>).object.definition === now.object.definition
          ? []
          : [triggerStatement(now.object.definition, true)]),
        ...((then as Unit<'trigger'>).object.enabled === now.object.enabled &&
        (then as Unit<'trigger'>).object.definition === now.object.definition
          ? []
          : firing(now, true)),
      ];
    case 'rule':
      return [
        ...((then as Unit<'rule'>).object.definition === now.object.definition
          ? []
          : [ruleStatement(now.object.definition).replace(/^create rule/, 'create or replace rule')]),
        ...((then as Unit<'rule'>).object.enabled === now.object.enabled ? [] : firing(now, true)),
      ];
    case 'policy':
      return alterPolicy(then as Unit<'policy'>, now);
    case 'statistics':
      return (then as Unit<'statistics'>).object.target === now.object.target
        ? []
        : [`alter ${named(now)} set statistics ${now.object.target ?? -1}`];
    case 'event trigger':
      return (then as Unit<'event trigger'>).object.enabled === now.object.enabled ? [] : firing(now, true);
    case 'foreign data wrapper':
      return wrapperChanges((then as Unit<'foreign data wrapper'>).object, now);
    case 'foreign server': {
      const before = (then as Unit<'foreign server'>).object;
      const options = foreignOptionChanges(before.options, now.object.options);
      const clauses = [
        ...(before.version === now.object.version
          ? []
          : [`version ${quoteLiteral(now.object.version ?? '')}`]),
        ...(options === undefined ? [] : [options]),
      ];
      return clauses.length > 0 ? [[`alter ${named(now)}`, ...clauses].join('\n  ')] : [];
    }
    case 'publication':
      return publicationChanges((then as Unit<'publication'>).object, now.object);
    case 'default privileges':
      return privilegeChanges((then as Unit<'default privileges'>).object, now.object, {
        on: now.object.objects,
        prefix: defaultPrivilegesPrefix(now.object),
      });
    case 'default':
    case 'ownership':
      return createUnit(now, scene, decisions);
    default:
      return [];
  }
}

function withoutNotes(object: object): object {
  return { ...object, comment: 0, owner: 0, grants: 0, revokes: 0 };
}

function wrapperChanges(
  then: Unit<'foreign data wrapper'>['object'],
  now: Unit<'foreign data wrapper'>,
): string[] {
  const { handler, validator, options } = now.object;
  const changed = foreignOptionChanges(then.options, options);
  const clauses = [
    ...(then.handler === handler ? [] : [handler ? `handler ${handler}` : 'no handler']),
    ...(then.validator === validator ? [] : [validator ? `validator ${validator}` : 'no validator']),
    ...(changed === undefined ? [] : [changed]),
  ];
  return clauses.length > 0 ? [[`alter ${named(now)}`, ...clauses].join('\n  ')] : [];
}
