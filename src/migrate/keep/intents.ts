/**
 * What a statement may destroy, as far as its text tells; the catalogue is asked just before it runs. A statement
 * without an intent costs nothing.
 */
import {
  bodyOf,
  type NodeBody,
  namesOf,
  nodeName,
  type RelationName,
  relationUses,
  type SqlStatement,
} from '../../sql/index.js';

export type Intent =
  /** Objects are dropped, and with them whatever the server takes along. */
  | {
      readonly kind: 'drop';
      /** The tables that it names. */
      readonly tables: readonly RelationName[];
      readonly what: string;
      /** Parts of the names that it speaks of; `undefined` where it may reach anything. */
      readonly objects?: readonly string[];
    }
  /** `alter table`: columns are dropped, types changed. */
  | {
      readonly kind: 'alter';
      readonly table: RelationName;
      readonly withDescendants: boolean;
      readonly dropped: readonly string[];
      /** Columns whose sequence is lost, or set to another position. */
      readonly unnumbered: readonly string[];
      readonly retyped: readonly string[];
    }
  | {
      readonly kind: 'truncate';
      readonly tables: readonly { readonly table: RelationName; readonly withDescendants: boolean }[];
      readonly cascade: boolean;
      readonly restart: boolean;
    }
  /** Rows are updated or deleted. */
  | { readonly kind: 'write'; readonly tables: readonly WrittenTable[] }
  /** Sequences are set to another position. */
  | { readonly kind: 'position'; readonly sequences: readonly RelationName[] }
  /** Code runs that the statement does not show. */
  | { readonly kind: 'opaque'; readonly functions: readonly (readonly string[])[] | undefined };

export interface WrittenTable {
  readonly table: RelationName;
  /** The columns that are assigned, where only columns are; `undefined` for whole rows. */
  readonly columns: readonly string[] | undefined;
}

/** What only makes something: its parse tree need not be made to see that. */
const CREATES: ReadonlySet<string> = new Set(['CREATE TABLE', 'CREATE INDEX', 'CREATE FUNCTION', 'COMMENT']);

/** The intent of a statement, or `undefined` when it destroys nothing. */
export function intentOf(statement: SqlStatement): Intent | undefined {
  if (statement.kind !== 'sql' || CREATES.has(statement.classification.tag)) {
    return undefined;
  }
  const { outcome } = statement;
  if (outcome.kind === 'unparsed') {
    return { kind: 'opaque', functions: undefined };
  }
  const { node } = outcome;
  switch (nodeName(node)) {
    case 'DropStmt':
      return dropIntent(bodyOf(node, 'DropStmt')!);
    case 'DropOwnedStmt':
      return { kind: 'drop', tables: [], what: 'OWNED' };
    case 'AlterTableStmt':
      return alterIntent(bodyOf(node, 'AlterTableStmt')!);
    case 'TruncateStmt':
      return truncateIntent(bodyOf(node, 'TruncateStmt')!);
    case 'AlterSeqStmt':
      return sequenceIntent(bodyOf(node, 'AlterSeqStmt')!);
    case 'AlterDomainStmt':
    case 'AlterTypeStmt':
      return { kind: 'drop', tables: [], what: 'ALTER TYPE' };
    case 'DoStmt':
    case 'CallStmt':
    case 'ExecuteStmt':
      return { kind: 'opaque', functions: undefined };
    case 'RuleStmt':
    case 'CreateFunctionStmt':
    case 'ViewStmt':
    case 'PrepareStmt':
      return undefined;
    default:
      return writeIntent(node) ?? callIntent(node);
  }
}

/** What can take data along: tables, and what columns of tables are made of. */
const DROPS_DATA: ReadonlySet<string> = new Set([
  'OBJECT_TABLE',
  'OBJECT_MATVIEW',
  'OBJECT_SEQUENCE',
  'OBJECT_TYPE',
  'OBJECT_DOMAIN',
  'OBJECT_SCHEMA',
  'OBJECT_EXTENSION',
  'OBJECT_FOREIGN_TABLE',
]);

/** What takes data along only with `cascade`. */
const DROPS_WITH_CASCADE: ReadonlySet<string> = new Set([
  'OBJECT_VIEW',
  'OBJECT_FUNCTION',
  'OBJECT_PROCEDURE',
  'OBJECT_ROUTINE',
  'OBJECT_AGGREGATE',
  'OBJECT_OPERATOR',
  'OBJECT_OPCLASS',
  'OBJECT_OPFAMILY',
  'OBJECT_COLLATION',
  'OBJECT_ACCESS_METHOD',
  'OBJECT_FDW',
  'OBJECT_FOREIGN_SERVER',
  'OBJECT_CAST',
  'OBJECT_LANGUAGE',
]);

function dropIntent({ removeType: type, objects, behavior }: NodeBody<'DropStmt'>): Intent | undefined {
  const removeType: string = type ?? '';
  const cascade = behavior === 'DROP_CASCADE';
  if (!DROPS_DATA.has(removeType) && !(cascade && DROPS_WITH_CASCADE.has(removeType))) {
    return undefined;
  }
  const isTable = removeType === 'OBJECT_TABLE';
  const tables = (isTable ? (objects ?? []) : []).map((object): RelationName => {
    const parts = namesOf(bodyOf(object, 'List')?.items);
    return { schema: parts.at(-2), name: parts.at(-1) ?? '' };
  });
  const names = (objects ?? []).flatMap(partsOfObject);
  return { kind: 'drop', tables, what: removeType.replace('OBJECT_', ''), objects: names };
}

function partsOfObject(object: Parameters<typeof nodeName>[0]): readonly string[] {
  const single = bodyOf(object, 'String')?.sval;
  return single === undefined
    ? namesOf(bodyOf(object, 'List')?.items ?? bodyOf(object, 'TypeName')?.names)
    : [single];
}

function alterIntent({ relation, cmds, objtype }: NodeBody<'AlterTableStmt'>): Intent | undefined {
  const table = { schema: relation?.schemaname, name: relation?.relname ?? '' };
  const withDescendants = relation?.inh === true;
  const dropped: string[] = [];
  const retyped: string[] = [];
  const unnumbered: string[] = [];
  for (const node of cmds ?? []) {
    const { subtype, name = '', def } = bodyOf(node, 'AlterTableCmd') ?? {};
    if (subtype === 'AT_DropColumn') {
      dropped.push(name);
    } else if (subtype === 'AT_DropIdentity' || (subtype === 'AT_SetIdentity' && restarts(def))) {
      unnumbered.push(name);
    } else if (subtype === 'AT_AlterColumnType' || subtype === 'AT_SetExpression') {
      retyped.push(name);
    }
  }
  if (dropped.length + retyped.length + unnumbered.length === 0) {
    return undefined;
  }
  // Changes of a composite type reach the tables that use it.
  return objtype === 'OBJECT_TYPE'
    ? { kind: 'drop', tables: [], what: 'ALTER TYPE' }
    : objtype === 'OBJECT_TABLE' || objtype === 'OBJECT_FOREIGN_TABLE'
      ? { kind: 'alter', table, withDescendants, dropped, unnumbered, retyped }
      : undefined;
}

function truncateIntent({ relations, behavior, restart_seqs }: NodeBody<'TruncateStmt'>): Intent {
  return {
    kind: 'truncate',
    tables: (relations ?? []).map((node) => {
      const rangeVar = bodyOf(node, 'RangeVar');
      return {
        table: { schema: rangeVar?.schemaname, name: rangeVar?.relname ?? '' },
        withDescendants: rangeVar?.inh === true,
      };
    }),
    cascade: behavior === 'DROP_CASCADE',
    restart: restart_seqs === true,
  };
}

function sequenceIntent({ sequence, options }: NodeBody<'AlterSeqStmt'>): Intent | undefined {
  return options?.some(isRestart)
    ? {
        kind: 'position',
        sequences: [{ schema: sequence?.schemaname, name: sequence?.relname ?? '' }],
      }
    : undefined;
}

function restarts(options: Parameters<typeof nodeName>[0] | undefined): boolean {
  return bodyOf(options, 'List')?.items?.some(isRestart) === true;
}

function isRestart(option: Parameters<typeof nodeName>[0]): boolean {
  return bodyOf(option, 'DefElem')?.defname === 'restart';
}

function writeIntent(node: Parameters<typeof nodeName>[0]): Intent | undefined {
  const tables = relationUses(node).flatMap(({ relation, statement }): WrittenTable[] => {
    switch (statement?.kind) {
      case 'update':
        return [{ table: relation, columns: assigned(statement.body.targetList) }];
      case 'insert': {
        const { onConflictClause } = statement.body;
        return onConflictClause?.action === 'ONCONFLICT_UPDATE'
          ? [{ table: relation, columns: assigned(onConflictClause.targetList) }]
          : [];
      }
      case 'delete':
      case 'merge':
        return [{ table: relation, columns: undefined }];
      default:
        return [];
    }
  });
  return tables.length > 0 ? { kind: 'write', tables } : undefined;
}

function assigned(targets: readonly Parameters<typeof nodeName>[0][] | undefined): readonly string[] {
  return (targets ?? []).flatMap((target) => bodyOf(target, 'ResTarget')?.name ?? []);
}

/** Functions of PostgreSQL that migrations call and that write nothing but a setting or a sequence. */
const HARMLESS: ReadonlySet<string> = new Set(
  `set_config current_setting nextval currval lastval now clock_timestamp count max min sum pg_notify
   pg_get_serial_sequence coalesce version current_database pg_advisory_xact_lock to_regclass pg_sleep format`.split(
    /\s+/,
  ),
);

function callIntent(node: Parameters<typeof nodeName>[0]): Intent | undefined {
  const functions = nodeName(node) === 'SelectStmt' ? functionsIn(node) : [];
  if (functions.length === 0) {
    return undefined;
  }
  const sequences: RelationName[] = [];
  visitCalls(node, (call) => {
    sequences.push(...sequenceArgument(call));
  });
  return sequences.length === functions.length
    ? { kind: 'position', sequences }
    : { kind: 'opaque', functions };
}

/** The functions that a statement calls and that may write something, by their names. */
export function functionsIn(node: Parameters<typeof nodeName>[0]): readonly (readonly string[])[] {
  const functions: (readonly string[])[] = [];
  visitCalls(node, ({ funcname }) => {
    const name = namesOf(funcname);
    const isHarmless =
      name[0] === 'pg_catalog' ? name[1] !== SETVAL : name.length === 1 && HARMLESS.has(name[0]!);
    if (!isHarmless) {
      functions.push(name);
    }
  });
  return functions;
}

/** PostgreSQL's own function that sets a sequence to a position. */
export const SETVAL = 'setval';

/** `setval('schema.name', …)`; one whose sequence is computed is not known. */
function sequenceArgument(call: NodeBody<'FuncCall'>): RelationName[] {
  const [argument] = namesOf(call.funcname).at(-1) === SETVAL ? (call.args ?? []) : [];
  const constant = bodyOf(bodyOf(argument, 'TypeCast')?.arg ?? argument, 'A_Const')?.sval?.sval;
  const parts = constant
    ?.match(/"(?:[^"]|"")*"|[^."]+/g)
    ?.map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase()));
  return parts ? [{ schema: parts.at(-2), name: parts.at(-1) ?? '' }] : [];
}

function visitCalls(value: unknown, visit: (call: NodeBody<'FuncCall'>) => void): void {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  for (const [key, child] of Object.entries(value)) {
    if (key === 'FuncCall') {
      visit(child as NodeBody<'FuncCall'>);
    }
    visitCalls(child, visit);
  }
}
