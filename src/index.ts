/** The library: everything a command does is one call on what `open` returns. */
export { isPlinthError, PlinthError, type ProgressEvent, type SourceRange } from './core/index.js';
export type {
  DownSelection,
  EmbeddedCalls,
  MigrationCalls,
  OpenOptions,
  Plinth,
  QuickstartCalls,
  QuickstartChoice,
  SeedChoice,
  ServerInUse,
  TargetChoice,
  TenantCalls,
  UpSelection,
  UsageCalls,
  UsageImport,
  UsageImported,
  UsageQuestion,
  UsageSpan,
} from './project/index.js';
export { open } from './project/index.js';
