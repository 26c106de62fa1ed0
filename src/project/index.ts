export type { ApprovalCalls, ApproveChoice } from './approvals.js';
export type { BundleCalls, BundleChoice, BundleSummary } from './bundles.js';
export type { CompareCalls } from './compare.js';
export type { ComparisonChoice } from './compare-choice.js';
export type { OpenOptions } from './context.js';
export type { DiffChoice, DiffReport, SavedSchema, SaveSchemaChoice } from './diff-schemas.js';
export type { DocsCalls, DocsChoice, DocsReport, TypesChoice, TypesReport } from './docs.js';
export type { DatabaseDrift, DriftChoice } from './drift.js';
export type { EmbeddedCalls } from './embedded.js';
export type { Erd, ErdChoice } from './erd.js';
export type { HealthCalls, HealthChoice, HealthReport } from './health.js';
export type { AdoptChoice, HistoryCalls, RepairChoice } from './history.js';
export { type InitOptions, type InitReport, initProject } from './init.js';
export type { MaintainCalls, MaintainChoice, MaintainReport, UpkeepOutcome, UpkeepStep } from './maintain.js';
export type { DownSelection, MigrationCalls, SourceChoice, TargetChoice, UpSelection } from './migrations.js';
export { open, type Plinth } from './open.js';
export type { PriceCalls, RepriceChoice } from './prices.js';
export type { ProveCalls, ProveChoice } from './prove.js';
export type {
  EventsQuestion,
  GroupQuestion,
  QuestionCalls,
  TrendQuestion,
  UsageEventsAnswer,
  UsageQuestion,
} from './questions.js';
export type { QuickstartCalls, QuickstartChoice, ServerInUse } from './quickstart.js';
export type { RollUpChoice, RollUpReport } from './roll-up.js';
export type { RollupCalls, RollupSqlChoice, RollupsChecked } from './rollups.js';
export type { TelemetryCalls } from './telemetry.js';
export type { SeedChoice, TenantCalls } from './tenants.js';
export type { UsageCalls, UsageImport, UsageImported, UsageSpan } from './usage.js';
export type { QualityChoice, QualityReport } from './usage-tests.js';
