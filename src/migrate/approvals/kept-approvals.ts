import { type Session, sqlstateOf } from '../../database/index.js';
import type { LedgerScope } from '../ledger/ledger.js';
import type { ApprovalFile } from './policy.js';

/** The approvals that migrations were applied with, as the ledger keeps them in the events of runs. */
export async function keptApprovals(
  session: Session,
  { target, scope }: LedgerScope,
  versions: readonly string[],
): Promise<readonly ApprovalFile[]> {
  try {
    return await session.query<ApprovalFile & Record<string, unknown>>(KEPT, [target, scope, versions]);
  } catch (error) {
    if (['42P01', '3F000'].includes(sqlstateOf(error) ?? '')) {
      return [];
    }
    throw error;
  }
}

const KEPT = `
  select distinct format('the ledger, approval of %s by %s', e.version, a.approval ->> 'approver') as file,
         a.approval ->> 'content' as content
    from plinth.run_events as e
    join plinth.runs as r on r.id = e.run_id
   cross join jsonb_array_elements(e.details -> 'approvals') as a (approval)
   where r.target = $1
     and r.scope = $2
     and e.version = any ($3)
     and e.event = 'applied'
   order by file, content`;
