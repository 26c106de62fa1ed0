/**
 * The objects that a statement names and what it does to them: created, altered, dropped, renamed, referred to,
 * read, written. Only what the text says: what a cascade takes along, or what a function does, is not here.
 */
import type { Node } from 'libpg-query';
import { objectTypeWords } from './command-tag.js';
import { bodyOf, type NodeBody, type NodeName, namesOf, nodeName } from './node.js';
import { partsOf, type RelationName, relationOf, relationOfParts, relationsOf } from './relation-name.js';
import { relationUses } from './relation-uses.js';

/**
 * - `create`, `alter`, `drop`, `rename`: the object itself
 * - `refer`: named by a definition: a foreign key's target, a parent table, a trigger's table
 * - `read`, `write`: its rows
 */
export type ObjectAction = 'create' | 'alter' | 'drop' | 'rename' | 'refer' | 'read' | 'write';

export interface ObjectUse extends RelationName {
  readonly action: ObjectAction;
  /** In the words of SQL: `table`, `materialized view`, `column`; `relation` where the text leaves it open. */
  readonly kind: string;
  /** The relation that a column, constraint, index, trigger, policy or rule belongs to. */
  readonly of?: RelationName;
  /** Its name afterwards, under `rename`, and its schema afterwards, under `alter … set schema`. */
  readonly newName?: string;
  readonly newSchema?: string;
  /** `if exists` or `if not exists` stands there. */
  readonly conditional?: boolean;
  /** `or replace` stands there. */
  readonly replaces?: boolean;
  readonly cascade?: boolean;
  readonly concurrently?: boolean;
}

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

type Bare = NodeBody<'RangeVar'> | undefined;
type Extra = Partial<Omit<ObjectUse, 'action' | 'kind' | 'schema' | 'name'>>;

function use(action: ObjectAction, kind: string, name: RelationName, extra: Extra = {}): ObjectUse {
  return { action, kind, schema: name.schema, name: name.name, ...extra };
}

function one(
  action: ObjectAction,
  kind: string,
  name: RelationName,
  extra: Extra = {},
): readonly ObjectUse[] {
  return [use(action, kind, name, extra)];
}

/** A part of a relation: its column, constraint, trigger. */
function part(
  action: ObjectAction,
  kind: string,
  of: RelationName,
  name: string | undefined,
  extra: Extra = {},
): ObjectUse {
  return use(action, kind, { schema: undefined, name: name ?? '' }, { of, ...extra });
}

function unqualified(name: string | undefined): RelationName {
  return { schema: undefined, name: name ?? '' };
}

function refer(rangeVar: Bare, kind = 'table'): readonly ObjectUse[] {
  return rangeVar === undefined ? [] : one('refer', kind, relationOf(rangeVar));
}

type UseTable = { readonly [Name in NodeName]?: (body: NodeBody<Name>) => readonly ObjectUse[] };

const USES: UseTable = {
  CreateStmt: (body) => createTableUses('table', body),
  CreateForeignTableStmt: ({ base }) => createTableUses('foreign table', base ?? {}),
  CreateTableAsStmt: ({ into, objtype, if_not_exists }) =>
    one('create', kindOf(objtype), relationOf(into?.rel), { conditional: if_not_exists === true }),
  SelectStmt: ({ intoClause }) => (intoClause ? one('create', 'table', relationOf(intoClause.rel)) : []),
  ViewStmt: ({ view, replace }) => one('create', 'view', relationOf(view), { replaces: replace === true }),
  IndexStmt: (body) => {
    const table = relationOf(body.relation);
    return [
      use(
        'create',
        'index',
        { schema: table.schema, name: body.idxname ?? '' },
        {
          of: table,
          concurrently: body.concurrent === true,
          conditional: body.if_not_exists === true,
        },
      ),
      ...refer(body.relation),
    ];
  },
  CreateSeqStmt: ({ sequence, if_not_exists }) =>
    one('create', 'sequence', relationOf(sequence), { conditional: if_not_exists === true }),
  CreateSchemaStmt: ({ schemaname, if_not_exists, schemaElts }) => [
    use('create', 'schema', unqualified(schemaname), { conditional: if_not_exists === true }),
    ...(schemaElts ?? []).flatMap((element) => statementObjects(element).uses),
  ],
  CreateExtensionStmt: ({ extname, if_not_exists }) =>
    one('create', 'extension', unqualified(extname), { conditional: if_not_exists === true }),
  CreateFunctionStmt: ({ funcname, is_procedure, replace }) =>
    one('create', is_procedure ? 'procedure' : 'function', relationOfParts(namesOf(funcname)), {
      replaces: replace === true,
    }),
  CreateEnumStmt: ({ typeName }) => one('create', 'type', relationOfParts(namesOf(typeName))),
  CreateRangeStmt: ({ typeName }) => one('create', 'type', relationOfParts(namesOf(typeName))),
  CompositeTypeStmt: ({ typevar }) => one('create', 'type', relationOf(typevar)),
  CreateDomainStmt: ({ domainname }) => one('create', 'domain', relationOfParts(namesOf(domainname))),
  DefineStmt: ({ kind, defnames, replace }) =>
    one('create', kindOf(kind), relationOfParts(namesOf(defnames)), { replaces: replace === true }),
  CreateTrigStmt: ({ trigname, relation, constrrel, replace }) => [
    part('create', 'trigger', relationOf(relation), trigname, { replaces: replace === true }),
    ...refer(relation),
    ...refer(constrrel),
  ],
  RuleStmt: ({ rulename, relation, replace }) => [
    part('create', 'rule', relationOf(relation), rulename, { replaces: replace === true }),
    ...refer(relation, 'relation'),
  ],
  CreatePolicyStmt: ({ policy_name, table }) => [
    part('create', 'policy', relationOf(table), policy_name),
    ...refer(table),
  ],
  AlterPolicyStmt: ({ policy_name, table }) => [part('alter', 'policy', relationOf(table), policy_name)],
  CreateStatsStmt: ({ defnames, relations }) => [
    use('create', 'statistics', relationOfParts(namesOf(defnames))),
    ...relationsOf(relations).map((relation) => use('refer', 'table', relation)),
  ],
  CreatePublicationStmt: ({ pubname, pubobjects }) => [
    use('create', 'publication', unqualified(pubname)),
    ...publishedTables(pubobjects),
  ],
  AlterPublicationStmt: ({ pubname, pubobjects }) => [
    use('alter', 'publication', unqualified(pubname)),
    ...publishedTables(pubobjects),
  ],
  CreateRoleStmt: ({ role }) => one('create', 'role', unqualified(role)),
  CreatedbStmt: ({ dbname }) => one('create', 'database', unqualified(dbname)),

  AlterTableStmt: alterTableUses,
  RenameStmt: renameUses,
  AlterObjectSchemaStmt: ({ objectType, relation, object, newschema }) =>
    one('alter', kindOf(objectType), relation ? relationOf(relation) : relationOfParts(partsOf(object)), {
      newSchema: newschema ?? '',
    }),
  AlterOwnerStmt: ({ objectType, relation, object }) =>
    one('alter', kindOf(objectType), relation ? relationOf(relation) : relationOfParts(partsOf(object))),
  AlterSeqStmt: ({ sequence, missing_ok }) =>
    one('alter', 'sequence', relationOf(sequence), { conditional: missing_ok === true }),
  AlterEnumStmt: ({ typeName, skipIfNewValExists }) =>
    one('alter', 'type', relationOfParts(namesOf(typeName)), { conditional: skipIfNewValExists === true }),
  AlterTypeStmt: ({ typeName }) => one('alter', 'type', relationOfParts(namesOf(typeName))),
  AlterDomainStmt: ({ typeName }) => one('alter', 'domain', relationOfParts(namesOf(typeName))),
  AlterFunctionStmt: ({ objtype, func }) =>
    one('alter', kindOf(objtype), relationOfParts(namesOf(func?.objname))),
  AlterExtensionStmt: ({ extname }) => one('alter', 'extension', unqualified(extname)),
  AlterRoleStmt: ({ role }) => one('alter', 'role', unqualified(role?.rolename)),

  DropStmt: dropUses,
  DropdbStmt: ({ dbname, missing_ok }) =>
    one('drop', 'database', unqualified(dbname), { conditional: missing_ok === true }),
  DropRoleStmt: ({ roles, missing_ok }) =>
    (roles ?? []).map((role) =>
      use('drop', 'role', unqualified(bodyOf(role, 'RoleSpec')?.rolename), {
        conditional: missing_ok === true,
      }),
    ),

  TruncateStmt: ({ relations, behavior }) =>
    relationsOf(relations).map((relation) =>
      use('write', 'table', relation, { cascade: behavior === 'DROP_CASCADE' }),
    ),
  CopyStmt: ({ relation, is_from }) =>
    relation ? one(is_from ? 'write' : 'read', 'relation', relationOf(relation)) : [],
  RefreshMatViewStmt: ({ relation, concurrent }) =>
    one('write', 'materialized view', relationOf(relation), { concurrently: concurrent === true }),
  CommentStmt: ({ objtype, object }) => [ofObject('alter', objtype, partsOf(object))],
  GrantStmt: ({ objtype, objects, targtype }) =>
    targtype === 'ACL_TARGET_OBJECT'
      ? (objects ?? []).map((object) => use('alter', kindOf(objtype), grantedName(object)))
      : [],
};

function kindOf(type: Parameters<typeof objectTypeWords>[0]): string {
  switch (type) {
    case 'OBJECT_COLUMN':
      return 'column';
    case 'OBJECT_ATTRIBUTE':
      return 'attribute';
    case 'OBJECT_TABCONSTRAINT':
    case 'OBJECT_DOMCONSTRAINT':
      return 'constraint';
    default:
      return objectTypeWords(type).toLowerCase();
  }
}

function createTableUses(
  kind: string,
  { relation, if_not_exists, inhRelations, tableElts }: NodeBody<'CreateStmt'>,
): readonly ObjectUse[] {
  return [
    use('create', kind, relationOf(relation), { conditional: if_not_exists === true }),
    ...relationsOf(inhRelations).map((parent) => use('refer', 'table', parent)),
    ...(tableElts ?? []).flatMap((element) => [
      ...refer(bodyOf(element, 'TableLikeClause')?.relation, 'relation'),
      ...foreignKeyTargets(element).flatMap((target) => refer(target)),
    ]),
  ];
}

/** The tables that the foreign keys of a column or table constraint point to. */
export function foreignKeyTargets(element: Node | undefined): readonly NodeBody<'RangeVar'>[] {
  const constraints = [element, ...(bodyOf(element, 'ColumnDef')?.constraints ?? [])];
  return constraints.flatMap((node) => bodyOf(node, 'Constraint')?.pktable ?? []);
}

function publishedTables(objects: readonly Node[] | undefined): readonly ObjectUse[] {
  return (objects ?? []).flatMap((node) => refer(bodyOf(node, 'PublicationObjSpec')?.pubtable?.relation));
}

function alterTableUses({
  relation,
  objtype,
  cmds,
  missing_ok,
}: NodeBody<'AlterTableStmt'>): readonly ObjectUse[] {
  const table = relationOf(relation);
  return [
    use('alter', kindOf(objtype), table, { conditional: missing_ok === true }),
    ...(cmds ?? []).flatMap((command) => commandUses(table, bodyOf(command, 'AlterTableCmd')!)),
  ];
}

function commandUses(table: RelationName, command: NodeBody<'AlterTableCmd'>): readonly ObjectUse[] {
  const { subtype, name, def } = command;
  const extra = { conditional: command.missing_ok === true, cascade: command.behavior === 'DROP_CASCADE' };
  switch (subtype) {
    case 'AT_AddColumn':
      return [
        part('create', 'column', table, bodyOf(def, 'ColumnDef')?.colname, extra),
        ...foreignKeyTargets(def).flatMap((target) => refer(target)),
      ];
    case 'AT_DropColumn':
      return [part('drop', 'column', table, name, extra)];
    case 'AT_AddConstraint':
      return [
        part('create', 'constraint', table, bodyOf(def, 'Constraint')?.conname, extra),
        ...foreignKeyTargets(def).flatMap((target) => refer(target)),
      ];
    case 'AT_DropConstraint':
      return [part('drop', 'constraint', table, name, extra)];
    case 'AT_ValidateConstraint':
    case 'AT_AlterConstraint':
      return [part('alter', 'constraint', table, name ?? bodyOf(def, 'ATAlterConstraint')?.conname)];
    case 'AT_AttachPartition':
    case 'AT_DetachPartition':
    case 'AT_DetachPartitionFinalize':
      return one('alter', 'table', relationOf(bodyOf(def, 'PartitionCmd')?.name));
    case 'AT_AddInherit':
    case 'AT_DropInherit':
      return refer(bodyOf(def, 'RangeVar'));
    default:
      return name === undefined || !COLUMN_COMMANDS.test(subtype ?? '')
        ? []
        : [part('alter', 'column', table, name)];
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
      ? [part('rename', kind, relationOfParts(parts), subname, extra)]
      : one('rename', kind, relationOfParts(parts), extra);
  }
  return subname === undefined
    ? one('rename', kind, relationOf(relation), extra)
    : [part('rename', kind, relationOf(relation), subname, extra)];
}

function dropUses(body: NodeBody<'DropStmt'>): readonly ObjectUse[] {
  const extra = {
    conditional: body.missing_ok === true,
    cascade: body.behavior === 'DROP_CASCADE',
    ...(body.removeType === 'OBJECT_INDEX' ? { concurrently: body.concurrent === true } : {}),
  };
  return (body.objects ?? []).map((object) => ofObject('drop', body.removeType, partsOf(object), extra));
}

const PARTS_OF_RELATIONS: ReadonlySet<string> = new Set([
  'column',
  'constraint',
  'trigger',
  'policy',
  'rule',
]);

/** An object by its name's parts; that of a relation's part begins with the relation's. */
function ofObject(
  action: ObjectAction,
  type: Parameters<typeof objectTypeWords>[0],
  parts: readonly string[],
  extra: Extra = {},
): ObjectUse {
  const kind = kindOf(type);
  return PARTS_OF_RELATIONS.has(kind)
    ? part(action, kind, relationOfParts(parts.slice(0, -1)), parts.at(-1), extra)
    : use(action, kind, relationOfParts(parts), extra);
}

function grantedName(object: Node): RelationName {
  const rangeVar = bodyOf(object, 'RangeVar');
  return rangeVar === undefined ? relationOfParts(partsOf(object)) : relationOf(rangeVar);
}
