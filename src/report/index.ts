export { approvalsText, approvedText } from './approvals.js';
export { budgetAuditText } from './budget-audit.js';
export { bundleText } from './bundle.js';
export { bar } from './chart.js';
export { comparisonText, driftAdvice, driftText, savedMigrationText, savedSchemaText } from './comparison.js';
export { docsBuiltText, docsCheckedText, erdText, typesText } from './docs.js';
export { errorJson, errorText } from './error.js';
export { planReportText, runReportText, statusReportText } from './fleet.js';
export { healthText } from './health.js';
export { adoptText, baselineText, repairText, shownText } from './history.js';
export { keptText, purgedText, restoredKeptText, shownKeptText } from './kept.js';
export { maintainText } from './maintain.js';
export { validationText } from './migrations.js';
export { budgetsText, priceListText, priceSyncText, repricedText } from './prices.js';
export { proofHtml } from './prove/html.js';
export { proofMarkdown } from './prove/markdown.js';
export { proofText } from './prove/text.js';
export { quickstartReportText, quickstartServerText, quickstartStepText } from './quickstart.js';
export {
  qualityText,
  reconciliationText,
  rollUpReportText,
  rollUpText,
  rollupsCheckedText,
  rollupsText,
} from './rollups.js';
export { type Style, styleFor } from './style.js';
export { type Column, table } from './table.js';
export {
  formatCount,
  formatDuration,
} from './units.js';
export { eventsText } from './usage-events.js';
export { groupsText } from './usage-groups.js';
export { importText } from './usage-import.js';
export { trendText } from './usage-trend.js';
