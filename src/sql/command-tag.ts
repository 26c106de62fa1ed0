/**
 * The command tag of a statement: what the server calls the command, in its answers, in `pg_stat_activity` and in
 * event triggers. The table follows `CreateCommandTag` in PostgreSQL's `tcop/utility.c`.
 */
import type { Node, ObjectType } from 'libpg-query';
import { type NodeBody, type NodeName, nodeName } from './node.js';

/** The tag, such as `CREATE INDEX`; `???`, as the server has it, for a node that is no statement. */
export function commandTag(node: Node): string {
  const name = nodeName(node);
  const tag = TAGS[name] as string | ((body: unknown) => string) | undefined;
  if (tag === undefined) {
    return '???';
  }
  return typeof tag === 'string' ? tag : tag((node as Record<string, unknown>)[name]);
}

/** An object type in the words of SQL: `FOREIGN TABLE`. */
export function objectTypeWords(type: ObjectType | undefined): string {
  const words = type?.replace('OBJECT_', '').replaceAll('_', ' ') ?? 'OBJECT';
  return WORDS[words] ?? words;
}

const WORDS: Readonly<Record<string, string>> = {
  ATTRIBUTE: 'TYPE',
  COLUMN: 'TABLE',
  DOMCONSTRAINT: 'DOMAIN',
  FDW: 'FOREIGN DATA WRAPPER',
  'FOREIGN SERVER': 'SERVER',
  LARGEOBJECT: 'LARGE OBJECT',
  MATVIEW: 'MATERIALIZED VIEW',
  OPCLASS: 'OPERATOR CLASS',
  OPFAMILY: 'OPERATOR FAMILY',
  'STATISTIC EXT': 'STATISTICS',
  TABCONSTRAINT: 'TABLE',
  TSCONFIGURATION: 'TEXT SEARCH CONFIGURATION',
  TSDICTIONARY: 'TEXT SEARCH DICTIONARY',
  TSPARSER: 'TEXT SEARCH PARSER',
  TSTEMPLATE: 'TEXT SEARCH TEMPLATE',
};

type TagTable = {
  readonly [Name in NodeName]?: string | ((body: NodeBody<Name>) => string);
};

const TAGS: TagTable = {
  SelectStmt: ({ intoClause }) => (intoClause ? 'SELECT INTO' : 'SELECT'),
  InsertStmt: 'INSERT',
  UpdateStmt: 'UPDATE',
  DeleteStmt: 'DELETE',
  MergeStmt: 'MERGE',
  TruncateStmt: 'TRUNCATE TABLE',
  CopyStmt: 'COPY',

  TransactionStmt: ({ kind }) => TRANSACTION_TAGS[kind!],
  LockStmt: 'LOCK TABLE',
  ConstraintsSetStmt: 'SET CONSTRAINTS',
  DeclareCursorStmt: 'DECLARE CURSOR',
  ClosePortalStmt: ({ portalname }) => (portalname ? 'CLOSE CURSOR' : 'CLOSE CURSOR ALL'),
  FetchStmt: ({ ismove }) => (ismove ? 'MOVE' : 'FETCH'),
  PrepareStmt: 'PREPARE',
  ExecuteStmt: 'EXECUTE',
  DeallocateStmt: ({ isall }) => (isall ? 'DEALLOCATE ALL' : 'DEALLOCATE'),
  ExplainStmt: 'EXPLAIN',
  CallStmt: 'CALL',
  DoStmt: 'DO',

  VariableSetStmt: ({ kind }) => (kind === 'VAR_RESET' || kind === 'VAR_RESET_ALL' ? 'RESET' : 'SET'),
  VariableShowStmt: 'SHOW',
  DiscardStmt: ({ target }) => target!.replace('DISCARD_', 'DISCARD '),
  LoadStmt: 'LOAD',
  ListenStmt: 'LISTEN',
  UnlistenStmt: 'UNLISTEN',
  NotifyStmt: 'NOTIFY',

  VacuumStmt: ({ is_vacuumcmd }) => (is_vacuumcmd ? 'VACUUM' : 'ANALYZE'),
  ClusterStmt: 'CLUSTER',
  ReindexStmt: 'REINDEX',
  CheckPointStmt: 'CHECKPOINT',
  RefreshMatViewStmt: 'REFRESH MATERIALIZED VIEW',

  CreateStmt: 'CREATE TABLE',
  CreateForeignTableStmt: 'CREATE FOREIGN TABLE',
  CreateTableAsStmt: ({ objtype, is_select_into }) =>
    objtype === 'OBJECT_MATVIEW'
      ? 'CREATE MATERIALIZED VIEW'
      : is_select_into
        ? 'SELECT INTO'
        : 'CREATE TABLE AS',
  ViewStmt: 'CREATE VIEW',
  IndexStmt: 'CREATE INDEX',
  CreateSeqStmt: 'CREATE SEQUENCE',
  CreateSchemaStmt: 'CREATE SCHEMA',
  CreateExtensionStmt: 'CREATE EXTENSION',
  CreateFunctionStmt: ({ is_procedure }) => (is_procedure ? 'CREATE PROCEDURE' : 'CREATE FUNCTION'),
  CreateTrigStmt: 'CREATE TRIGGER',
  CreateEventTrigStmt: 'CREATE EVENT TRIGGER',
  RuleStmt: 'CREATE RULE',
  CreatePolicyStmt: 'CREATE POLICY',
  CreateStatsStmt: 'CREATE STATISTICS',
  CreateEnumStmt: 'CREATE TYPE',
  CreateRangeStmt: 'CREATE TYPE',
  CompositeTypeStmt: 'CREATE TYPE',
  CreateDomainStmt: 'CREATE DOMAIN',
  DefineStmt: ({ kind }) => `CREATE ${objectTypeWords(kind)}`,
  CreateCastStmt: 'CREATE CAST',
  CreateConversionStmt: 'CREATE CONVERSION',
  CreateTransformStmt: 'CREATE TRANSFORM',
  CreateOpClassStmt: 'CREATE OPERATOR CLASS',
  CreateOpFamilyStmt: 'CREATE OPERATOR FAMILY',
  CreatePLangStmt: 'CREATE LANGUAGE',
  CreateAmStmt: 'CREATE ACCESS METHOD',
  CreateFdwStmt: 'CREATE FOREIGN DATA WRAPPER',
  CreateForeignServerStmt: 'CREATE SERVER',
  CreateUserMappingStmt: 'CREATE USER MAPPING',
  ImportForeignSchemaStmt: 'IMPORT FOREIGN SCHEMA',
  CreatePublicationStmt: 'CREATE PUBLICATION',
  CreateSubscriptionStmt: 'CREATE SUBSCRIPTION',
  CreatedbStmt: 'CREATE DATABASE',
  CreateTableSpaceStmt: 'CREATE TABLESPACE',
  CreateRoleStmt: 'CREATE ROLE',

  AlterTableStmt: ({ objtype }) => `ALTER ${objectTypeWords(objtype)}`,
  RenameStmt: ({ renameType, relationType }) =>
    // `alter view v rename column …` renames a column of a view: the relation's type counts.
    `ALTER ${objectTypeWords(renameType === 'OBJECT_COLUMN' ? relationType : renameType)}`,
  AlterObjectSchemaStmt: ({ objectType }) => `ALTER ${objectTypeWords(objectType)}`,
  AlterOwnerStmt: ({ objectType }) => `ALTER ${objectTypeWords(objectType)}`,
  AlterObjectDependsStmt: ({ objectType }) => `ALTER ${objectTypeWords(objectType)}`,
  AlterTableMoveAllStmt: ({ objtype }) => `ALTER ${objectTypeWords(objtype)}`,
  AlterFunctionStmt: ({ objtype }) => `ALTER ${objectTypeWords(objtype)}`,
  AlterSeqStmt: 'ALTER SEQUENCE',
  AlterEnumStmt: 'ALTER TYPE',
  AlterTypeStmt: 'ALTER TYPE',
  AlterDomainStmt: 'ALTER DOMAIN',
  AlterExtensionStmt: 'ALTER EXTENSION',
  AlterExtensionContentsStmt: 'ALTER EXTENSION',
  AlterPolicyStmt: 'ALTER POLICY',
  AlterStatsStmt: 'ALTER STATISTICS',
  AlterEventTrigStmt: 'ALTER EVENT TRIGGER',
  AlterOpFamilyStmt: 'ALTER OPERATOR FAMILY',
  AlterOperatorStmt: 'ALTER OPERATOR',
  AlterCollationStmt: 'ALTER COLLATION',
  AlterTSDictionaryStmt: 'ALTER TEXT SEARCH DICTIONARY',
  AlterTSConfigurationStmt: 'ALTER TEXT SEARCH CONFIGURATION',
  AlterFdwStmt: 'ALTER FOREIGN DATA WRAPPER',
  AlterForeignServerStmt: 'ALTER SERVER',
  AlterUserMappingStmt: 'ALTER USER MAPPING',
  AlterPublicationStmt: 'ALTER PUBLICATION',
  AlterSubscriptionStmt: 'ALTER SUBSCRIPTION',
  AlterDatabaseStmt: 'ALTER DATABASE',
  AlterDatabaseSetStmt: 'ALTER DATABASE',
  AlterDatabaseRefreshCollStmt: 'ALTER DATABASE',
  AlterTableSpaceOptionsStmt: 'ALTER TABLESPACE',
  AlterRoleStmt: 'ALTER ROLE',
  AlterRoleSetStmt: 'ALTER ROLE',
  AlterSystemStmt: 'ALTER SYSTEM',
  AlterDefaultPrivilegesStmt: 'ALTER DEFAULT PRIVILEGES',
  ReplicaIdentityStmt: 'ALTER TABLE',

  DropStmt: ({ removeType }) => `DROP ${objectTypeWords(removeType)}`,
  DropdbStmt: 'DROP DATABASE',
  DropTableSpaceStmt: 'DROP TABLESPACE',
  DropRoleStmt: 'DROP ROLE',
  DropOwnedStmt: 'DROP OWNED',
  ReassignOwnedStmt: 'REASSIGN OWNED',
  DropSubscriptionStmt: 'DROP SUBSCRIPTION',
  DropUserMappingStmt: 'DROP USER MAPPING',

  GrantStmt: ({ is_grant }) => (is_grant ? 'GRANT' : 'REVOKE'),
  GrantRoleStmt: ({ is_grant }) => (is_grant ? 'GRANT ROLE' : 'REVOKE ROLE'),
  CommentStmt: 'COMMENT',
  SecLabelStmt: 'SECURITY LABEL',
};

const TRANSACTION_TAGS = {
  TRANS_STMT_BEGIN: 'BEGIN',
  TRANS_STMT_START: 'START TRANSACTION',
  TRANS_STMT_COMMIT: 'COMMIT',
  TRANS_STMT_ROLLBACK: 'ROLLBACK',
  TRANS_STMT_SAVEPOINT: 'SAVEPOINT',
  TRANS_STMT_RELEASE: 'RELEASE',
  TRANS_STMT_ROLLBACK_TO: 'ROLLBACK',
  TRANS_STMT_PREPARE: 'PREPARE TRANSACTION',
  TRANS_STMT_COMMIT_PREPARED: 'COMMIT PREPARED',
  TRANS_STMT_ROLLBACK_PREPARED: 'ROLLBACK PREPARED',
} as const;
