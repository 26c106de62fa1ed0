/** The frame of every run that changes a target: connection, ledger, lock, watch, and their end. */
import { randomUUID } from 'node:crypto';
import { packageVersion, silent } from '../../core/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import { inSpan } from '../../telemetry/index.js';
import { ensureLedger, type LedgerEntry, type LedgerScope, readLedger } from '../ledger/ledger.js';
import type { RunRecord } from '../ledger/writes.js';
import { acquireLock, type LockHolder, releaseLock } from '../lock.js';
import { DEFAULT_LIMITS, type MigrateOptions } from '../options.js';
import { openRunConnection, type RunConnection } from './connection.js';
import type { RunContext } from './context.js';
import { openWatch } from './watch.js';

/** What a run works with: how to execute, and the ledger as it was once the lock was held. */
export interface Run {
  readonly context: RunContext;
  readonly entries: readonly LedgerEntry[];
}

/**
 * Runs `work` while holding the target's lock.
 * @throws MIGRATE_LOCKED when another run holds it for longer than the run may wait
 */
export async function withRun<T>(
  options: MigrateOptions,
  action: RunRecord['action'],
  source: string,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const scope: LedgerScope = { target: options.target, scope: options.schema ?? '' };
  const run: RunRecord = {
    id: randomUUID(),
    action,
    client: options.client ?? 'library',
    build: packageVersion(),
    source,
  };
  return inSpan(
    `plinth.${action}`,
    { 'plinth.target': options.target, 'plinth.run_id': run.id },
    async () => {
      const connection = await openRunConnection(options.database);
      try {
        await endWithClient(connection);
        await ensureLedger(connection.session, scope);
        await lock(connection, options, scope, run);
        try {
          const entries = (await readLedger(connection.session, scope)) ?? [];
          return await runUnderLock(options, connection, scope, run, (context) => work({ context, entries }));
        } finally {
          if (connection.session.isOpen) {
            await releaseLock(connection.session, scope, run.id).catch(() => {});
          }
        }
      } finally {
        await connection.close();
      }
    },
  );
}

async function runUnderLock<T>(
  options: MigrateOptions,
  connection: RunConnection,
  scope: LedgerScope,
  run: RunRecord,
  work: (context: RunContext) => Promise<T>,
): Promise<T> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const onProgress = options.onProgress ?? silent;
  const watch = openWatch({ ...scope, database: options.database, owner: run.id, onProgress });
  const cancel = (): void => void cancelStatement(connection);
  options.signal?.addEventListener('abort', cancel);
  try {
    return await work({
      connection,
      scope,
      run,
      limits,
      watch,
      onProgress,
      signal: options.signal,
      searchPath: options.schema === undefined ? undefined : quoteIdentifier(options.schema),
      progress: { runRecorded: false },
    });
  } finally {
    options.signal?.removeEventListener('abort', cancel);
    await watch.close();
  }
}

async function lock(
  connection: RunConnection,
  options: MigrateOptions,
  scope: LedgerScope,
  run: RunRecord,
): Promise<void> {
  const onProgress = options.onProgress ?? silent;
  const task = 'wait for the other run';
  await acquireLock(connection.session, {
    ...scope,
    owner: run.id,
    client: run.client,
    timeoutMs: options.limits?.applyLockTimeoutMs ?? DEFAULT_LIMITS.applyLockTimeoutMs,
    ...(options.signal ? { signal: options.signal } : {}),
    onWait: (holder: LockHolder) =>
      onProgress({
        task,
        message: `  waiting for ${holder.client}, who migrates '${options.target}' since ${holder.since.toISOString()}`,
      }),
  });
  onProgress({ task, state: 'done' });
}

/**
 * Asks the server to look, every two seconds, whether this client still lives: after a crash its statement
 * ends and the lock is free. Some servers cannot (Windows), and a proxy's process serves others too.
 */
async function endWithClient(connection: RunConnection): Promise<void> {
  if (connection.session.isDirect) {
    await connection.session.run("set client_connection_check_interval = '2s'").catch(() => {});
  }
}

async function cancelStatement(connection: RunConnection): Promise<void> {
  if (connection.session.isOpen) {
    await connection.session.cancel().catch(() => {});
  }
}
