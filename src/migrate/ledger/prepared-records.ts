/**
 * The ledger's record of a migration as statements that a message prepares once and executes for each migration in
 * it: most of what a small migration costs the server beside its own statements is planning the record.
 */
import { quoteLiteral } from '../../sql/index.js';
import { sinceHeldSql } from '../lock.js';
import type { LedgerScope } from './ledger.js';
import { eventExists, type LedgerRecord, type MigrationRecord } from './writes.js';

/** Until the transaction ends: else the server plans what is prepared anew for each of the first five times. */
export const PLAN_ONCE = 'set local plan_cache_mode = force_generic_plan';

/** What a message prepares, and how it records a migration. */
export interface PreparedRecords {
  readonly prepare: readonly string[];
  /** In place of the SQL that renews the lease. */
  readonly hold: string;
  /**
   * Its last statement answers how many milliseconds the migration took.
   * @param migration with its scripts on the way up
   */
  record(migration: Recorded, eventDetails: Readonly<Record<string, unknown>>): LedgerRecord;
  readonly forget: readonly string[];
}

type Recorded = Omit<MigrationRecord, 'scripts'> & Partial<Pick<MigrationRecord, 'scripts'>>;

export interface PreparedRecordsOptions {
  readonly scope: LedgerScope;
  readonly runId: string;
  readonly direction: 'up' | 'down';
  /** The SQL that renews the lease. */
  readonly holdSql: string;
  /** Tells the statements of this message from those that an earlier one may have left. */
  readonly serial: number;
}

export function preparedRecords(options: PreparedRecordsOptions): PreparedRecords {
  const { scope, runId, direction, holdSql, serial } = options;
  const [hold, record] = [`plinth_hold_${serial}`, `plinth_record_${serial}`];
  const event = direction === 'up' ? 'applied' : 'rolled-back';
  return {
    prepare: [
      `prepare ${hold} as ${holdSql}`,
      direction === 'up'
        ? `prepare ${record} (text, text, text, text, text, text, text, text, text, jsonb) as ${applied(scope, runId)}`
        : `prepare ${record} (text, jsonb) as ${rolledBack(scope, runId)}`,
    ],
    hold: `execute ${hold}`,
    record: (migration, eventDetails) => {
      const { version, name, kind, scripts } = migration;
      const texts = scripts && [
        ...[name, kind, scripts.upText, scripts.upBytes, scripts.upMeaning],
        ...[scripts.downText, scripts.downBytes, scripts.downMeaning],
      ];
      const values = [version, ...(texts ?? []), JSON.stringify(eventDetails)];
      return {
        sql: [PLAN_ONCE, `execute ${record} (${values.map(literal).join(', ')})`],
        proof: eventExists(runId, event, version),
      };
    },
    forget: [hold, record].map((name) => `deallocate ${name}`),
  };
}

/** One that is there already is replaced, as `upsertMigration` does. */
function applied(scope: LedgerScope, runId: string): string {
  const values = [scope.target, scope.scope].map(quoteLiteral).join(', ');
  const replaced = [...RECORDED, 'applied_at', 'statements_done', 'statement_started'];
  return `
    with took as materialized (${sinceHeldSql(scope)}),
    applied as (
      insert into plinth.migrations (target, scope, version, ${RECORDED.join(', ')})
      select ${values}, $1, $2, $3, 'applied', $4, $5, $6, $7, $8, $9, ${quoteLiteral(runId)}::uuid, round(took.ms)::bigint
        from took
      on conflict (target, scope, version) do update
         set ${replaced.map((name) => `${name} = excluded.${name}`).join(', ')}),
    ${logged(runId, 'applied', '$10')}
    select ms from took`;
}

const RECORDED = [
  'name',
  'kind',
  'state',
  'up_text',
  'up_bytes',
  'up_meaning',
  'down_text',
  'down_bytes',
  'down_meaning',
  'run_id',
  'duration_ms',
];

function rolledBack(scope: LedgerScope, runId: string): string {
  return `
    with took as materialized (${sinceHeldSql(scope)}),
    gone as (
      delete from plinth.migrations
       where target = ${quoteLiteral(scope.target)} and scope = ${quoteLiteral(scope.scope)} and version = $1),
    ${logged(runId, 'rolled-back', '$2')}
    select ms from took`;
}

function logged(runId: string, event: string, details: string): string {
  return `logged as (
      insert into plinth.run_events (run_id, event, version, duration_ms, details)
      select ${quoteLiteral(runId)}::uuid, ${quoteLiteral(event)}, $1, round(took.ms)::bigint, ${details} from took)`;
}

function literal(value: string | undefined): string {
  return value === undefined ? 'null' : quoteLiteral(value);
}
