/** The library: everything a command does is one call on what `open` returns. */
export { isPlinthError, PlinthError, type ProgressEvent, type SourceRange } from './core/index.js';
export type {
  AdoptChoice,
  ApprovalCalls,
  ApproveChoice,
  DownSelection,
  EmbeddedCalls,
  HistoryCalls,
  MigrationCalls,
  OpenOptions,
  Plinth,
  QuickstartCalls,
  QuickstartChoice,
  RepairChoice,
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
