/** The transactions of the seed: the catalogue is one, each part of the organizations another. */
import type { Session } from '../database/index.js';
import { type LoadedRows, loadTable } from './load-table.js';
import { seededOrganization } from './organization.js';
import type { SeedTable } from './seed-table.js';
import { CATALOGUE_TABLES, ORGANIZATION_TABLES } from './tables.js';
import { EVERY_ID, organizationIdRange } from './timeline.js';

/** What has been loaded, by table. */
export type LoadedTables = ReadonlyMap<string, LoadedRows>;

/** Loads the catalogue, and makes the partitions of this and the next two months' audit events. */
export async function loadCatalogue(session: Session): Promise<LoadedTables> {
  return await seedTransaction(session, async () => {
    await session.run(`select platform.ensure_audit_event_partitions(now(), now() + interval '2 months')`);
    const loaded = new Map<string, LoadedRows>();
    for (const table of CATALOGUE_TABLES) {
      loaded.set(table.name, await loadTable(session, table, EVERY_ID, () => [table.lines()]));
    }
    return loaded;
  });
}

/** Some organizations that follow one another: from `first` up to, but not including, `end`. */
export interface OrganizationPart {
  readonly seed: number;
  readonly first: number;
  readonly end: number;
  readonly signal: AbortSignal | undefined;
}

/** Loads what is missing of the part, all or nothing. */
export async function loadPart(session: Session, part: OrganizationPart): Promise<LoadedTables> {
  const range = organizationIdRange(part.first, part.end);
  return await seedTransaction(session, async () => {
    const loaded = new Map<string, LoadedRows>();
    for (const table of ORGANIZATION_TABLES) {
      part.signal?.throwIfAborted();
      loaded.set(table.name, await loadTable(session, table, range, () => linesOfPart(table, part)));
    }
    return loaded;
  });
}

/** The lines of one table for each organization of the part in turn. */
function* linesOfPart(table: SeedTable, part: OrganizationPart): Generator<readonly string[]> {
  for (let index = part.first; index < part.end; index += 1) {
    part.signal?.throwIfAborted();
    yield table.lines(seededOrganization(part.seed, index));
  }
}

/**
 * Two numbers that mean "the seed" among the database's advisory locks: the ASCII codes of `plin` and `seed`.
 * And no sequential scans: a plan that is made while the tables are empty, such as that of a foreign key's check,
 * would read whole tables, and be kept while they grow.
 */
const BEGIN_SQL = 'select pg_advisory_xact_lock(1886153070, 1936024932); set local enable_seqscan = off';

/** A transaction that no other part of a seed runs beside, so that each sees what the other has loaded. */
async function seedTransaction<T>(session: Session, work: () => Promise<T>): Promise<T> {
  return await session.transaction(async () => {
    await session.run(BEGIN_SQL);
    return await work();
  }, 'read committed');
}
