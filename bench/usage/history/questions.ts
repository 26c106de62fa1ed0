/** The questions of dashboards over the month, each asked several times; what is told is the slowest. */
import { join } from 'node:path';
import type { Session } from '../../../src/database/index.js';
import {
  type HistoryFiles,
  type Rollup,
  usageEvents,
  usageGroups,
  usageTrend,
} from '../../../src/usage/index.js';
import { timed } from '../database.js';
import { MONTH, organizationId } from './month-events.js';

export interface Asked {
  readonly question: string;
  /** The first time, and the slowest of the times after. */
  readonly firstMs: number;
  readonly slowestMs: number;
  readonly wantedMs: number;
}

const AGAIN = 5;

export async function askQuestions(
  session: Session,
  plan: { readonly rollups: readonly Rollup[]; readonly folder: string; readonly organizations: number },
): Promise<Asked[]> {
  const { rollups, folder, organizations } = plan;
  const history: HistoryFiles = { pathOf: async ({ objectKey }) => join(folder, objectKey) };
  const month = { rollups, history, ...MONTH };
  const places = [1, Math.ceil(Math.sqrt(organizations)), organizations];
  const questions: readonly (readonly [string, number, () => Promise<unknown>])[] = [
    ...places.map(
      (rank) =>
        [
          `the days of a month of organization ${rank}`,
          200,
          () => usageTrend(session, { ...month, grain: 'day', organizationId: organizationId(rank) }),
        ] as const,
    ),
    [
      'the 20 organizations with the highest cost',
      200,
      () => usageGroups(session, { ...month, by: 'organization', measure: 'cost', limit: 20 }),
    ],
    ['usage by model', 200, () => usageGroups(session, { ...month, by: 'model' })],
    ...places.map(
      (rank) =>
        [
          `usage by model of organization ${rank}`,
          200,
          () => usageGroups(session, { ...month, by: 'model', organizationId: organizationId(rank) }),
        ] as const,
    ),
    ...places.map(
      (rank) =>
        [
          `the last 1,000 events of organization ${rank}`,
          1000,
          () => usageEvents(session, { history, ...MONTH, organizationId: organizationId(rank) }),
        ] as const,
    ),
  ];
  const asked: Asked[] = [];
  for (const [question, wantedMs, ask] of questions) {
    const firstMs = await timed(ask);
    let slowestMs = 0;
    for (let turn = 0; turn < AGAIN; turn += 1) {
      slowestMs = Math.max(slowestMs, await timed(ask));
    }
    asked.push({ question, firstMs, slowestMs, wantedMs });
  }
  return asked;
}
