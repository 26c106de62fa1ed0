import type { Session } from '../../database/index.js';
import type { LedgerScope } from '../ledger/ledger.js';
import type { Migration } from '../migration.js';
import { type ApprovalVerdict, judge, takeApart } from './judge.js';
import { keptApprovals } from './kept-approvals.js';
import type { ApprovalPolicy } from './policy.js';

/** How planned migrations stand with their approvals, by version; empty where the target has no policy. */
export async function planVerdicts(
  session: Session,
  scope: LedgerScope,
  policy: ApprovalPolicy | undefined,
  direction: 'up' | 'down',
  migrations: readonly Migration[],
): Promise<ReadonlyMap<string, ApprovalVerdict>> {
  if (policy === undefined) {
    return new Map();
  }
  const versions = direction === 'down' ? migrations.map(({ version }) => version) : [];
  const kept = await keptApprovals(session, scope, versions);
  const approvals = takeApart([...policy.readApprovals(), ...kept]);
  const verdicts: ApprovalVerdict[] = [];
  for (const migration of migrations) {
    verdicts.push(await judge(policy, scope.target, migration, direction, approvals));
  }
  return new Map(verdicts.map((verdict) => [verdict.version, verdict]));
}
