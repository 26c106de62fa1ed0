export {
  type AuditedBudget,
  auditBudgets,
  type BudgetAudit,
  type BudgetAuditOptions,
  type BudgetSessions,
} from './budget/audit-budgets.js';
export {
  type BudgetStatus,
  budgetStatus,
  type Reservation,
  type Reserved,
  releaseBudget,
  releaseExpiredReservations,
  reserveBudget,
  type Settlement,
  settleBudget,
} from './budget/budget.js';
export { type CopiedEvents, copyUsageEvents, type EventRows } from './copy-events.js';
export { USAGE_ERRORS } from './errors.js';
export {
  DEFAULT_CURRENCY,
  type EventCost,
  type Money,
  OPERATIONS,
  type Operation,
  type TokenCounts,
  type UsageEvent,
  type UsageParts,
} from './event.js';
export { GRAINS, type Grain, type TimeRange } from './grain.js';
export { type CachedFilesOptions, cachedFiles } from './history/cached-files.js';
export { folderFiles } from './history/folder-files.js';
export { type MoveOptions, moveUsageDays } from './history/move-days.js';
export { type RemoveOptions, removeReplacedSegments } from './history/remove-replaced.js';
export { type SealedDay, type SealOptions, type SealStep, sealUsageDay } from './history/seal-day.js';
export { type HistoryFiles, type UsageSegment, usageSegments } from './history/segments.js';
export { EVENT_FIELDS, type EventField } from './import/event-fields.js';
export type { EventTotals } from './import/event-totals.js';
export { FORMAT_NAMES } from './import/formats.js';
export { type ImportOptions, type ImportResult, importUsage } from './import/import-usage.js';
export { type Mapping, mappingJsonSchema, readMapping } from './import/mapping.js';
export type { BadRows, Reject } from './import/rejects.js';
export { DEFAULT_START_TIME, type ImportScope } from './import/scope.js';
export type { UsageInput } from './import/usage-input.js';
export { ensureUsagePartitions } from './partitions.js';
export { type PayloadOptions, type PayloadUsage, usageOfPayload } from './payload/payload-usage.js';
export { eventCost } from './price/event-cost.js';
export { type Price, type PriceKind, type PriceList, readPriceList } from './price/price-list.js';
export { type FindPrices, type PriceSheet, priceFinder } from './price/price-timeline.js';
export { type PublishedPrice, type PublishedPrices, publishedPrices } from './price/published-prices.js';
export { type Repriced, type RepriceOptions, repriceUsage } from './price/reprice.js';
export {
  type ModelVersion,
  type PriceChange,
  type PriceSync,
  PUBLISHED_SOURCE,
  type SyncOptions,
  syncPrices,
} from './price/sync-prices.js';
export {
  parseQualityTest,
  QUALITY_FOLDER,
  QUALITY_KINDS,
  type QualityKind,
  type QualitySeverity,
  type QualityTest,
  readQualityTests,
} from './quality/quality-test.js';
export { type QualityOptions, type QualityResult, runQualityTests } from './quality/run-quality-tests.js';
export { QUESTION_GRAINS, type QuestionGrain } from './question/buckets.js';
export { type EventsOptions, usageEvents } from './question/events.js';
export type { UsageFilter } from './question/filter.js';
export {
  GROUPINGS,
  type GroupBy,
  type GroupOptions,
  type UsageGroup,
  type UsageGroups,
  usageGroups,
} from './question/groups.js';
export { type EventKey, readUsageEvent } from './question/read-event.js';
export { type Asking, RANK_MEASURES, type RankMeasure, type UsageSource } from './question/rows.js';
export type { LatencyPercentiles, UsageSums } from './question/sums.js';
export { type AnswerTable, eventsTable, groupsTable, tableCsv, trendTable } from './question/table.js';
export { readTime } from './question/time-zone.js';
export {
  type TrendOptions,
  type TrendPoint,
  type TrendSpan,
  type UsageTrend,
  usageTrend,
} from './question/trend.js';
export { writeParquet } from './question/write-parquet.js';
export {
  type RecordedEvent,
  type RecordOptions,
  recordUsageEvent,
} from './record-event.js';
export { checkRollups, type RollupCheck, strayMarks } from './rollup/check-tables.js';
export type { LevelReconciliation } from './rollup/compare-levels.js';
export type { BothSums, RollupReconciliation } from './rollup/compare-rollup.js';
export { type CompileOptions, mergeQuery, rollupColumns } from './rollup/compile.js';
export { rollupJsonSchema } from './rollup/declaration.js';
export { ENGINE_NAMES, type EngineName } from './rollup/dialect.js';
export type { RollupDifference } from './rollup/differing-rows.js';
export { digestQuery } from './rollup/digest.js';
export { DISTINCT_ERROR, type DistinctSketch, estimatedDistinct } from './rollup/distinct.js';
export { type ExpiredRollup, expireRollups } from './rollup/expire.js';
export { readableGrain, usageExtent } from './rollup/extent.js';
export {
  type LatencyHistogram,
  latencyBucketUs,
  latencyPercentileUs,
  PERCENTILE_ERROR,
} from './rollup/histogram.js';
export type { FileMismatch, HistoryReconciliation } from './rollup/history-digests.js';
export { type LateRows, type LiveOptions, liveRows } from './rollup/live.js';
export { type MarkedBucket, markedBuckets, markUsage } from './rollup/marks.js';
export { Pace } from './rollup/pace.js';
export { parseRollups, ROLLUPS_FOLDER, type RollupText, readRollups } from './rollup/read-rollups.js';
export {
  type ReconcileOptions,
  type Reconciliation,
  type RepairedReconciliation,
  reconcileUsage,
  repairUsage,
} from './rollup/reconcile.js';
export { type Refresh, type RefreshedRollup, type RefreshOptions, refreshRollups } from './rollup/refresh.js';
export { type RollUpOptions, rollUpUsage } from './rollup/roll-up.js';
export { type Measure, type Rollup, rollupTable } from './rollup/rollup.js';
export { rollupQuery } from './rollup/rollup-query.js';
export { tableSql } from './rollup/table-sql.js';
export { insertSql } from './rollup/write-sql.js';
export {
  generateUsageDay,
  type SampleKey,
  type SampleModel,
  type SampleOptions,
  type SampleTenant,
} from './sample/generate-day.js';
export type { ShapeName } from './sample/request-shapes.js';
export type { StoredUsageEvent } from './stored-event.js';
export { type CappedDimension, cappedSince } from './upkeep/capped.js';
export {
  type Lateness,
  type LatenessOptions,
  latenessOf,
  UPKEEP_SUBJECTS,
  type UpkeepSubject,
} from './upkeep/lateness.js';
export { type PlatformUpkeep, platformUpkeep } from './upkeep/platform-upkeep.js';
export { type UpkeepState, type UpkeepStateOptions, upkeepState } from './upkeep/upkeep-state.js';
export { openUsageRecorder, type RecorderOptions, type UsageRecorder } from './usage-recorder.js';
