/** The statements that make a unit, with its comment, its privileges and its owner. */
import type { Table, View } from '../../schema/index.js';
import { qualifiedName, quoteIdentifier, quoteLiteral } from '../../sql/index.js';
import { partitionIndexStatements } from '../partition-indexes.js';
import type { Decisions, Scene } from '../scene.js';
import type { Unit } from '../unit.js';
import { addedColumn } from './add-column.js';
import { columnSettings } from './column.js';
import { columnNotes } from './column-notes.js';
import { commentOn, commentStatements } from './comment.js';
import { backingIndexSettings, constraintClause } from './constraint.js';
import { tableStatements } from './create-table.js';
import { roleOf } from './drop.js';
import { createIndex, indexMarks } from './index-statement.js';
import { clausePerLine, lowerKeywords } from './keywords.js';
import { named, nameOf, relationNamed } from './named.js';
import { foreignOptions } from './options.js';
import { defaultPrivilegesPrefix, ownerStatements, privilegeStatements } from './ownership.js';
import { policyStatement } from './policy.js';
import { privilegeChanges } from './privileges.js';
import { createPublication, publishedTable } from './publication.js';
import { createRoutine } from './routine.js';
import { createSequence } from './sequence.js';
import { firing, ruleStatement, triggerStatement } from './trigger.js';
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
