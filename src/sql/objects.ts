/**
 * The objects that a statement names and what it does to them: created, altered, dropped, renamed, referred to,
 * read, written. Only what the text says: what a cascade takes along, or what a function does, is not here.
 */
import type { Node } from 'libpg-query';
import { bodyOf, type NodeBody, type NodeName, namesOf, nodeName } from './node.js';
import {
  kindOf,
  type ObjectUse,
  objectUse,
  ofObject,
  oneUse,
  partUse,
  referredTable,
  unqualifiedName,
} from './object-use.js';
import { partsOf, type RelationName, relationOf, relationOfParts, relationsOf } from './relation-name.js';
import { relationUses } from './relation-uses.js';

export interface StatementObjects {
  readonly uses: readonly ObjectUse[];
  /** The statement runs or defines code that was not looked into. */
  readonly opaque: 'do block' | 'function body' | 'procedure call' | 'prepared statement' | undefined;
}

export function statementObjects(node: Node): StatementObjects {
  const name = nodeName(node);
  const describe = USES[name] as ((body: unknown) => readonly ObjectUse[]) | undefined;
  const named = describe?.((node as Record<string, unknown>)[name]) ?? [];
  return { uses: [...named, ...rowUses(node)], opaque: opaqueness(node) };
}

function rowUses(node: Node): readonly ObjectUse[] {
  // What a rule's actions touch is touched when it fires.
  const body = 'RuleStmt' in node ? undefined : node;
  return relationUses(body).map(({ use, relation }) => ({
    action: use === 'read' || use === 'lock' ? 'read' : 'write',
    kind: 'relation',
    ...relation,
  }));
}

function opaqueness(node: Node): StatementObjects['opaque'] {
  switch (nodeName(node)) {
    case 'DoStmt':
      return 'do block';
    case 'CallStmt':
      return 'procedure call';
    case 'ExecuteStmt':
      return 'prepared statement';
    case 'CreateFunctionStmt':
      return bodyOf(node, 'CreateFunctionStmt')?.sql_body ? undefined : 'function body';
    default:
      return undefined;
  }
}

type UseTable = { readonly [Name in NodeName]?: (body: NodeBody<Name>) => readonly ObjectUse[] };

const USES: UseTable = {
  CreateStmt: (body) => createTableUses('table', body),
  CreateForeignTableStmt: ({ base }) => createTableUses('foreign table', base ?? {}),
  CreateTableAsStmt: ({ into, objtype, if_not_exists }) =>
    oneUse('create', kindOf(objtype), relationOf(into?.rel), { conditional: if_not_exists === true }),
  SelectStmt: ({ intoClause }) => (intoClause ? oneUse('create', 'table', relationOf(intoClause.rel)) : []),
  ViewStmt: ({ view, replace }) => oneUse('create', 'view', relationOf(view), { replaces: replace === true }),
  IndexStmt: (body) => {
    const table = relationOf(body.relation);
    return [
      objectUse(
        'create',
        'index',
        { schema: table.schema, name: body.idxname ?? '' },
        {
          of: table,
          concurrently: body.concurrent === true,
          conditional: body.if_not_exists === true,
        },
      ),
      ...referredTable(body.relation),
    ];
  },
  CreateSeqStmt: ({ sequence, if_not_exists }) =>
    oneUse('create', 'sequence', relationOf(sequence), { conditional: if_not_exists === true }),
  CreateSchemaStmt: ({ schemaname, if_not_exists, schemaElts }) => [
    objectUse('create', 'schema', unqualifiedName(schemaname), { conditional: if_not_exists === true }),
    ...(schemaElts ?? []).flatMap((element) => statementObjects(element).uses),
  ],
  CreateExtensionStmt: ({ extname, if_not_exists }) =>
    oneUse('create', 'extension', unqualifiedName(extname), { conditional: if_not_exists === true }),
  CreateFunctionStmt: ({ funcname, is_procedure, replace }) =>
    oneUse('create', is_procedure ? 'procedure' : 'function', relationOfParts(namesOf(funcname)), {
      replaces: replace === true,
    }),
  CreateEnumStmt: ({ typeName }) => oneUse('create', 'type', relationOfParts(namesOf(typeName))),
  CreateRangeStmt: ({ typeName }) => oneUse('create', 'type', relationOfParts(namesOf(typeName))),
  CompositeTypeStmt: ({ typevar }) => oneUse('create', 'type', relationOf(typevar)),
  CreateDomainStmt: ({ domainname }) => oneUse('create', 'domain', relationOfParts(namesOf(domainname))),
  DefineStmt: ({ kind, defnames, replace }) =>
    oneUse('create', kindOf(kind), relationOfParts(namesOf(defnames)), { replaces: replace === true }),
  CreateTrigStmt: ({ trigname, relation, constrrel, replace }) => [
    partUse('create', 'trigger', relationOf(relation), trigname, { replaces: replace === true }),
    ...referredTable(relation),
    ...referredTable(constrrel),
  ],
  RuleStmt: ({ rulename, relation, replace }) => [
    partUse('create', 'rule', relationOf(relation), rulename, { replaces: replace === true }),
    ...referredTable(relation, 'relation'),
  ],
  CreatePolicyStmt: ({ policy_name, table }) => [
    partUse('create', 'policy', relationOf(table), policy_name),
    ...referredTable(table),
  ],
  AlterPolicyStmt: ({ policy_name, table }) => [partUse('alter', 'policy', relationOf(table), policy_name)],
  CreateStatsStmt: ({ defnames, relations }) => [
    objectUse('create', 'statistics', relationOfParts(namesOf(defnames))),
    ...relationsOf(relations).map((relation) => objectUse('refer', 'table', relation)),
  ],
  CreatePublicationStmt: ({ pubname, pubobjects }) => [
    objectUse('create', 'publication', unqualifiedName(pubname)),
    ...publishedTables(pubobjects),
  ],
  AlterPublicationStmt: ({ pubname, pubobjects }) => [
    objectUse('alter', 'publication', unqualifiedName(pubname)),
    ...publishedTables(pubobjects),
  ],
  CreateRoleStmt: ({ role }) => oneUse('create', 'role', unqualifiedName(role)),
  CreatedbStmt: ({ dbname }) => oneUse('create', 'database', unqualifiedName(dbname)),

  AlterTableStmt: alterTableUses,
  RenameStmt: renameUses,
  AlterObjectSchemaStmt: ({ objectType, relation, object, newschema }) =>
    oneUse('alter', kindOf(objectType), relation ? relationOf(relation) : relationOfParts(partsOf(object)), {
      newSchema: newschema ?? '',
    }),
  AlterOwnerStmt: ({ objectType, relation, object }) =>
    oneUse('alter', kindOf(objectType), relation ? relationOf(relation) : relationOfParts(partsOf(object))),
  AlterSeqStmt: ({ sequence, missing_ok }) =>
    oneUse('alter', 'sequence', relationOf(sequence), { conditional: missing_ok === true }),
  AlterEnumStmt: ({ typeName, skipIfNewValExists }) =>
    oneUse('alter', 'type', relationOfParts(namesOf(typeName)), { conditional: skipIfNewValExists === true }),
  AlterTypeStmt: ({ typeName }) => oneUse('alter', 'type', relationOfParts(namesOf(typeName))),
  AlterDomainStmt: ({ typeName }) => oneUse('alter', 'domain', relationOfParts(namesOf(typeName))),
  AlterFunctionStmt: ({ objtype, func }) =>
    oneUse('alter', kindOf(objtype), relationOfParts(namesOf(func?.objname))),
  AlterExtensionStmt: ({ extname }) => oneUse('alter', 'extension', unqualifiedName(extname)),
  AlterRoleStmt: ({ role }) => oneUse('alter', 'role', unqualifiedName(role?.rolename)),

  DropStmt: dropUses,
  DropdbStmt: ({ dbname, missing_ok }) =>
    oneUse('drop', 'database', unqualifiedName(dbname), { conditional: missing_ok === true }),
  DropRoleStmt: ({ roles, missing_ok }) =>
    (roles ?? []).map((role) =>
      objectUse('drop', 'role', unqualifiedName(bodyOf(role, 'RoleSpec')?.rolename), {
        conditional: missing_ok === true,
      }),
    ),

  TruncateStmt: ({ relations, behavior }) =>
    relationsOf(relations).map((relation) =>
      objectUse('write', 'table', relation, { cascade: behavior === 'DROP_CASCADE' }),
    ),
  CopyStmt: ({ relation, is_from }) =>
    relation ? oneUse(is_from ? 'write' : 'read', 'relation', relationOf(relation)) : [],
  RefreshMatViewStmt: ({ relation, concurrent }) =>
    oneUse('write', 'materialized view', relationOf(relation), { concurrently: concurrent === true }),
  CommentStmt: ({ objtype, object }) => [ofObject('alter', objtype, partsOf(object))],
  GrantStmt: ({ objtype, objects, targtype }) =>
    targtype === 'ACL_TARGET_OBJECT'
      ? (objects ?? []).map((object) => objectUse('alter', kindOf(objtype), grantedName(object)))
      : [],
};

function createTableUses(
  kind: string,
  { relation, if_not_exists, inhRelations, tableElts }: NodeBody<'CreateStmt'>,
): readonly ObjectUse[] {
  return [
    objectUse('create', kind, relationOf(relation), { conditional: if_not_exists === true }),
    ...relationsOf(inhRelations).map((parent) => objectUse('refer', 'table', parent)),
    ...(tableElts ?? []).flatMap((element) => [
      ...referredTable(bodyOf(element, 'TableLikeClause')?.relation, 'relation'),
      ...foreignKeyTargets(element).flatMap((target) => referredTable(target)),
    ]),
  ];
}

/** The tables that the foreign keys of a column or table constraint point to. */
function foreignKeyTargets(element: Node | undefined): readonly NodeBody<'RangeVar'>[] {
  const constraints = [element, ...(bodyOf(element, 'ColumnDef')?.constraints ?? [])];
  return constraints.flatMap((node) => bodyOf(node, 'Constraint')?.pktable ?? []);
}

function publishedTables(objects: readonly Node[] | undefined): readonly ObjectUse[] {
  return (objects ?? []).flatMap((node) =>
    referredTable(bodyOf(node, 'PublicationObjSpec')?.pubtable?.relation),
  );
}

function alterTableUses({
  relation,
  objtype,
  cmds,
  missing_ok,
}: NodeBody<'AlterTableStmt'>): readonly ObjectUse[] {
  const table = relationOf(relation);
  return [
    objectUse('alter', kindOf(objtype), table, { conditional: missing_ok === true }),
    ...(cmds ?? []).flatMap((command) => commandUses(table, bodyOf(command, 'AlterTableCmd')!)),
  ];
}

function commandUses(table: RelationName, command: NodeBody<'AlterTableCmd'>): readonly ObjectUse[] {
  const { subtype, name, def } = command;
  const extra = { conditional: command.missing_ok === true, cascade: command.behavior === 'DROP_CASCADE' };
  switch (subtype) {
    case 'AT_AddColumn':
      return [
        partUse('create', 'column', table, bodyOf(def, 'ColumnDef')?.colname, extra),
        ...foreignKeyTargets(def).flatMap((target) => referredTable(target)),
      ];
    case 'AT_DropColumn':
      return [partUse('drop', 'column', table, name, extra)];
    case 'AT_AddConstraint':
      return [
        partUse('create', 'constraint', table, bodyOf(def, 'Constraint')?.conname, extra),
        ...foreignKeyTargets(def).flatMap((target) => referredTable(target)),
      ];
    case 'AT_DropConstraint':
      return [partUse('drop', 'constraint', table, name, extra)];
    case 'AT_ValidateConstraint':
    case 'AT_AlterConstraint':
      return [partUse('alter', 'constraint', table, name ?? bodyOf(def, 'ATAlterConstraint')?.conname)];
    case 'AT_AttachPartition':
    case 'AT_DetachPartition':
    case 'AT_DetachPartitionFinalize':
      return oneUse('alter', 'table', relationOf(bodyOf(def, 'PartitionCmd')?.name));
    case 'AT_AddInherit':
    case 'AT_DropInherit':
      return referredTable(bodyOf(def, 'RangeVar'));
    default:
      return name === undefined || !COLUMN_COMMANDS.test(subtype ?? '')
        ? []
        : [partUse('alter', 'column', table, name)];
  }
}

const COLUMN_COMMANDS =
  /^AT_(AlterColumn|ColumnDefault|DropNotNull|SetNotNull|SetExpression|DropExpression|SetStatistics|SetOptions|ResetOptions|SetStorage|SetCompression|AddIdentity|SetIdentity|DropIdentity)/;

function renameUses(body: NodeBody<'RenameStmt'>): readonly ObjectUse[] {
  const { renameType, relation, object, subname, newname } = body;
  const extra = { newName: newname ?? '', conditional: body.missing_ok === true };
  const kind = kindOf(renameType);
  if (relation === undefined) {
    const parts = object === undefined ? [subname ?? ''] : partsOf(object);
    return renameType === 'OBJECT_DOMCONSTRAINT'
      ? [partUse('rename', kind, relationOfParts(parts), subname, extra)]
      : oneUse('rename', kind, relationOfParts(parts), extra);
  }
  return subname === undefined
    ? oneUse('rename', kind, relationOf(relation), extra)
    : [partUse('rename', kind, relationOf(relation), subname, extra)];
}

function dropUses(body: NodeBody<'DropStmt'>): readonly ObjectUse[] {
  const extra = {
    conditional: body.missing_ok === true,
    cascade: body.behavior === 'DROP_CASCADE',
    ...(body.removeType === 'OBJECT_INDEX' ? { concurrently: body.concurrent === true } : {}),
  };
  return (body.objects ?? []).map((object) => ofObject('drop', body.removeType, partsOf(object), extra));
}

function grantedName(object: Node): RelationName {
  const rangeVar = bodyOf(object, 'RangeVar');
  return rangeVar === undefined ? relationOfParts(partsOf(object)) : relationOf(rangeVar);
}
