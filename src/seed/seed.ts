/**
 * Loads the sample data: the catalogue, then the organizations with all that is theirs, part by part, each part one
 * transaction. A run that is interrupted leaves whole parts; the next one finds what is missing and loads that
 * alone. At most the keys of one table of one part are held in memory, whatever the size.
 */
import { type OnProgress, silent, systemClock } from '../core/index.js';
import type { Session } from '../database/index.js';
import { inSpan } from '../telemetry/index.js';
import { checkSchema } from './check-schema.js';
import { interruptible } from './interruptible.js';
import { type LoadedTables, loadCatalogue, loadPart } from './load-part.js';
import type { LoadedRows } from './load-table.js';
import { DEFAULT_SEED } from './organization.js';
import {
  checkWhole,
  MOST_ORGANIZATIONS,
  MOST_SEED,
  SEED_PROFILES,
  type SeedProfile,
  seedProfile,
} from './profile.js';

export interface SeedOptions {
  /** How many organizations, by name; `dev` unless told. */
  readonly profile?: SeedProfile;
  /** How many organizations, instead of the profile's number: 0 to 100 million. */
  readonly organizations?: number;
  /** Another number from 0 to 2³² - 1 gives other data; 1 unless told. */
  readonly seed?: number;
  /** Organizations to a transaction, from 1; 5,000 unless told. */
  readonly partOrganizations?: number;
  readonly onProgress?: OnProgress;
  /** Aborting it undoes the part under way and ends the call with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The rows of the seed in one table. */
export interface SeededTable extends LoadedRows {
  /** With its schema, e.g. `platform.users`. */
  readonly table: string;
}

export interface SeedResult {
  readonly organizations: number;
  /** In the order of loading. */
  readonly tables: readonly SeededTable[];
  /** Rows of the seed in all tables. */
  readonly rows: number;
  /** Rows that were missing and have been loaded. */
  readonly inserted: number;
  readonly seconds: number;
  /** Rows loaded in a second. */
  readonly rowsPerSecond: number;
}

const PART_ORGANIZATIONS = 5_000;

/**
 * Makes the database hold the sample data: rows that are missing are loaded; rows that are there, even changed
 * ones, stay as they are. Calls at the same time wait for one another.
 *
 * @example await seed(session, { profile: 'dev' });
 * @throws SEED_PROFILE_UNKNOWN, SEED_SIZE_INVALID, SEED_SCHEMA_MISSING, SEED_CONFLICT
 */
export async function seed(session: Session, options: SeedOptions = {}): Promise<SeedResult> {
  const organizations = options.organizations ?? SEED_PROFILES[seedProfile(options.profile ?? 'dev')];
  const number = options.seed ?? DEFAULT_SEED;
  checkWhole('the number of organizations', organizations, 0, MOST_ORGANIZATIONS);
  checkWhole('the seed number', number, 0, MOST_SEED);
  checkWhole('the number of organizations to a transaction', partOf(options), 1, MOST_ORGANIZATIONS);
  return await inSpan('plinth.seed', { 'plinth.seed.organizations': organizations }, async (span) => {
    const startedMs = systemClock.monotonicMs();
    await checkSchema(session);
    const loaded = await interruptible(session, options.signal, async () => {
      const tables = await loadAll(session, options, organizations, number);
      await renewStatistics(session, tables);
      return tables;
    });
    const result = resultOf(organizations, loaded, (systemClock.monotonicMs() - startedMs) / 1000);
    span.setAttributes({ 'plinth.seed.inserted': result.inserted });
    return result;
  });
}

function partOf(options: SeedOptions): number {
  return options.partOrganizations ?? PART_ORGANIZATIONS;
}

async function loadAll(
  session: Session,
  options: SeedOptions,
  organizations: number,
  number: number,
): Promise<Map<string, LoadedRows>> {
  const { onProgress = silent, signal } = options;
  const partOrganizations = partOf(options);
  const progress = { task: 'seed', total: organizations, unit: 'organizations' };
  const tables = new Map<string, LoadedRows>();
  onProgress({ ...progress, done: 0, state: 'running' });
  addTo(tables, await loadCatalogue(session));
  for (let first = 0; first < organizations; first += partOrganizations) {
    signal?.throwIfAborted();
    const end = Math.min(first + partOrganizations, organizations);
    addTo(tables, await loadPart(session, { seed: number, first, end, signal }));
    onProgress({ ...progress, done: end, state: 'running' });
  }
  onProgress({ ...progress, done: organizations, state: 'done' });
  return tables;
}

function addTo(tables: Map<string, LoadedRows>, loaded: LoadedTables): void {
  for (const [table, { rows, inserted }] of loaded) {
    const before = tables.get(table) ?? { rows: 0, inserted: 0 };
    tables.set(table, { rows: before.rows + rows, inserted: before.inserted + inserted });
  }
}

/** Until autovacuum came round, plans would be made without statistics and read whole tables. */
async function renewStatistics(session: Session, loaded: LoadedTables): Promise<void> {
  const changed = [...loaded].filter(([, { inserted }]) => inserted > 0).map(([table]) => table);
  if (changed.length > 0) {
    await session.run(`analyze ${changed.join(', ')}`);
  }
}

function resultOf(organizations: number, loaded: LoadedTables, seconds: number): SeedResult {
  const tables = [...loaded].map(([table, counts]) => ({ table, ...counts }));
  const inserted = sumOf(tables.map((table) => table.inserted));
  return {
    organizations,
    tables,
    rows: sumOf(tables.map((table) => table.rows)),
    inserted,
    seconds,
    rowsPerSecond: Math.round(inserted / seconds),
  };
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
