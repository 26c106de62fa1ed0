/** Questions about usage: names become ids, local times become moments, and ids in answers get their names back. */
import type { Session } from '../database/index.js';
import type {
  Asking,
  GroupBy,
  QuestionGrain,
  RankMeasure,
  Rollup,
  StoredUsageEvent,
  TimeRange,
  UsageFilter,
  UsageGroups,
  UsageTrend,
} from '../usage/index.js';
import type { ProjectContext } from './context.js';
import { historyFiles } from './history-files.js';
import { organizationOf } from './organization.js';
import { groupNames, keyIdOf } from './usage-names.js';

export interface UsageQuestion {
  /**
   * From when on: a moment, or a text such as 2026-11-21 or 2026-11-21T06:30 that is read in the time zone. Where the
   * events begin unless given.
   */
  readonly from?: Date | string;
  /** Until when, excluded; where the events end unless given. */
  readonly to?: Date | string;
  /** An IANA name such as Europe/Paris; that of the organization where one is asked for, else UTC. */
  readonly timeZone?: string;
  /** An organization's slug or id. */
  readonly organization?: string;
  readonly provider?: string;
  readonly model?: string;
  /** A key's id, or its prefix. */
  readonly key?: string;
  /** A person's id. */
  readonly user?: string;
}

interface AnswerChoice extends UsageQuestion {
  /** Tell the span before, too. */
  readonly compare?: boolean;
  /** Read the events where no rollup has percentiles. */
  readonly percentiles?: boolean;
}

export interface TrendQuestion extends AnswerChoice {
  readonly grain?: QuestionGrain;
}

export interface GroupQuestion extends AnswerChoice {
  readonly by: GroupBy;
  /** What ranks: `requests` unless given. */
  readonly measure?: RankMeasure;
  /** Whose cost ranks; USD unless given. */
  readonly currency?: string;
  /** How many groups: of `top` 10, of `breakdown` 1,000 unless given. */
  readonly limit?: number;
}

export interface EventsQuestion extends UsageQuestion {
  readonly organization: string;
  /** How many of the newest; 1,000 unless given. */
  readonly limit?: number;
}

export interface UsageEventsAnswer {
  readonly range: TimeRange;
  readonly timeZone: string;
  /** The newest first. */
  readonly events: readonly StoredUsageEvent[];
}

/** Each answers `undefined` when there is no usage at all and the question does not say from when to when. */
export interface QuestionCalls {
  /** Usage over time, from rollups with their live tail; by the finest grain that is readable unless told. */
  trend(question?: TrendQuestion): Promise<UsageTrend | undefined>;
  /** The organizations, models, keys or others with the most. */
  top(question: GroupQuestion): Promise<UsageGroups | undefined>;
  /** What usage is made of: every group. */
  breakdown(question: GroupQuestion): Promise<UsageGroups | undefined>;
  /** The newest events of an organization, of the last day unless told, also of days that are in the history. */
  events(question: EventsQuestion): Promise<UsageEventsAnswer | undefined>;
}

/** Asks a session of a target. */
type Ask = <T>(work: (session: Session) => Promise<T>) => Promise<T>;

const loadUsage = () => import('../usage/index.js');

interface Places {
  readonly operational: Ask;
  readonly analytics: Ask;
  declared(): Promise<readonly Rollup[]>;
}

export function questionCalls(context: ProjectContext, places: Places): QuestionCalls {
  const { operational, analytics } = places;
  const groups = async (
    { by, measure, currency, limit, compare, percentiles, ...question }: GroupQuestion,
    most: number,
  ): Promise<UsageGroups | undefined> => {
    const { usageGroups } = await loadUsage();
    const answer = await asked(context, places, question, (session, about) =>
      usageGroups(session, {
        ...about,
        ...wholeDays(about, question),
        by,
        limit: limit ?? most,
        ...(measure ? { measure } : {}),
        ...(currency ? { currency } : {}),
        compare: compare ?? false,
        percentiles: percentiles ?? false,
      }),
    );
    return answer && ['organization', 'key', 'user'].includes(by)
      ? operational((session) => groupNames(session, answer))
      : answer;
  };
  return {
    trend: async ({ grain, compare = false, percentiles = false, ...question } = {}) => {
      const { readableGrain, usageTrend } = await loadUsage();
      return asked(context, places, question, (session, about) =>
        usageTrend(session, { ...about, grain: grain ?? readableGrain(about), compare, percentiles }),
      );
    },
    top: (question) => groups(question, 10),
    breakdown: (question) => groups(question, 1000),
    events: async ({ limit, ...question }) => {
      const { usageEvents } = await loadUsage();
      return asked(context, places, question, async (session, { timeZone, rollups: _, ...about }) => {
        const from = question.from === undefined ? new Date(about.to.getTime() - 86_400_000) : about.from;
        const organizationId = about.organizationId!;
        const events = await usageEvents(session, {
          ...about,
          organizationId,
          from,
          ...(limit === undefined ? {} : { limit }),
        });
        return { range: { from, to: about.to }, timeZone, events };
      });
    },
  };

  /** Makes a question one about ids and moments, and asks it; `undefined` when there is nothing to ask about. */
  async function asked<T>(
    project: ProjectContext,
    { declared }: Places,
    { from, to, organization, key, user, timeZone: zone, ...models }: UsageQuestion,
    ask: (
      session: Session,
      about: TimeRange & UsageFilter & Asking & { readonly timeZone: string },
    ) => Promise<T>,
  ): Promise<T | undefined> {
    const { readTime } = await loadUsage();
    const owner =
      organization === undefined
        ? undefined
        : await operational((session) => organizationOf(session, organization));
    const apiKeyId =
      key === undefined ? undefined : await operational((session) => keyIdOf(session, key, owner?.id));
    const timeZone = zone ?? owner?.timeZone ?? 'UTC';
    const moment = (time: Date | string | undefined): Date | undefined =>
      typeof time === 'string' ? readTime(time, timeZone) : time;
    const rollups = await declared();
    return analytics(async (session) => {
      const range = await spanOf(session, rollups, { from: moment(from), to: moment(to) });
      const history = await historyFiles(project);
      return (
        range &&
        ask(session, {
          ...range,
          ...models,
          timeZone,
          rollups,
          ...(history ? { history } : {}),
          ...(owner ? { organizationId: owner.id } : {}),
          ...(apiKeyId ? { apiKeyId } : {}),
          ...(user === undefined ? {} : { userId: user }),
        })
      );
    });
  }
}

const DAY_MS = 86_400_000;

/** Ends that were left open as those of days (UTC): there is nothing more in them, and rollups by day can answer. */
function wholeDays(range: TimeRange, question: UsageQuestion): TimeRange {
  const { from, to } = range;
  return {
    from: question.from === undefined ? new Date(Math.floor(from.getTime() / DAY_MS) * DAY_MS) : from,
    to: question.to === undefined ? new Date(Math.ceil(to.getTime() / DAY_MS) * DAY_MS) : to,
  };
}

/** The span asked for; what is left open is where events and rollups begin and end. */
async function spanOf(
  session: Session,
  rollups: readonly Rollup[],
  { from, to }: { readonly from: Date | undefined; readonly to: Date | undefined },
): Promise<TimeRange | undefined> {
  if (from && to) {
    return { from, to };
  }
  const { usageExtent } = await loadUsage();
  const extent = await usageExtent(session, rollups);
  return extent && { from: from ?? extent.from, to: to ?? extent.to };
}
