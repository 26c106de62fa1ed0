/** Usage calls on the analytics target. Prices and tenants' names come from the operational target. */
import { type Session, withSession } from '../database/index.js';
import type {
  BadRows,
  BudgetAudit,
  BudgetStatus,
  ImportResult,
  ImportScope,
  Reconciliation,
  RefreshedRollup,
  RepairedReconciliation,
  Rollup,
  UsageInput,
} from '../usage/index.js';
import { type BudgetAuditChoice, budgetAudit, budgetsOf } from './budgets.js';
import type { ProjectContext } from './context.js';
import { historyFiles } from './history-files.js';
import { observedImport } from './observed-import.js';
import { organizationIdOf } from './organization.js';
import { type PriceCalls, priceCalls } from './prices.js';
import { type QuestionCalls, questionCalls } from './questions.js';
import { auditReconciliation } from './reconciliation-audit.js';
import { type RollUpChoice, type RollUpReport, rollUpByChoice } from './roll-up.js';
import { type RollupCalls, rollupCalls } from './rollups.js';
import { OPERATIONAL_TARGET } from './tenants.js';
import { type QualityChoice, type QualityReport, testUsage } from './usage-tests.js';

/** The target that holds usage events and their rollups. */
export const ANALYTICS_TARGET = 'analytics';

export interface UsageImport extends Omit<ImportScope, 'organizationId'> {
  readonly input: UsageInput;
  /** A format's name; found out from the first line unless given. */
  readonly format?: string;
  readonly source?: string;
  /** The file of a mapping, for a file of a format that Plinth does not know. */
  readonly mapping?: string;
  /** What becomes of rows that are no valid events: `quarantine` unless given. */
  readonly badRows?: BadRows;
  /** The organization that a trace without tenants belongs to: its slug or its id. */
  readonly organization?: string;
  /** Leave it to another run to roll up what was imported. */
  readonly withoutRollUp?: boolean;
}

export interface UsageImported extends ImportResult {
  /** What was rolled up: everything that was marked. */
  readonly rollUps: readonly RefreshedRollup[];
}

/** A span; what is left out is where the events begin and end. */
export interface UsageSpan {
  readonly from?: Date;
  readonly to?: Date;
}

export interface UsageCalls extends QuestionCalls {
  /** Imports events, all or none of the valid ones, and rolls up what has changed. */
  import(options: UsageImport): Promise<UsageImported>;
  /** Brings rollups up to date; see `RollUpChoice`. */
  rollUp(choice?: RollUpChoice): Promise<RollUpReport>;
  /** The rollups that the project declares: listed, checked, as SQL. */
  readonly rollups: RollupCalls;
  /** The price list, and what is priced by it. */
  readonly prices: PriceCalls;
  /** What an organization, by its slug or id, has spent and reserved of its budgets. */
  budgets(organization: string): Promise<readonly BudgetStatus[]>;
  /** Compares what budgets have counted with what usage has cost, by period. */
  auditBudgets(choice?: BudgetAuditChoice): Promise<BudgetAudit>;
  /** Runs the data-quality tests of `analytics/tests`. */
  test(choice?: QualityChoice): Promise<QualityReport>;
  /**
   * Compares rollups with what they are made of; `repair` has what differs computed again. What differs leaves an
   * event in the audit trail.
   */
  reconcile(
    options?: UsageSpan & { readonly repair?: boolean },
  ): Promise<Reconciliation | RepairedReconciliation>;
}

/** Loaded by the call that needs it, so that the other commands start without it. */
const loadUsage = () => import('../usage/index.js');

export function usageCalls(context: ProjectContext): UsageCalls {
  const analytics = async <T>(work: (session: Session) => Promise<T>): Promise<T> =>
    withSession(await context.databaseOf(ANALYTICS_TARGET), work);
  const operational = async <T>(work: (session: Session) => Promise<T>): Promise<T> =>
    withSession(await context.databaseOf(OPERATIONAL_TARGET), work);
  const declared = async (): Promise<readonly Rollup[]> =>
    (await loadUsage()).readRollups(context.config.root);
  const signal = context.signal ? { signal: context.signal } : {};
  const talk = { onProgress: context.onProgress, ...signal };
  const history = async () => {
    const files = await historyFiles(context);
    return files ? { history: files } : {};
  };
  return {
    import: async ({ organization, withoutRollUp, mapping: mappingFile, ...options }) => {
      const { importUsage, readMapping, readPriceList, refreshRollups } = await loadUsage();
      const mapping = mappingFile === undefined ? {} : { mapping: readMapping(mappingFile) };
      const { prices, organizationId } = await operational(async (session) => ({
        prices: await readPriceList(session),
        organizationId:
          organization === undefined ? undefined : await organizationIdOf(session, organization),
      }));
      return analytics(async (session) => {
        const scope = organizationId === undefined ? {} : { organizationId };
        const imported = await observedImport(() =>
          importUsage(session, { ...options, ...mapping, ...scope, prices, ...talk }),
        );
        const refresh = withoutRollUp
          ? undefined
          : await refreshRollups(session, { rollups: await declared(), ...talk, ...(await history()) });
        return { ...imported, rollUps: refresh?.rollups ?? [] };
      });
    },
    rollUp: async (choice = {}) =>
      rollUpByChoice(await context.databaseOf(ANALYTICS_TARGET), await declared(), choice, {
        ...talk,
        ...(await history()),
      }),
    rollups: rollupCalls(declared, analytics),
    prices: priceCalls(context, operational, analytics),
    budgets: (organization) => budgetsOf(operational, organization),
    auditBudgets: (choice = {}) => budgetAudit(context, { operational, analytics, declared }, choice),
    test: async (choice = {}) => testUsage(context, choice),
    ...questionCalls(context, { operational, analytics, declared }),
    reconcile: async ({ repair = false, ...span } = {}) => {
      const { reconcileUsage, repairUsage } = await loadUsage();
      const rollups = await declared();
      const options = { rollups, ...span, ...(await history()), ...signal };
      const result = await analytics((session) => (repair ? repairUsage : reconcileUsage)(session, options));
      await auditReconciliation(operational, result);
      return result;
    },
  };
}
