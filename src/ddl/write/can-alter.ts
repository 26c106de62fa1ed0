/** What can become another of its address without being dropped. */
import type { Constraint, Table, TableIndex, View } from '../../schema/index.js';
import type { Unit } from '../unit.js';
import { canAlterColumn } from './alter-column.js';
import { withoutStorage } from './index-statement.js';
import { canAlterPolicy } from './policy.js';
import { canBeReplaced } from './routine.js';
import { canChangeAttributes, onlyAddsLabels } from './type.js';
import { canReplaceView } from './view.js';

/** Whether there are statements for it; otherwise the unit is dropped and made again. */
export function canAlter(then: Unit, now: Unit, major: number): boolean {
  switch (now.kind) {
    case 'type':
      return canAlterType(then as Unit<'type'>, now);
    case 'table':
      return canAlterTable((then as Unit<'table'>).object, now.object);
    case 'view':
      return canAlterView((then as Unit<'view'>).object, now.object);
    case 'column':
      return canAlterColumn((then as Unit<'column'>).object, now.object, major);
    case 'constraint':
      return canAlterConstraint((then as Unit<'constraint'>).object, now.object);
    case 'index':
      return isSameIndex((then as Unit<'index'>).object, now.object);
    case 'routine':
      return canBeReplaced((then as Unit<'routine'>).object, now.object);
    case 'trigger': {
      const before = (then as Unit<'trigger'>).object;
      return (
        before.definition === now.object.definition ||
        ![before, now.object].some(({ definition }) => definition.startsWith('CREATE CONSTRAINT'))
      );
    }
    case 'policy':
      return canAlterPolicy((then as Unit<'policy'>).object, now.object);
    case 'statistics':
      return (then as Unit<'statistics'>).object.definition === now.object.definition;
    case 'event trigger': {
      const before = (then as Unit<'event trigger'>).object;
      const essence = ({ event, function: called, tags }: typeof before): string =>
        JSON.stringify([event, called, tags]);
      return essence(before) === essence(now.object);
    }
    case 'foreign server': {
      const before = (then as Unit<'foreign server'>).object;
      return (
        before.wrapper === now.object.wrapper &&
        before.type === now.object.type &&
        !(before.version && !now.object.version)
      );
    }
    case 'publication':
      return (then as Unit<'publication'>).object.allTables === now.object.allTables;
    case 'other object':
      return (then as Unit<'other object'>).object.definition === now.object.definition;
    case 'attachment':
    case 'inheritance':
    case 'published table':
      return false;
    default:
      return true;
  }
}

function canAlterType(then: Unit<'type'>, now: Unit<'type'>): boolean {
  const [old, young] = [then.object, now.object];
  if (old.kind === 'enum' && young.kind === 'enum') {
    return onlyAddsLabels(old, young);
  }
  if (old.kind === 'composite type' && young.kind === 'composite type') {
    return canChangeAttributes(old, young);
  }
  if (old.kind === 'domain' && young.kind === 'domain') {
    return old.baseType === young.baseType && old.collation === young.collation;
  }
  const essence = (type: object): string =>
    JSON.stringify({ ...type, owner: 0, comment: 0, grants: 0, revokes: 0 });
  return essence(old) === essence(young);
}

function canAlterTable(then: Table, now: Table): boolean {
  return (
    then.partitionBy?.definition === now.partitionBy?.definition &&
    then.foreign?.server === now.foreign?.server &&
    (then.unlogged === now.unlogged || !now.partitionBy)
  );
}

function canAlterView(then: View, now: View): boolean {
  return then.kind === now.kind && (then.definition === now.definition || canReplaceView(then, now));
}

/** `alter constraint` and `validate constraint` can do this much; the definition says the same again. */
function canAlterConstraint(then: Constraint, now: Constraint): boolean {
  const isForeignKey = now.kind === 'foreign key';
  const changeable = {
    definition: 0,
    comment: 0,
    notValid: 0,
    ...(isForeignKey ? { deferrable: 0, initiallyDeferred: 0, notEnforced: 0 } : {}),
  };
  const essence = (one: Constraint): string =>
    JSON.stringify(Object.entries({ ...one, ...changeable }).sort());
  const isSound = isForeignKey || then.definition === now.definition || becameValid(then, now);
  const losesProof = isUnproven(now) && !isUnproven(then);
  return essence(then) === essence(now) && isSound && !losesProof;
}

function isUnproven(one: Constraint): boolean {
  return 'notValid' in one && one.notValid === true;
}

/** Only the later of the two is proven by the rows. */
export function becameValid(then: Constraint, now: Constraint): boolean {
  return isUnproven(then) && !isUnproven(now);
}

function isSameIndex(then: TableIndex, now: TableIndex): boolean {
  return withoutStorage(then) === withoutStorage(now) && !(then.invalid && !now.invalid);
}
