/** What turns a unit into another of its address without dropping it. */
import type { CompositeType, Constraint, Domain, Table, TableIndex, View } from '../../schema/index.js';
import { qualifiedName, quoteIdentifier, quoteLiteral } from '../../sql/index.js';
import { stayingParts } from '../partition-indexes.js';
import type { Decisions, Scene } from '../scene.js';
import { keyOf, type Unit } from '../unit.js';
import { alterColumn, canAlterColumn } from './alter-column.js';
import {
  commentOn,
  commentStatements,
  createUnit,
  firing,
  indexMarks,
  ruleStatement,
  triggerStatement,
} from './create.js';
import { withoutStorage } from './index-statement.js';
import { lowerKeywords } from './keywords.js';
import { named, nameOf, relationNamed } from './named.js';
import { foreignOptionChanges, optionChanges } from './options.js';
import { defaultPrivilegesPrefix, ownerStatements, privilegeStatements } from './ownership.js';
import { alterPolicy, canAlterPolicy } from './policy.js';
import { privilegeChanges } from './privileges.js';
import { publicationChanges } from './publication.js';
import { canBeReplaced, createRoutine } from './routine.js';
import { settingChanges } from './sequence.js';
import {
  addedLabels,
  attributeDefinition,
  canChangeAttributes,
  domainConstraint,
  onlyAddsLabels,
} from './type.js';
import { canReplaceView, createView } from './view.js';

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

function becameValid(then: Constraint, now: Constraint): boolean {
  return isUnproven(then) && !isUnproven(now);
}

function isSameIndex(then: TableIndex, now: TableIndex): boolean {
  return withoutStorage(then) === withoutStorage(now) && !(then.invalid && !now.invalid);
}

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
      return [
        ...tableChanges((then as Unit<'table'>).object, now.object, scene),
        ...inheritedIndexChanges((then as Unit<'table'>).object, now.object, scene, decisions),
      ];
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

function typeChanges(then: Unit<'type'>, now: Unit<'type'>): string[] {
  const [old, young] = [then.object, now.object];
  if (old.kind === 'enum' && young.kind === 'enum') {
    return addedLabels(old, young);
  }
  if (old.kind === 'composite type' && young.kind === 'composite type') {
    return attributeChanges(old, young);
  }
  return old.kind === 'domain' && young.kind === 'domain' ? domainChanges(old, young) : [];
}

function attributeChanges(then: CompositeType, now: CompositeType): string[] {
  const old = new Map(then.attributes.map((attribute) => [attribute.name, attribute]));
  const young = new Set(now.attributes.map(({ name }) => name));
  const alter = `alter type ${nameOf(now)}`;
  return [
    ...then.attributes
      .filter(({ name }) => !young.has(name))
      .map(({ name }) => `${alter}\n  drop attribute ${quoteIdentifier(name)} cascade`),
    ...now.attributes
      .filter(({ name }) => !old.has(name))
      .map((one) => `${alter}\n  add attribute ${attributeDefinition(one)} cascade`),
    ...now.attributes
      .filter(({ name, comment }) => old.get(name)?.comment !== comment)
      .map(({ name, comment }) => commentOn(`column ${nameOf(now)}.${quoteIdentifier(name)}`, comment)),
  ];
}

function domainChanges(then: Domain, now: Domain): string[] {
  const alter = `alter domain ${nameOf(now)}\n  `;
  const old = new Map(then.constraints.map((one) => [one.name, one]));
  const young = new Map(now.constraints.map((one) => [one.name, one]));
  const isReplaced = (name: string): boolean => {
    const [before, after] = [old.get(name), young.get(name)];
    const bare = (text: string): string => text.replace(/ NOT VALID$/, '');
    return (
      !before ||
      !after ||
      bare(before.definition) !== bare(after.definition) ||
      (!before.notValid && after.notValid === true)
    );
  };
  return [
    ...then.constraints
      .filter(({ name }) => isReplaced(name))
      .map(({ name }) => `${alter}drop constraint ${quoteIdentifier(name)}`),
    ...(then.default === now.default
      ? []
      : [
          `${alter}${now.default === undefined ? 'drop default' : `set default ${lowerKeywords(now.default)}`}`,
        ]),
    ...(then.notNull === now.notNull ? [] : [`${alter}${now.notNull ? 'set' : 'drop'} not null`]),
    ...now.constraints.flatMap((one) => {
      const before = old.get(one.name);
      const isNew = isReplaced(one.name);
      const comment = isNew ? undefined : before?.comment;
      return [
        ...(isNew ? [`${alter}add ${domainConstraint(one)}`] : []),
        ...(!isNew && before?.notValid && !one.notValid
          ? [`${alter}validate constraint ${quoteIdentifier(one.name)}`]
          : []),
        ...(comment === one.comment
          ? []
          : [commentOn(`constraint ${quoteIdentifier(one.name)} on domain ${nameOf(now)}`, one.comment)]),
      ];
    }),
  ];
}

function tableChanges(then: Table, now: Table, { major }: Scene): string[] {
  const alter = `alter ${relationNamed(now)}`;
  const line = (clause: string): string => `${alter}\n  ${clause}`;
  const foreign = foreignOptionChanges(then.foreign?.options, now.foreign?.options);
  return [
    ...(then.ofType === now.ofType ? [] : [line(now.ofType ? `of ${now.ofType}` : 'not of')]),
    ...(then.unlogged === now.unlogged ? [] : [line(now.unlogged ? 'set unlogged' : 'set logged')]),
    ...(then.accessMethod === now.accessMethod
      ? []
      : [
          line(
            `set access method ${now.accessMethod ? quoteIdentifier(now.accessMethod) : major >= 17 ? 'default' : 'heap'}`,
          ),
        ]),
    ...(then.tablespace === now.tablespace
      ? []
      : [line(`set tablespace ${quoteIdentifier(now.tablespace ?? 'pg_default')}`)]),
    ...optionChanges(then.options, now.options).map(line),
    ...(foreign === undefined ? [] : [line(foreign)]),
    ...(then.rowSecurity === now.rowSecurity
      ? []
      : [line(`${now.rowSecurity ? 'enable' : 'disable'} row level security`)]),
    ...(then.forceRowSecurity === now.forceRowSecurity
      ? []
      : [line(`${now.forceRowSecurity ? 'force' : 'no force'} row level security`)]),
    ...(then.replicaIdentity === now.replicaIdentity || now.replicaIdentity === 'index'
      ? []
      : [line(`replica identity ${now.replicaIdentity ?? 'default'}`)]),
  ];
}

/** A partition's part of an index may have a name, a comment and settings of its own. */
function inheritedIndexChanges(then: Table, now: Table, { to }: Scene, { isCreated }: Decisions): string[] {
  if (isCreated(keyOf('attachment', [now.schema, now.name]))) {
    return [];
  }
  return stayingParts(then, now, to, isCreated).flatMap(([old, young]) => [
    ...(old.name === young.name
      ? []
      : [`alter index ${qualifiedName(now.schema, old.name)}\n  rename to ${quoteIdentifier(young.name)}`]),
    ...indexChanges(old, young, now),
    ...(old.comment === young.comment
      ? []
      : [commentOn(`index ${qualifiedName(now.schema, young.name)}`, young.comment)]),
  ]);
}

function viewChanges(then: View, now: View, scene: Scene): string[] {
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

function columnChanges(
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

function constraintChanges(then: Constraint, now: Unit<'constraint'>): string[] {
  const alter = `alter ${relationNamed(now.relation!)}\n  `;
  const name = quoteIdentifier(now.object.name);
  const after = now.object;
  const isDeferralChanged =
    then.deferrable !== after.deferrable || then.initiallyDeferred !== after.initiallyDeferred;
  const [wasEnforced, isEnforced] = [then, after].map(
    (one) => !('notEnforced' in one && one.notEnforced),
  ) as [boolean, boolean];
  return [
    ...(wasEnforced === isEnforced
      ? []
      : [`${alter}alter constraint ${name} ${isEnforced ? 'enforced' : 'not enforced'}`]),
    ...(isDeferralChanged
      ? [
          `${alter}alter constraint ${name} ${after.deferrable ? `deferrable initially ${after.initiallyDeferred ? 'deferred' : 'immediate'}` : 'not deferrable'}`,
        ]
      : []),
    ...(becameValid(then, after) ? [`${alter}validate constraint ${name}`] : []),
  ];
}

function indexChanges(then: TableIndex, now: TableIndex, relation: Table | View): string[] {
  const index = `alter index ${qualifiedName(relation.schema, now.name)}\n  `;
  const marks = {
    name: now.name,
    clustered: then.clustered ? undefined : now.clustered,
    replicaIdentity: then.replicaIdentity ? undefined : now.replicaIdentity,
  };
  const isClusteredElsewhere = relation.indexes.some(({ clustered }) => clustered);
  return [
    ...optionChanges(then.options, now.options).map((change) => index + change),
    ...(then.tablespace === now.tablespace
      ? []
      : [`${index}set tablespace ${quoteIdentifier(now.tablespace ?? 'pg_default')}`]),
    ...(then.clustered && !now.clustered && !isClusteredElsewhere
      ? [`alter ${relationNamed(relation)}\n  set without cluster`]
      : []),
    ...indexMarks(relation, marks),
  ];
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
