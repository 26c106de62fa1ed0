export {
  type ConnectionSettings,
  parseConnectionUrl,
  redactUrl,
  withDatabaseName,
} from './connection-url.js';
export { EMBEDDED_MAJOR, type PostgresBinaries, packagedBinaries } from './embedded/binaries.js';
export {
  type EmbeddedOptions,
  type EmbeddedServer,
  type EmbeddedTarget,
  startEmbedded,
  stopEmbedded,
} from './embedded/embedded.js';
export { type EnsureDatabaseOptions, ensureDatabase } from './ensure-database.js';
export { DATABASE_ERRORS } from './errors.js';
export { openDatabase } from './open.js';
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
export { failureOf, isConnectionLoss, type SqlFailure, sqlstateOf } from './sql-failure.js';
