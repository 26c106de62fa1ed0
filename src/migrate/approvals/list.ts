import { withSession } from '../../database/index.js';
import { readFolder } from '../folder/read-folder.js';
import { readLedger } from '../ledger/ledger.js';
import type { MigrateOptions } from '../options.js';
import { standings } from '../state.js';
import { type ApprovalVerdict, judge, takeApart } from './judge.js';
import type { ApprovalPolicy } from './policy.js';

/** How a target's pending migrations stand with their approvals. */
export interface ApprovalReport {
  readonly target: string;
  /** What the policy asks for, by risk. */
  readonly required: ApprovalPolicy['required'];
  readonly migrations: readonly ApprovalVerdict[];
  /** Files among the approvals that are none. */
  readonly unreadable: readonly string[];
}

/** The pending migrations of a target, in order: their risks, and which approvals they need, have, and have lost. */
export async function listApprovals(
  options: MigrateOptions & { readonly approvals: ApprovalPolicy },
): Promise<ApprovalReport> {
  const { approvals: policy, target } = options;
  const folder = readFolder(options.folder);
  const scope = { target, scope: options.schema ?? '' };
  const entries = await withSession(options.database, (session) => readLedger(session, scope));
  const approvals = takeApart(policy.readApprovals());
  const migrations: ApprovalVerdict[] = [];
  for (const { state, migration } of standings(folder, entries ?? [])) {
    if (migration && (state === 'pending' || state === 'outdated')) {
      migrations.push(await judge(policy, target, migration, 'up', approvals));
    }
  }
  return {
    target,
    required: policy.required,
    migrations,
    unreadable: approvals.flatMap(({ flaw }) => (flaw === undefined ? [] : [flaw])),
  };
}
