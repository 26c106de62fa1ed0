import { AsyncLocalStorage } from 'node:async_hooks';

const rehearsal = new AsyncLocalStorage<true>();

/**
 * Runs work on throwaway databases: its metrics and log lines are left out, for they would be taken for those of the
 * databases that the throwaway ones stand in for.
 */
export function asRehearsal<T>(work: () => Promise<T>): Promise<T> {
  return rehearsal.run(true, work);
}

/** Whether what happens now happens on a throwaway database. */
export function isRehearsal(): boolean {
  return rehearsal.getStore() === true;
}
