export {
  type ConnectionSettings,
  parseConnectionUrl,
  redactUrl,
  withDatabaseName,
} from './connection-url.js';
export { type DuckDb, type DuckDbOptions, openDuckDb } from './duckdb/open-duckdb.js';
export { type PostgresBinaries, packagedBinaries } from './embedded/binaries.js';
export type { EmbeddedOptions, EmbeddedServer } from './embedded/embedded-server.js';
export type { EmbeddedStatus } from './embedded/embedded-status.js';
export type { EmbeddedTarget } from './embedded/embedded-target.js';
export type { RunEmbeddedOptions } from './embedded/run-embedded.js';
export { type EnsureDatabaseOptions, ensureDatabase } from './ensure-database.js';
export { DATABASE_ERRORS } from './errors.js';
export { LOCK_NOT_AVAILABLE, waitingForLocks } from './lock-waits.js';
export {
  embeddedStatus,
  embeddedUrl,
  openScratch,
  runEmbedded,
  startEmbedded,
  stopEmbedded,
} from './on-demand.js';
export { openDatabase } from './open.js';
export { installedBinaries } from './scratch/installed-binaries.js';
export type { ScratchOptions } from './scratch/open-scratch.js';
export type { ScratchDatabase, ScratchServer } from './scratch/scratch-server.js';
export {
  type Capabilities,
  type ConnectOptions,
  type Database,
  type IsolationLevel,
  type Notice,
  type QueryOptions,
  type ServerInfo,
  type Session,
  type StatementResult,
  withSession,
} from './session.js';
export { type SessionPool, sessionPool } from './session-pool.js';
export { failureOf, type SqlFailure, sqlstateOf } from './sql-failure.js';
