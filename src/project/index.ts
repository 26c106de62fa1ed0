export type { ApprovalCalls, ApproveChoice } from './approvals.js';
export type { OpenOptions } from './context.js';
export type { EmbeddedCalls } from './embedded.js';
export type { AdoptChoice, HistoryCalls, RepairChoice } from './history.js';
export type { DownSelection, MigrationCalls, TargetChoice, UpSelection } from './migrations.js';
export { open, type Plinth } from './open.js';
export type { QuickstartCalls, QuickstartChoice, ServerInUse } from './quickstart.js';
export type { SeedChoice, TenantCalls } from './tenants.js';
export type { UsageCalls, UsageImport, UsageImported, UsageQuestion, UsageSpan } from './usage.js';
