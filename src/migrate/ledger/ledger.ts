/** Reads the ledger, and makes it where there is none. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readPackageFile } from '../../core/index.js';
import { type Session, sqlstateOf } from '../../database/index.js';
import { MIGRATE_ERRORS } from '../errors.js';

const LEDGER_FORMAT = 2;

/** Which rows of the ledger: a target, and where it is migrated schema by schema, the schema. */
export interface LedgerScope {
  readonly target: string;
  readonly scope: string;
}

/** One migration in the ledger, without its texts. */
export interface LedgerEntry {
  /** The version, or `R__name` for a repeatable migration. */
  readonly version: string;
  readonly name: string;
  readonly kind: 'versioned' | 'repeatable' | 'baseline';
  readonly state: 'applied' | 'applying' | 'rolling-back';
  readonly upBytes: string;
  readonly upMeaning: string;
  readonly downBytes: string | undefined;
  readonly statementsDone: number;
  readonly statementStarted: StartedStatement | undefined;
  readonly runId: string;
  readonly appliedAt: Date;
  readonly durationMs: number | undefined;
  readonly databaseUser: string;
  readonly client: string;
}

/** What was written down before a statement was started outside a transaction. */
export interface StartedStatement {
  readonly index: number;
  /** The run that started it: the statement carries the id in a comment. */
  readonly runId: string;
  /** Object ids that tell, after a crash, what the statement had made: see `run/unfinished.ts`. */
  readonly before: readonly number[];
}

export interface LedgerTexts {
  readonly up: string;
  readonly down: string | undefined;
}

/**
 * The rows of one scope, unordered; `undefined` where the database has no ledger yet.
 * @throws MIGRATE_LEDGER_TOO_NEW, MIGRATE_LEDGER_DENIED
 */
export async function readLedger(session: Session, scope: LedgerScope): Promise<LedgerEntry[] | undefined> {
  return await whereThereIsOne(session, async () => {
    const rows = await session.query<LedgerRow>(READ_LEDGER, [scope.target, scope.scope]);
    checkedFormat(rows[0]?.format ?? LEDGER_FORMAT);
    return rows.filter(({ version }) => version !== null).map(entryOf);
  });
}

/** The ledger's format; `undefined` where the database has no ledger yet. */
async function readFormat(session: Session): Promise<number | undefined> {
  return await whereThereIsOne(session, async () => {
    const [row] = await session.query<{ format: number }>('select version as format from plinth.format');
    return checkedFormat(row?.format ?? LEDGER_FORMAT);
  });
}

async function whereThereIsOne<T>(session: Session, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (['42P01', '3F000'].includes(sqlstateOf(error) ?? '')) {
      return undefined;
    }
    throw deniedOr(error, session);
  }
}

/** The error for a role that lacks rights on the ledger, or the error itself when it is about something else. */
export function deniedOr(error: unknown, { server }: Session): unknown {
  return sqlstateOf(error) === '42501'
    ? MIGRATE_ERRORS.LEDGER_DENIED({
        message: `Cannot use the ledger: the role '${server.user}' lacks rights on the schema plinth in '${server.database}'`,
        hint: 'Grant the role what it needs on the schema plinth, or run as the role that made it.',
        cause: error,
      })
    : error;
}

/** The runs that applied the migrations last, as the log has it. */
export async function readApplyingRuns(
  session: Session,
  scope: LedgerScope,
  versions: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ runId: string }>(
    `select distinct on (e.version) e.run_id::text as "runId"
       from plinth.run_events as e
       join plinth.runs as r on r.id = e.run_id and r.target = $1 and r.scope = $2
      where e.event = 'applied' and e.version = any ($3)
      order by e.version, e.id desc`,
    [scope.target, scope.scope, versions],
  );
  return new Set(rows.map(({ runId }) => runId));
}

/** The texts that a migration was applied with. */
export async function readTexts(session: Session, scope: LedgerScope, version: string): Promise<LedgerTexts> {
  return (await readTextsOfAll(session, scope, [version])).get(version)!;
}

/** The texts that each of the migrations was applied with, by version; empty for one that the ledger has not. */
export async function readTextsOfAll(
  session: Session,
  scope: LedgerScope,
  versions: readonly string[],
): Promise<ReadonlyMap<string, LedgerTexts>> {
  const rows = await session.query<{ version: string; up_text: string; down_text: string | null }>(
    `select version, up_text, down_text
       from plinth.migrations
      where target = $1 and scope = $2 and version = any ($3)`,
    [scope.target, scope.scope, versions],
  );
  const texts = new Map<string, LedgerTexts>(
    versions.map((version) => [version, { up: '', down: undefined }]),
  );
  for (const { version, up_text, down_text } of rows) {
    texts.set(version, { up: up_text, down: down_text ?? undefined });
  }
  return texts;
}

/**
 * Makes the ledger if the database has none, and brings one of an older format up to date. Safe when several do so
 * at once.
 * @throws MIGRATE_LEDGER_DENIED when the role may not create a schema
 */
export async function ensureLedger(session: Session): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const format = await readFormat(session);
    if (format === LEDGER_FORMAT) {
      return;
    }
    try {
      await session.transaction(() =>
        session.run(format ? upgradeSql() : `${creationSql()};${upgradeSql()}`),
      );
    } catch (error) {
      const sqlstate = sqlstateOf(error) ?? '';
      if (sqlstate === '42501') {
        throw MIGRATE_ERRORS.LEDGER_DENIED({
          message: `Cannot ${format ? 'bring the ledger up to date' : 'make the ledger'}: the role '${session.server.user}' may not create ${format ? 'tables in ' : ''}the schema plinth in '${session.server.database}'`,
          cause: error,
        });
      }
      // Another run made it at the same time: read what it made.
      if (!['42P06', '23505', '42P07'].includes(sqlstate) || attempt > 5) {
        throw error;
      }
      await sleep(50 * attempt);
    }
  }
}

function creationSql(): string {
  return readPackageFile('src/migrate/ledger/ledger.sql');
}

/** From format 1 to format 2. */
function upgradeSql(): string {
  return readPackageFile('src/migrate/ledger/kept.sql');
}

const READ_LEDGER = `
  select f.version as format, m.version, m.name, m.kind, m.state, m.up_bytes, m.up_meaning, m.down_bytes,
         m.statements_done, m.statement_started, m.run_id, m.applied_at, m.duration_ms::float8 as duration_ms,
         r.database_user, r.client
    from plinth.format as f
    left join plinth.migrations as m on m.target = $1 and m.scope = $2
    left join plinth.runs as r on r.id = m.run_id`;

interface LedgerRow {
  readonly format: number;
  readonly version: string | null;
  readonly name: string;
  readonly kind: LedgerEntry['kind'];
  readonly state: LedgerEntry['state'];
  readonly up_bytes: string;
  readonly up_meaning: string;
  readonly down_bytes: string | null;
  readonly statements_done: number;
  readonly statement_started: StartedStatement | null;
  readonly run_id: string;
  readonly applied_at: Date;
  readonly duration_ms: number | null;
  readonly database_user: string;
  readonly client: string;
}

function checkedFormat(format: number): number {
  if (format > LEDGER_FORMAT) {
    throw MIGRATE_ERRORS.LEDGER_TOO_NEW({
      message: `Cannot read the ledger: its format is ${format} (${LEDGER_FORMAT} or older was wanted)`,
      details: { format },
    });
  }
  return format;
}

function entryOf(row: LedgerRow): LedgerEntry {
  return {
    version: row.version!,
    name: row.name,
    kind: row.kind,
    state: row.state,
    upBytes: row.up_bytes,
    upMeaning: row.up_meaning,
    downBytes: row.down_bytes ?? undefined,
    statementsDone: row.statements_done,
    statementStarted: row.statement_started ?? undefined,
    runId: row.run_id,
    appliedAt: row.applied_at,
    durationMs: row.duration_ms ?? undefined,
    databaseUser: row.database_user,
    client: row.client,
  };
}
