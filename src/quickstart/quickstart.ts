/**
 * The main job, end to end: what a team does with the foundation on its first day. Each step is the library
 * call that anybody would make, and does nothing twice: a second run finds its work done.
 */
import type { Database, Session } from '../database/index.js';
import { withSession } from '../database/index.js';
import { apply, type MigrateOptions, type RunReport } from '../migrate/index.js';
import {
  authenticateApiKey,
  NAMED_ORGANIZATIONS,
  SEEDED_MODELS,
  type SeedResult,
  seed,
  seededApiKey,
} from '../seed/index.js';
import {
  type ImportResult,
  importUsage,
  type PriceList,
  type Reconciliation,
  type RefreshedRollup,
  type Rollup,
  readPriceList,
  reconcileUsage,
  refreshRollups,
  type UsageInput,
  type UsageTrend,
  usageTrend,
} from '../usage/index.js';
import { QUICKSTART_ERRORS } from './errors.js';
import { writeSampleDay } from './sample-day.js';
import { type ServiceRoundTrip, serveOneRequest } from './serve-one-request.js';

export interface QuickstartOptions {
  /** The engine's options for each target, in the order in which they are applied. */
  readonly targets: readonly MigrateOptions[];
  readonly operational: Database;
  readonly analytics: Database;
  /** A trace to import; without one, a day is generated into `sampleFile`. */
  readonly trace?: UsageInput;
  readonly sampleFile: string;
  /** The rollups that the project declares. */
  readonly rollups: readonly Rollup[];
  readonly signal?: AbortSignal;
  readonly onProgress?: MigrateOptions['onProgress'];
  /** Called as each step is done. */
  readonly onStep?: (step: QuickstartStep) => void;
}

export type QuickstartStep =
  | { readonly kind: 'migrated'; readonly run: RunReport }
  | { readonly kind: 'seeded'; readonly result: SeedResult }
  | { readonly kind: 'served'; readonly trip: ServiceRoundTrip }
  | { readonly kind: 'imported'; readonly result: ImportResult }
  | { readonly kind: 'rolled-up'; readonly rollUps: readonly RefreshedRollup[] };

export interface QuickstartReport {
  readonly migrations: readonly RunReport[];
  readonly seed: SeedResult;
  readonly service: ServiceRoundTrip;
  readonly import: ImportResult;
  readonly rollUps: readonly RefreshedRollup[];
  readonly trend: UsageTrend;
  readonly reconciliation: Reconciliation;
}

/** The day that the sample is of: the same one always, so that a second run finds it imported. */
export const SAMPLE_DAY = new Date('2026-11-02T00:00:00Z');

/** In the price list since November 2023, before the first of the public traces. */
const TRACE_MODEL = { provider: 'sample-labs', name: 'sample-large-1' } as const;

/** @throws QUICKSTART_KEY_REFUSED, QUICKSTART_CANCELLED, and what the single steps throw */
export async function quickstart(options: QuickstartOptions): Promise<QuickstartReport> {
  const { onStep = () => {}, operational, analytics } = options;
  const migrations = await migrate(options, onStep);
  return withSession(operational, async (service) => {
    const seeded = await seed(service, { profile: 'dev', ...talk(options) });
    onStep({ kind: 'seeded', result: seeded });
    const prices = await readPriceList(service);
    return withSession(analytics, async (session) => {
      const trip = await signInAndServe(service, session, prices);
      onStep({ kind: 'served', trip });
      if (!options.trace) {
        await writeSampleDay(service, { day: SAMPLE_DAY, path: options.sampleFile, ...signalOf(options) });
      }
      const imported = await importDay(session, options, trip, prices);
      onStep({ kind: 'imported', result: imported });
      checkInterrupted(options);
      const { rollUps } = await rollUp(session, options);
      onStep({ kind: 'rolled-up', rollUps });
      checkInterrupted(options);
      const { rollups } = options;
      const range = imported.totals.range ?? trip.range;
      const reconciliation = await reconcileUsage(session, { rollups, ...range, ...signalOf(options) });
      const trend = await usageTrend(session, { rollups, ...range, grain: 'hour' });
      return { migrations, seed: seeded, service: trip, import: imported, rollUps, trend, reconciliation };
    });
  });
}

async function migrate(
  options: QuickstartOptions,
  onStep: (step: QuickstartStep) => void,
): Promise<RunReport[]> {
  const runs: RunReport[] = [];
  for (const target of options.targets) {
    const run = await apply(target);
    runs.push(run);
    onStep({ kind: 'migrated', run });
  }
  return runs;
}

/** The first organization's first key may do what a quickstart tries. */
async function signInAndServe(
  service: Session,
  analytics: Session,
  prices: PriceList,
): Promise<ServiceRoundTrip> {
  const answer = await authenticateApiKey(service, seededApiKey(0));
  if (answer.kind === 'refused') {
    throw QUICKSTART_ERRORS.KEY_REFUSED({
      message: `Cannot sign in with the seeded key of ${NAMED_ORGANIZATIONS[0]!.slug}: it is refused (${answer.reason})`,
      details: { reason: answer.reason },
    });
  }
  return serveOneRequest(analytics, answer.principal, SEEDED_MODELS[0]!, prices);
}

/** What a trace does not say of its requests: they are the principal's, for a model that has had prices long. */
async function importDay(
  session: Session,
  options: QuickstartOptions,
  { principal }: ServiceRoundTrip,
  prices: PriceList,
): Promise<ImportResult> {
  checkInterrupted(options);
  return importUsage(session, {
    input: options.trace ?? { path: options.sampleFile },
    organizationId: principal.organizationId,
    apiKeyId: principal.apiKeyId,
    provider: TRACE_MODEL.provider,
    model: TRACE_MODEL.name,
    prices,
    ...talk(options),
  });
}

async function rollUp(session: Session, options: QuickstartOptions) {
  const { rollups } = options;
  const { rollups: rollUps } = await refreshRollups(session, { rollups, ...talk(options) });
  return { rollUps };
}

function checkInterrupted(options: QuickstartOptions): void {
  if (options.signal?.aborted) {
    throw QUICKSTART_ERRORS.CANCELLED({ message: 'Stopped between two steps of the quickstart' });
  }
}

function talk(options: QuickstartOptions) {
  return { ...(options.onProgress ? { onProgress: options.onProgress } : {}), ...signalOf(options) };
}

function signalOf(options: QuickstartOptions) {
  return options.signal ? { signal: options.signal } : {};
}
