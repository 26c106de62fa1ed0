import { type Session, sqlstateOf } from '../../database/index.js';

/** What `work` gives, or the failure after which everything is as before it. */
export async function attempt<T extends object>(
  session: Session,
  work: () => Promise<T>,
): Promise<T | { readonly failure: unknown }> {
  await session.run('savepoint plinth_restore');
  try {
    const result = await work();
    await session.run('release savepoint plinth_restore');
    return result;
  } catch (failure) {
    // Others are at work, or nobody is there any more: the transaction is tried again as a whole.
    if (!session.isOpen || /^(57|40|08|55P03)/.test(sqlstateOf(failure) ?? '08')) {
      throw failure;
    }
    await session.run('rollback to savepoint plinth_restore; release savepoint plinth_restore');
    return { failure };
  }
}
