/** Budgets: in the operational target; what usage has cost in the analytics target. */
import type { Session } from '../database/index.js';
import { log, setGauge } from '../telemetry/index.js';
import type { BudgetAudit, BudgetStatus, Rollup } from '../usage/index.js';
import type { ProjectContext } from './context.js';
import { historyFiles } from './history-files.js';
import { organizationIdOf } from './organization.js';

/** Asks a session of a target. */
type Ask = <T>(work: (session: Session) => Promise<T>) => Promise<T>;

const loadUsage = () => import('../usage/index.js');

/** The living budgets of an organization, by its slug or id, as they stand now. */
export async function budgetsOf(operational: Ask, organization: string): Promise<BudgetStatus[]> {
  const { budgetStatus } = await loadUsage();
  return operational(async (session) =>
    budgetStatus(session, { organizationId: await organizationIdOf(session, organization) }),
  );
}

export interface BudgetAuditChoice {
  /** An organization's slug or id; every one with a budget unless given. */
  readonly organization?: string;
  /** Pay for requests that died between their event and their payment. */
  readonly repair?: boolean;
}

/** Budgets of the last 35 days beside what usage has cost. What differs is told in the log and the metrics. */
export async function budgetAudit(
  context: ProjectContext,
  places: { readonly operational: Ask; readonly analytics: Ask; declared(): Promise<readonly Rollup[]> },
  { organization, repair = false }: BudgetAuditChoice,
): Promise<BudgetAudit> {
  const { auditBudgets } = await loadUsage();
  const rollups = await places.declared();
  const history = await historyFiles(context);
  const audit = await places.operational(async (operational) => {
    const organizationId =
      organization === undefined ? undefined : await organizationIdOf(operational, organization);
    return places.analytics((analytics) =>
      auditBudgets(
        { operational, analytics },
        {
          rollups,
          repair,
          ...(history ? { history } : {}),
          ...(organizationId === undefined ? {} : { organizationId }),
        },
      ),
    );
  });
  const differing = audit.budgets.filter(({ verdict }) => verdict === 'differs').length;
  if (organization === undefined) {
    setGauge('plinth.budgets.differing', differing, {});
  }
  if (differing > 0) {
    log('error', 'budget.mismatch', { rows: differing });
  }
  return audit;
}
