/** Approving migrations, and how they stand with their approvals. */
import { type Approval, type ApprovalReport, approve, listApprovals } from '../migrate/index.js';
import { findSigner } from '../signing/index.js';
import { approvalFolder, approvalPolicy } from './approval-policy.js';
import type { ProjectContext } from './context.js';
import { oneTarget } from './history.js';
import { chosenTargets, folderOf, migrateOptions, type TargetChoice } from './migrations.js';

export interface ApproveChoice extends TargetChoice {
  /** The version, its beginning, or `R__name`. */
  readonly version: string;
  /** A key file; the agent's key or ~/.ssh/id_ed25519 unless given. */
  readonly keyFile?: string;
}

export interface ApprovalCalls {
  /** Signs a migration, both directions, as it is now, and writes the approval beside the migrations. */
  approve(choice: ApproveChoice): Promise<Approval>;
  /** How the pending migrations of each target stand with their approvals. */
  approvals(choice?: TargetChoice): Promise<readonly ApprovalReport[]>;
}

export function approvalCalls(context: ProjectContext): ApprovalCalls {
  return {
    approve: async ({ version, keyFile, ...choice }) => {
      const target = oneTarget(context, choice);
      const policy = approvalPolicy(context, target);
      const preferred = policy.approvers.map(({ fingerprint }) => fingerprint);
      return approve({
        target,
        version,
        folder: folderOf(context, target),
        policy,
        approvals: approvalFolder(context, target),
        signer: await findSigner({ preferred, ...(keyFile === undefined ? {} : { keyFile }) }),
      });
    },
    approvals: async (choice = {}) => {
      const reports: ApprovalReport[] = [];
      for (const target of chosenTargets(context, choice)) {
        const approvals = approvalPolicy(context, target);
        reports.push(await listApprovals({ ...(await migrateOptions(context, target)), approvals }));
      }
      return reports;
    },
  };
}
