/** The frame of every run that changes a target: connection, ledger, lock, watch, and their end. */
import { randomUUID } from 'node:crypto';
import { packageVersion, silent } from '../../core/index.js';
import { log } from '../../telemetry/index.js';
import { readKeepingScripts } from '../keep/items.js';
import { ensureLedger, type LedgerEntry, type LedgerScope, readLedger } from '../ledger/ledger.js';
import type { RunRecord } from '../ledger/writes.js';
import { acquireLock, type Lease, type LockHolder } from '../lock.js';
import { DEFAULT_KEPT_DAYS, DEFAULT_LIMITS, type MigrateOptions } from '../options.js';
import { requireSchema, schemaSearchPath } from '../tenant-schema.js';
import { openRunConnection, type RunConnection } from './connection.js';
import type { RunContext } from './context.js';
import { observeRun, type RunTelemetry } from './observed-run.js';
import { NO_OBSERVER } from './observer.js';
import { searchPathFor } from './search-path.js';
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
  return observeRun(options, run, async (telemetry) => {
    const connection = await openRunConnection(options.database);
    try {
      await requireSchema(connection.session, options);
      await ensureLedger(connection.session);
      const lease = await lock(connection, options, scope, run);
      try {
        const entries = (await readLedger(connection.session, scope)) ?? [];
        const frame = { options, connection, scope, lease, run, telemetry };
        return await runUnderLock(frame, (context) => work({ context, entries }));
      } finally {
        if (connection.session.isOpen) {
          await lease.release(connection.session).catch(() => {});
        }
      }
    } finally {
      await connection.close();
    }
  });
}

interface Frame {
  readonly options: MigrateOptions;
  readonly connection: RunConnection;
  readonly scope: LedgerScope;
  readonly lease: Lease;
  readonly run: RunRecord;
  readonly telemetry: RunTelemetry;
}

async function runUnderLock<T>(
  { options, connection, scope, lease, run, telemetry }: Frame,
  work: (context: RunContext) => Promise<T>,
): Promise<T> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const onProgress = options.onProgress ?? silent;
  const watch = openWatch({ database: options.database, lease, onProgress });
  const cancel = (): void => void cancelStatement(connection);
  options.signal?.addEventListener('abort', cancel);
  try {
    return await work({
      connection,
      scope,
      lease,
      run,
      limits,
      watch,
      telemetry,
      observer: NO_OBSERVER,
      onProgress,
      signal: options.signal,
      searchPath: await searchPathFor(connection.session, schemaSearchPath(options)),
      kept: await readKeepingScripts(connection.session, scope),
      keptDays: options.keptDays ?? DEFAULT_KEPT_DAYS,
      classification: options.classification,
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
): Promise<Lease> {
  const onProgress = options.onProgress ?? silent;
  const task = 'wait for the other run';
  const lease = await acquireLock(connection.session, {
    ...scope,
    client: run.client,
    timeoutMs: options.limits?.applyLockTimeoutMs ?? DEFAULT_LIMITS.applyLockTimeoutMs,
    ...(options.signal ? { signal: options.signal } : {}),
    onWait: (holder: LockHolder) => {
      const { target, member } = options;
      log('warn', 'run.waiting', { run_id: run.id, target, member, holder: holder.client });
      onProgress({
        task,
        message: `  waiting for ${holder.client}, who migrates '${target}' since ${holder.since.toISOString()}`,
      });
    },
  });
  onProgress({ task, state: 'done' });
  return lease;
}

/** Behind a proxy the server process of the moment is not known: there a statement runs to its end. */
async function cancelStatement(connection: RunConnection): Promise<void> {
  if (connection.session.isOpen && connection.session.isDirect) {
    await connection.session.cancel().catch(() => {});
  }
}
