/**
 * Which statements PostgreSQL refuses inside a transaction block, and which it refuses outside one. The rules are
 * the calls of `PreventInTransactionBlock` and `RequireTransactionBlock` in PostgreSQL's source (15 to 18). Some
 * of them look at the catalogue or into a body, so that a statement alone does not decide it.
 *
 * Not refused, against common belief: `refresh materialized view concurrently`, `checkpoint`, and since
 * PostgreSQL 12 `alter type … add value` (what is refused is to *use* the new value before the commit).
 */
import type { Node } from 'libpg-query';
import { lexWithoutComments } from './lexer.js';
import { bodyOf, type NodeBody, type NodeName, namesOf, nodeName } from './node.js';

/**
 * - `allowed`: in a transaction block and outside one
 * - `forbidden`: never in a transaction block
 * - `required`: only in a transaction block
 * - `depends`: the catalogue, a body or a newer server decides; `reason` says on what
 */
export type TransactionBlock =
  | { readonly rule: 'allowed' | 'required' }
  | { readonly rule: 'forbidden' | 'depends'; readonly reason: string };

const ALLOWED: TransactionBlock = { rule: 'allowed' };
const REQUIRED: TransactionBlock = { rule: 'required' };

export function transactionBlockRule(node: Node): TransactionBlock {
  const name = nodeName(node);
  const rule = RULES[name] as ((body: unknown) => TransactionBlock) | undefined;
  return rule?.((node as Record<string, unknown>)[name]) ?? ALLOWED;
}

function forbidden(what: string): TransactionBlock {
  return { rule: 'forbidden', reason: `${what} cannot run inside a transaction block` };
}

function depends(reason: string): TransactionBlock {
  return { rule: 'depends', reason };
}

function forbiddenIf(condition: boolean | undefined, what: string): TransactionBlock {
  return condition ? forbidden(what) : ALLOWED;
}

type RuleTable = { readonly [Name in NodeName]?: (body: NodeBody<Name>) => TransactionBlock };

const RULES: RuleTable = {
  IndexStmt: ({ concurrent }) => forbiddenIf(concurrent, 'CREATE INDEX CONCURRENTLY'),
  DropStmt: ({ concurrent }) => forbiddenIf(concurrent, 'DROP INDEX CONCURRENTLY'),
  AlterTableStmt: ({ cmds }) =>
    forbiddenIf(cmds?.some(detachesConcurrently), 'DETACH PARTITION CONCURRENTLY'),
  ReindexStmt: reindexRule,
  ClusterStmt: ({ relation }) =>
    relation === undefined
      ? forbidden('CLUSTER of all tables')
      : depends('CLUSTER of a partitioned table cannot run inside a transaction block'),
  VacuumStmt: ({ is_vacuumcmd }) => forbiddenIf(is_vacuumcmd, 'VACUUM'),

  CreatedbStmt: () => forbidden('CREATE DATABASE'),
  DropdbStmt: () => forbidden('DROP DATABASE'),
  AlterDatabaseStmt: ({ options }) =>
    forbiddenIf(option(options, 'tablespace') !== undefined, 'ALTER DATABASE SET TABLESPACE'),
  CreateTableSpaceStmt: () => forbidden('CREATE TABLESPACE'),
  DropTableSpaceStmt: () => forbidden('DROP TABLESPACE'),
  AlterSystemStmt: () => forbidden('ALTER SYSTEM'),
  DiscardStmt: ({ target }) => forbiddenIf(target === 'DISCARD_ALL', 'DISCARD ALL'),

  CreateSubscriptionStmt: ({ options }) =>
    forbiddenIf(
      isOn(option(options, 'create_slot')) ?? isOn(option(options, 'connect')) ?? true,
      'CREATE SUBSCRIPTION that creates a slot',
    ),
  AlterSubscriptionStmt: alterSubscriptionRule,
  DropSubscriptionStmt: () =>
    depends('DROP SUBSCRIPTION cannot run inside a transaction block while the subscription has a slot'),

  TransactionStmt: ({ kind }) => TRANSACTION_RULES[kind!] ?? ALLOWED,
  LockStmt: () => REQUIRED,
  DeclareCursorStmt: ({ options }) => ((options ?? 0) & CURSOR_OPT_HOLD ? ALLOWED : REQUIRED),

  CallStmt: () => depends('a procedure that commits cannot be called inside a transaction block'),
  DoStmt: ({ args }) =>
    mayEndTransaction(args) ? depends('the block may end the transaction that it runs in') : ALLOWED,
  ExecuteStmt: () => depends('what the prepared statement does is not known'),
};

const CURSOR_OPT_HOLD = 0x20;

const TRANSACTION_RULES: { readonly [Kind in string]?: TransactionBlock } = {
  TRANS_STMT_SAVEPOINT: REQUIRED,
  TRANS_STMT_RELEASE: REQUIRED,
  TRANS_STMT_ROLLBACK_TO: REQUIRED,
  TRANS_STMT_COMMIT_PREPARED: forbidden('COMMIT PREPARED'),
  TRANS_STMT_ROLLBACK_PREPARED: forbidden('ROLLBACK PREPARED'),
};

function detachesConcurrently(command: Node): boolean {
  const { subtype, def } = bodyOf(command, 'AlterTableCmd') ?? {};
  return subtype === 'AT_DetachPartition' && bodyOf(def, 'PartitionCmd')?.concurrent === true;
}

function reindexRule({ kind, params }: NodeBody<'ReindexStmt'>): TransactionBlock {
  if (isOn(option(params, 'concurrently'))) {
    return forbidden('REINDEX CONCURRENTLY');
  }
  if (kind === 'REINDEX_OBJECT_INDEX' || kind === 'REINDEX_OBJECT_TABLE') {
    return depends('REINDEX of a partitioned table or index cannot run inside a transaction block');
  }
  return forbidden(`REINDEX ${kind!.replace('REINDEX_OBJECT_', '')}`);
}

function alterSubscriptionRule({ kind, options }: NodeBody<'AlterSubscriptionStmt'>): TransactionBlock {
  switch (kind) {
    case 'ALTER_SUBSCRIPTION_REFRESH':
      return forbidden('ALTER SUBSCRIPTION … REFRESH PUBLICATION');
    case 'ALTER_SUBSCRIPTION_SET_PUBLICATION':
    case 'ALTER_SUBSCRIPTION_ADD_PUBLICATION':
    case 'ALTER_SUBSCRIPTION_DROP_PUBLICATION':
      return forbiddenIf(
        isOn(option(options, 'refresh')) ?? true,
        'ALTER SUBSCRIPTION … PUBLICATION with refresh',
      );
    case 'ALTER_SUBSCRIPTION_OPTIONS':
      return option(options, 'failover') || option(options, 'two_phase')
        ? depends('ALTER SUBSCRIPTION cannot change the slot inside a transaction block')
        : ALLOWED;
    default:
      return ALLOWED;
  }
}

function option(options: readonly Node[] | undefined, name: string): NodeBody<'DefElem'> | undefined {
  return options?.map((node) => bodyOf(node, 'DefElem')).find((element) => element?.defname === name);
}

/** PostgreSQL's reading of a boolean option; one that is named without a value is on. */
function isOn(element: NodeBody<'DefElem'> | undefined): boolean | undefined {
  if (element === undefined || element.arg === undefined) {
    return element && true;
  }
  const word =
    bodyOf(element.arg, 'String')?.sval ??
    (bodyOf(element.arg, 'TypeName') ? namesOf(bodyOf(element.arg, 'TypeName')?.names).at(-1) : undefined);
  return word === undefined
    ? (bodyOf(element.arg, 'Boolean')?.boolval ?? bodyOf(element.arg, 'Integer')?.ival === 1)
    : ['true', 'on'].includes(word.toLowerCase());
}

/** True unless the block is PL/pgSQL without the words `commit`, `rollback` and `call`. */
function mayEndTransaction(args: readonly Node[] | undefined): boolean {
  const language = bodyOf(option(args, 'language')?.arg, 'String')?.sval ?? 'plpgsql';
  const body = bodyOf(option(args, 'as')?.arg, 'String')?.sval ?? '';
  return (
    language !== 'plpgsql' ||
    lexWithoutComments(body).some(
      ({ kind, start, end }) => kind === 'word' && /^(commit|rollback|call)$/i.test(body.slice(start, end)),
    )
  );
}
