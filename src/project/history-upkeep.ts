/** The upkeep of the history: days that are old enough move there, and files that were replaced go. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from '../database/index.js';
import type { ProjectContext } from './context.js';
import { historyStore } from './history-store.js';
import { wholeDays } from './upkeep.js';

interface HistorySettings {
  readonly store: string;
  readonly sealAfter: number;
  readonly keepReplaced: number;
}

interface HistoryStep {
  readonly step: 'history' | 'replaced files';
  readonly unit: 'days' | 'files';
  /** Returns how many were moved, or removed. */
  work(): Promise<number>;
}

type OnTarget = <T>(work: (session: Session) => Promise<T>) => Promise<T>;

export function historyUpkeep(
  context: ProjectContext,
  { store: place, sealAfter, keepReplaced }: HistorySettings,
  analytics: OnTarget,
): readonly HistoryStep[] {
  const store = historyStore(context, place);
  const workFolder = join(context.config.root, '.plinth', 'history-work');
  const signal = context.signal ? { signal: context.signal } : {};
  return [
    {
      step: 'history',
      unit: 'days',
      work: async () => {
        const { moveUsageDays } = await import('../usage/index.js');
        mkdirSync(workFolder, { recursive: true });
        const { onProgress } = context;
        const options = { store, workFolder, sealAfterDays: wholeDays(sealAfter), onProgress, ...signal };
        return analytics((session) => moveUsageDays(session, options));
      },
    },
    {
      step: 'replaced files',
      unit: 'files',
      work: async () => {
        const { removeReplacedSegments } = await import('../usage/index.js');
        const options = { store, graceMs: keepReplaced, ...signal };
        return analytics((session) => removeReplacedSegments(session, options));
      },
    },
  ];
}
