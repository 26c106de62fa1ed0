import { type ApprovalCalls, approvalCalls } from './approvals.js';
import { type BundleCalls, bundleCalls } from './bundles.js';
import type { CompareCalls } from './compare.js';
import { type OpenOptions, openContext, type ProjectContext } from './context.js';
import type { DocsCalls } from './docs.js';
import { type EmbeddedCalls, embeddedCalls } from './embedded.js';
import { type HealthCalls, healthCalls } from './health.js';
import { type HistoryCalls, historyCalls } from './history.js';
import { type KeptCalls, keptCalls } from './kept.js';
import { type MaintainCalls, maintainCalls } from './maintain.js';
import { type MigrationCalls, migrationCalls } from './migrations.js';
import { type ProveCalls, proveCalls } from './prove.js';
import { type QuickstartCalls, quickstartCalls } from './quickstart.js';
import { observing, type TelemetryCalls, telemetryCalls } from './telemetry.js';
import { type TenantCalls, tenantCalls } from './tenants.js';
import { type UsageCalls, usageCalls } from './usage.js';

/** A project: every command of the command line as one call. */
export interface Plinth
  extends MigrationCalls,
    HistoryCalls,
    KeptCalls,
    ApprovalCalls,
    BundleCalls,
    DocsCalls,
    ProveCalls,
    CompareCalls,
    TenantCalls,
    QuickstartCalls,
    MaintainCalls,
    HealthCalls {
  /** The project's root folder. */
  readonly root: string;
  /** The names of its targets, in the order of `plinth.yaml`. */
  readonly targets: readonly string[];
  /** The embedded PostgreSQL. */
  readonly db: EmbeddedCalls;
  /** Usage events, rollups and questions. */
  readonly usage: UsageCalls;
  /** Spans and metrics of what the other calls do. */
  readonly telemetry: TelemetryCalls;
}

/**
 * Opens the project that the working folder is in. Nothing is connected or started until a call needs it.
 * The embedded PostgreSQL, where a target uses it, goes on running after the process ends: see `db.stop`.
 *
 * @example
 * const plinth = await open({ cwd: 'services/billing' });
 * await plinth.apply({ target: 'operational' });
 * @throws CONFIG_NOT_FOUND, CONFIG_MALFORMED, CONFIG_INVALID, CONFIG_VARIABLE_UNSET, CONFIG_SECRET_IN_FILE
 */
export async function open(options: OpenOptions = {}): Promise<Plinth> {
  const context = openContext(options);
  return {
    root: context.config.root,
    targets: Object.keys(context.config.settings.targets),
    db: embeddedCalls(context),
    ...observing(context, migrationCalls(context), 'apply', 'rollback'),
    ...observing(context, historyCalls(context), 'baseline', 'adopt', 'repair'),
    ...keptCalls(context),
    ...approvalCalls(context),
    ...bundleCalls(context),
    ...lazyDocsCalls(context),
    ...proveCalls(context),
    ...observing(context, lazyCompareCalls(context), 'drift'),
    ...observing(context, tenantCalls(context), 'seed'),
    ...observing(context, quickstartCalls(context), 'quickstart'),
    ...healthCalls(context),
    ...observing(context, maintainCalls(context), 'maintain'),
    usage: observing(context, usageCalls(context), 'import', 'rollUp', 'reconcile'),
    telemetry: telemetryCalls(context),
  };
}

/** Comparing needs what most commands do not: loaded for the calls that compare. */
function lazyCompareCalls(context: ProjectContext): CompareCalls {
  const load = async (): Promise<CompareCalls> => (await import('./compare.js')).compareCalls(context);
  return {
    diff: async (choice) => (await load()).diff(choice),
    drift: async (choice) => (await load()).drift(choice),
    saveSchema: async (choice) => (await load()).saveSchema(choice),
  };
}

/** What documents are made with is a hundred files: loaded for the calls that make some. */
function lazyDocsCalls(context: ProjectContext): DocsCalls {
  const load = async (): Promise<DocsCalls> => (await import('./docs.js')).docsCalls(context);
  return {
    docs: {
      build: async (choice) => (await load()).docs.build(choice),
      check: async (choice) => (await load()).docs.check(choice),
    },
    erd: async (choice) => (await load()).erd(choice),
    types: async (choice) => (await load()).types(choice),
  };
}
