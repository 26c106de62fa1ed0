/** The statements that make a unit, with its comment, its privileges and its owner. */
import type { Column, Table, View } from '../../schema/index.js';
import { qualifiedName, quoteIdentifier, quoteLiteral } from '../../sql/index.js';
import { earlyIndexes, partitionIndexStatements } from '../partition-indexes.js';
import type { Decisions, Scene } from '../scene.js';
import { keyOf, type Unit } from '../unit.js';
import { columnDefinition, columnSettings } from './column.js';
import { backingIndexSettings, constraintClause } from './constraint.js';
import { roleOf } from './drop.js';
import { createIndex } from './index-statement.js';
import { clausePerLine, lowerKeywords } from './keywords.js';
import { named, nameOf, relationNamed } from './named.js';
import { foreignOptions } from './options.js';
import { defaultPrivilegesPrefix, ownerStatements, privilegeStatements } from './ownership.js';
import { policyStatement } from './policy.js';
import { privilegeChanges } from './privileges.js';
import { createPublication, publishedTable } from './publication.js';
import { createRoutine } from './routine.js';
import { createSequence } from './sequence.js';
import { createTable } from './table.js';
import { createType, domainConstraint } from './type.js';
import { createView } from './view.js';

export function createUnit(one: Unit, scene: Scene, decisions: Decisions): string[] {
  return [
    ...bareStatements(one, scene, decisions),
    ...ownerStatements(undefined, one, scene),
    ...privilegeStatements(undefined, one, scene),
    ...commentStatements(undefined, one),
  ];
}

/** `comment on`, where the texts differ. */
export function commentStatements(then: Unit | undefined, now: Unit): string[] {
  const before = commentOf(then);
  const after = commentOf(now);
  if (before === after || now.kind === 'default' || (now.kind === 'backing index' && before === after)) {
    return [];
  }
  const subject =
    now.kind === 'backing index'
      ? `index ${qualifiedName(now.relation!.schema, now.object.name)}`
      : named(now);
  return [commentOn(subject, after)];
}

export function commentOn(subject: string, comment: string | undefined): string {
  return `comment on ${subject} is ${comment === undefined ? 'null' : quoteLiteral(comment)}`;
}

function commentOf(one: Unit | undefined): string | undefined {
  return one && 'comment' in one.object ? one.object.comment : undefined;
}

function bareStatements(one: Unit, scene: Scene, decisions: Decisions): string[] {
  switch (one.kind) {
    case 'schema':
      return [`create schema ${quoteIdentifier(one.object.name)}`];
    case 'extension':
      return [extensionStatement(one, scene)];
    case 'type':
      return typeStatements(one);
    case 'sequence':
      return [createSequence(one.object)];
    case 'ownership': {
      const { schema, table, column } = one.object.column;
      return [
        `alter sequence ${nameOf(one.object.sequence)}\n  owned by ${qualifiedName(schema, table, column)}`,
      ];
    }
    case 'table':
      return tableStatements(one.object, scene, decisions);
    case 'column':
      return addedColumn(one, scene, decisions);
    case 'default':
      return [
        `alter ${relationNamed(one.relation!, !decisions.isForAll(one.key, 'to'))}\n  alter column ${quoteIdentifier(one.path[2]!)} set default ${lowerKeywords(one.object.expression)}`,
      ];
    case 'constraint':
      return constraintStatements(one, scene, decisions);
    case 'backing index':
      return [
        ...backingIndexSettings(one.relation!.schema, one.object),
        ...indexMarks(one.relation!, one.object),
      ];
    case 'index':
      return [
        ...partitionIndexStatements(one.relation!, one.object, undefined, {
          scene,
          isCreated: decisions.isCreated,
        }),
        createIndex(one.object) +
          (one.object.tablespace ? `\n  tablespace ${quoteIdentifier(one.object.tablespace)}` : ''),
        ...indexMarks(one.relation!, one.object),
      ];
    case 'attachment':
      return [
        `alter table ${nameOf(one.object)}\n  attach partition ${nameOf(one.relation!)} ${lowerKeywords(one.object.bound)}`,
      ];
    case 'inheritance':
      return one.object.parents.map(
        (parent) => `alter ${relationNamed(one.relation!)}\n  inherit ${nameOf(parent)}`,
      );
    case 'view':
      return [createView(one.object), ...viewColumns(one.object, scene)];
    case 'routine':
      return [createRoutine(one.object, false)];
    case 'trigger':
      return [triggerStatement(one.object.definition), ...firing(one)];
    case 'rule':
      return [ruleStatement(one.object.definition), ...firing(one)];
    case 'policy':
      return [policyStatement(one)];
    case 'statistics':
      return [
        clausePerLine(lowerKeywords(one.object.definition), ['on', 'from']),
        ...(one.object.target === undefined
          ? []
          : [`alter ${named(one)} set statistics ${one.object.target}`]),
      ];
    case 'event trigger': {
      const { name, event, tags, function: called } = one.object;
      return [
        [
          `create event trigger ${quoteIdentifier(name)} on ${event}`,
          ...(tags ? [`when tag in (${tags.map(quoteLiteral).join(', ')})`] : []),
          `execute function ${nameOf(called)}()`,
        ].join('\n  '),
        ...firing(one),
      ];
    }
    case 'foreign data wrapper': {
      const { name, handler, validator, options } = one.object;
      return [
        [
          `create foreign data wrapper ${quoteIdentifier(name)}`,
          ...(handler ? [`handler ${handler}`] : []),
          ...(validator ? [`validator ${validator}`] : []),
          ...(options ? [foreignOptions(options)] : []),
        ].join('\n  '),
      ];
    }
    case 'foreign server': {
      const { name, type, version, wrapper, options } = one.object;
      return [
        [
          `create server ${quoteIdentifier(name)}`,
          ...(type === undefined ? [] : [`type ${quoteLiteral(type)}`]),
          ...(version === undefined ? [] : [`version ${quoteLiteral(version)}`]),
          `foreign data wrapper ${quoteIdentifier(wrapper)}`,
          ...(options ? [foreignOptions(options)] : []),
        ].join('\n  '),
      ];
    }
    case 'user mapping':
      return [
        `create user mapping for ${roleOf(one.object.user)} server ${quoteIdentifier(one.object.server)}`,
      ];
    case 'publication':
      return [createPublication(one.object, scene.to)];
    case 'published table':
      return [
        `alter publication ${quoteIdentifier(one.object.publication)}\n  add table ${publishedTable(one.object.table, scene.to)}`,
      ];
    case 'published schema':
      return [
        `alter publication ${quoteIdentifier(one.object.publication)}\n  add tables in schema ${quoteIdentifier(one.object.schema)}`,
      ];
    case 'default privileges':
      return privilegeChanges({}, one.object, {
        on: one.object.objects,
        prefix: defaultPrivilegesPrefix(one.object),
      });
    case 'other object':
      return one.object.definition.split(';\n').map(lowerKeywords);
  }
}

function extensionStatement({ object }: Unit<'extension'>, { exact }: Scene): string {
  const version = exact ? ` version ${quoteLiteral(object.version)}` : '';
  return `create extension ${quoteIdentifier(object.name)} schema ${quoteIdentifier(object.schema)}${version}`;
}

function typeStatements({ object }: Unit<'type'>): string[] {
  const create = createType(object);
  if (object.kind === 'composite type') {
    const name = nameOf(object);
    return [
      create,
      ...object.attributes.flatMap(({ name: own, comment }) =>
        comment === undefined ? [] : [commentOn(`column ${name}.${quoteIdentifier(own)}`, comment)],
      ),
    ];
  }
  if (object.kind !== 'domain') {
    return [create];
  }
  const name = nameOf(object);
  return [
    create,
    ...object.constraints
      .filter(({ notValid }) => notValid)
      .map((one) => `alter domain ${name}\n  add ${domainConstraint(one)}`),
    ...object.constraints.flatMap((one) =>
      one.comment === undefined
        ? []
        : [commentOn(`constraint ${quoteIdentifier(one.name)} on domain ${name}`, one.comment)],
    ),
  ];
}

function tableStatements(table: Table, scene: Scene, { isInline, isCreated }: Decisions): string[] {
  const path = [table.schema, table.name];
  const asPartition = isInline(keyOf('attachment', path));
  const parent =
    table.partitionOf && scene.to.tables.get(`${table.partitionOf.schema}\0${table.partitionOf.name}`);
  const ofParent = new Map(asPartition ? parent?.columns.map((column) => [column.name, column]) : []);
  const lateDefaults = table.columns
    .map(({ name }) => name)
    .filter((name) => !isInline(keyOf('default', [...path, name])));
  const inherited =
    table.partitionOf && !asPartition
      ? table.constraints.filter(({ inherited, kind }) => inherited && kind !== 'foreign key')
      : [];
  const own = table.constraints.filter(
    ({ name, inherited }) => !inherited && isInline(keyOf('constraint', [...path, name])),
  );
  const alter = `alter ${relationNamed(table)}`;
  return [
    createTable(table, {
      major: scene.major,
      lateDefaults: new Set(lateDefaults),
      constraints: [...own, ...inherited],
      asPartition,
    }),
    ...(table.partitionOf && !asPartition ? earlyIndexes(table, scene.to, isCreated).map(createIndex) : []),
    ...table.columns.flatMap((column) =>
      columnsAfterwards(
        table,
        column,
        ofParent.get(column.name),
        isInline(keyOf('default', [...path, column.name])),
        scene,
      ),
    ),
    ...own.flatMap(({ name, comment }) =>
      comment === undefined
        ? []
        : [commentOn(`constraint ${quoteIdentifier(name)} on ${nameOf(table)}`, comment)],
    ),
    ...(table.rowSecurity ? [`${alter} enable row level security`] : []),
    ...(table.forceRowSecurity ? [`${alter} force row level security`] : []),
    ...(table.replicaIdentity === undefined || table.replicaIdentity === 'index'
      ? []
      : [`${alter} replica identity ${table.replicaIdentity}`]),
  ];
}

/** What a column has beyond the words of `create table`, or otherwise than the table it is inherited from. */
function columnsAfterwards(
  table: Table,
  column: Column,
  ofParent: Column | undefined,
  hasInlineDefault: boolean,
  scene: Scene,
  isAdded = false,
): string[] {
  const alter = `alter ${relationNamed(table)}\n  alter column ${quoteIdentifier(column.name)}`;
  const isTaken = ofParent !== undefined || column.inherited === true;
  const parent = ofParent ?? (column.inherited ? inheritedColumn(table, column, scene) : undefined);
  const settings = columnSettings(column, {
    table,
    taken: isTaken ? (isAdded ? {} : parent) : undefined,
    only: isAdded && hasChildren(table, scene),
    major: scene.major,
  });
  return [
    ...(isTaken && hasInlineDefault && column.default !== parent?.default
      ? [`${alter} set default ${lowerKeywords(column.default!)}`]
      : []),
    ...(isTaken && column.default === undefined && parent?.default !== undefined
      ? [`${alter} drop default`]
      : []),
    ...(isTaken && column.notNull && !parent?.notNull ? [`${alter} set not null`] : []),
    ...settings,
    ...(column.notNullConstraint?.notValid && scene.major >= 18 && !isTaken
      ? [lateNotNull(table, column)]
      : []),
    ...columnNotes(table, column, scene),
  ];
}

function inheritedColumn(table: Table, { name }: Column, { to }: Scene): Column | undefined {
  for (const parent of table.inherits ?? []) {
    const found = to.tables
      .get(`${parent.schema}\0${parent.name}`)
      ?.columns.find((column) => column.name === name);
    if (found) {
      return found;
    }
  }
  return undefined;
}

function lateNotNull(table: Table, column: Column): string {
  const { name, noInherit } = column.notNullConstraint!;
  const constraint = quoteIdentifier(name ?? `${table.name}_${column.name}_not_null`);
  return `alter ${relationNamed(table)}\n  add constraint ${constraint} not null ${quoteIdentifier(column.name)}${noInherit ? ' no inherit' : ''} not valid`;
}

/** Comments and privileges of a column. */
function columnNotes(relation: Table | View, column: Column, scene: Scene): string[] {
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

function addedColumn(one: Unit<'column'>, scene: Scene, decisions: Decisions): string[] {
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

function constraintStatements(one: Unit<'constraint'>, scene: Scene, decisions: Decisions): string[] {
  const table = one.relation as Table;
  const backing = table.indexes.find(({ constraint }) => constraint === one.object.name);
  return [
    ...(backing
      ? partitionIndexStatements(table, backing, one.object, { scene, isCreated: decisions.isCreated })
      : []),
    `alter ${relationNamed(table)}\n  add ${constraintClause(one.object)}`,
  ];
}

/** What marks an index for its table. */
export function indexMarks(
  relation: Table | View,
  index: {
    readonly name: string;
    readonly clustered?: true | undefined;
    readonly replicaIdentity?: true | undefined;
  },
): string[] {
  const alter = `alter ${relationNamed(relation)}`;
  return [
    ...(index.clustered ? [`${alter} cluster on ${quoteIdentifier(index.name)}`] : []),
    ...(index.replicaIdentity
      ? [`${alter} replica identity using index ${quoteIdentifier(index.name)}`]
      : []),
  ];
}

function viewColumns(view: View, scene: Scene): string[] {
  const alter = `alter ${relationNamed(view)}`;
  return view.columns.flatMap((column) => {
    const alterColumn = `${alter}\n  alter column ${quoteIdentifier(column.name)}`;
    return [
      ...(column.default === undefined
        ? []
        : [`${alterColumn} set default ${lowerKeywords(column.default)}`]),
      ...(view.kind === 'materialized view'
        ? columnSettings(column, { table: view, only: false, major: scene.major })
        : []),
      ...(view.kind === 'materialized view' && column.compression
        ? [`${alterColumn} set compression ${column.compression}`]
        : []),
      ...columnNotes(view, column, scene),
    ];
  });
}

export function triggerStatement(definition: string, orReplace = false): string {
  return clausePerLine(lowerKeywords(definition), [
    'before',
    'after',
    'instead',
    'for',
    'when',
    'execute',
    'referencing',
    'from',
    'deferrable',
    'not',
  ]).replace(/^create /, orReplace ? 'create or replace ' : 'create ');
}

export function ruleStatement(definition: string): string {
  return lowerKeywords(definition).replace(/;$/, '');
}

/** The statements for what does not fire in ordinary sessions. */
export function firing(one: Unit<'trigger' | 'rule' | 'event trigger'>, isReset = false): string[] {
  const { enabled, name } = one.object;
  if (enabled === undefined && !isReset) {
    return [];
  }
  const how = enabled === undefined ? 'enable' : enabled === 'disabled' ? 'disable' : `enable ${enabled}`;
  return one.kind === 'event trigger'
    ? [`alter event trigger ${quoteIdentifier(name)} ${how}`]
    : [`alter ${relationNamed(one.relation!)}\n  ${how} ${one.kind} ${quoteIdentifier(name)}`];
}
