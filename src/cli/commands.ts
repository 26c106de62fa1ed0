import type { Command } from './command.js';
import { adopt } from './commands/adopt.js';
import { apply } from './commands/apply.js';
import { approvals } from './commands/approvals.js';
import { approve } from './commands/approve.js';
import { baseline } from './commands/baseline.js';
import { bundle } from './commands/bundle.js';
import { dbPsqlCommand } from './commands/db-psql-command.js';
import { dbStart } from './commands/db-start.js';
import { dbStatus } from './commands/db-status.js';
import { dbStop } from './commands/db-stop.js';
import { dbUrl } from './commands/db-url.js';
import { diff } from './commands/diff.js';
import { docsBuild } from './commands/docs-build.js';
import { docsCheck } from './commands/docs-check.js';
import { drift } from './commands/drift.js';
import { erd } from './commands/erd.js';
import { health } from './commands/health.js';
import { init } from './commands/init.js';
import { keptList } from './commands/kept-list.js';
import { keptPurge } from './commands/kept-purge.js';
import { keptRestore } from './commands/kept-restore.js';
import { keptShow } from './commands/kept-show.js';
import { maintain } from './commands/maintain.js';
import { newCommand } from './commands/new.js';
import { plan } from './commands/plan.js';
import { prove } from './commands/prove.js';
import { quickstart } from './commands/quickstart.js';
import { repair } from './commands/repair.js';
import { rollback } from './commands/rollback.js';
import { schemaSave } from './commands/schema-save.js';
import { seed } from './commands/seed.js';
import { show } from './commands/show.js';
import { status } from './commands/status.js';
import { types } from './commands/types.js';
import { usageBreakdown } from './commands/usage-breakdown.js';
import { usageBudgets } from './commands/usage-budgets.js';
import { usageEvents } from './commands/usage-events.js';
import { usageImport } from './commands/usage-import.js';
import { usagePrices } from './commands/usage-prices.js';
import { usageReconcile } from './commands/usage-reconcile.js';
import { usageReprice } from './commands/usage-reprice.js';
import { usageRollUp } from './commands/usage-roll-up.js';
import { usageRollups } from './commands/usage-rollups.js';
import { usageSample } from './commands/usage-sample.js';
import { usageTest } from './commands/usage-test.js';
import { usageTop } from './commands/usage-top.js';
import { usageTrend } from './commands/usage-trend.js';
import { validate } from './commands/validate.js';

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  quickstart,
  init,
  status,
  plan,
  apply,
  rollback,
  newCommand,
  validate,
  prove,
  health,
  approve,
  approvals,
  bundle,
  show,
  baseline,
  adopt,
  repair,
  keptList,
  keptShow,
  keptRestore,
  keptPurge,
  diff,
  drift,
  schemaSave,
  seed,
  maintain,
  usageImport,
  usageTrend,
  usageTop,
  usageBreakdown,
  usageEvents,
  usageReconcile,
  usageRollUp,
  usageRollups,
  usageTest,
  usagePrices,
  usageReprice,
  usageBudgets,
  usageSample,
  docsBuild,
  docsCheck,
  erd,
  types,
  dbStart,
  dbStop,
  dbStatus,
  dbUrl,
  dbPsqlCommand,
];
