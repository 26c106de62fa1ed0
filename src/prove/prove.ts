/**
 * The proof of migrations: each is taken up, down and up again on throwaway databases with rows in every table, by the
 * engine that runs in production, measured and cut off at each statement.
 *
 * The work is divided among servers of their own, one for each core: a server's write-ahead log then tells what one
 * migration wrote, and nothing waits for another's locks. Rejected: one server for all (measurements of one migration
 * hold the others' work) and replaying the history for each migration (quadratic).
 */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { type OnProgress, silent, writeFileAtomic } from '../core/index.js';
import {
  type Database,
  openScratch,
  type ScratchDatabase,
  type ScratchServer,
  withSession,
} from '../database/index.js';
import { findVersion, keyOf, type Migration, type MigrationFolder } from '../migrate/index.js';
import { loadParser, quoteIdentifier } from '../sql/index.js';
import { PROVE_ERRORS } from './errors.js';
import { extensionsOf } from './extensions.js';
import type { Filler } from './filler.js';
import { openLine } from './line.js';
import type { MigrationProof, Proof, Verdict } from './proof.js';
import { proveOne } from './prove-one.js';
import { scratchEngine } from './scratch-engine.js';
import { shareOut } from './shares.js';
import { openStage } from './stage.js';

export interface ProveOptions {
  readonly target: string;
  /** All migrations of the target; those to be proven are among them. */
  readonly folder: MigrationFolder;
  /** The versions to prove, as a person writes them. */
  readonly versions: readonly string[];
  /** The target's own database, where there is one: its version, roles and extensions are taken over. */
  readonly like?: Database;
  /** The schema that a fleet's migrations are applied to. */
  readonly schema?: string;
  readonly sharedSchemas?: readonly string[];
  /** Where rows come from. */
  readonly filler: Filler;
  /** Write a down that works over one that does not, where one was found. */
  readonly writeDown?: boolean;
  /** The folder that the paths of the migrations start from. */
  readonly root?: string;
  /**
   * Cut scripts off after each of their statements, also those that are one transaction. So it is unless told for up to
   * 20 migrations; of more, a script that is one transaction is cut off before its commit alone.
   */
  readonly everyStatement?: boolean;
  /** How many servers to work on at once; as many as there are cores unless told, at most four. */
  readonly parallel?: number;
  readonly onProgress?: OnProgress;
  /** Told of each migration as it is done, in no order. */
  readonly onProof?: (proof: MigrationProof) => void;
  readonly signal?: AbortSignal;
}

/**
 * Proves migrations. What it finds is a result, broken ones too.
 *
 * @throws PROVE_VERSION_UNKNOWN; DATABASE_EMBEDDED_UNSUPPORTED and what starting a server throws
 */
export async function prove(options: ProveOptions): Promise<Proof> {
  const startedMs = performance.now();
  const { onProgress = silent, signal } = options;
  const migrations = options.folder.migrations.filter(({ kind }) => kind === 'versioned');
  const wanted = indexesOf(migrations, options.versions);
  const title = `prove ${options.target}`;
  const workers = workersFor(wanted.length, options.parallel);
  const shares = shareOut(wanted.length, workers);
  const proofs = new Map<number, MigrationProof>();
  const notices = new Set<string>();
  const everyStatement = options.everyStatement ?? wanted.length <= FEW_MIGRATIONS;
  const placesPerScript = everyStatement ? Number.POSITIVE_INFINITY : 1;
  let serverVersion = '';
  const work = async (worker: number): Promise<void> => {
    // The parser loads while the server starts.
    const [server] = await Promise.all([openServer(options, migrations), loadParser()]);
    serverVersion = server.version;
    for (const notice of server.notices) {
      notices.add(notice);
    }
    try {
      const engine = scratchEngine({ ...options, name: options.target, folder: options.folder.path });
      const prepare = (database: ScratchDatabase) => prepareDatabase(database, options);
      const line = await openLine({ server, engine, filler: options.filler, migrations, prepare });
      const stage = openStage(line, options.filler);
      const tools = { line, stage, engine, filler: options.filler };
      for (let place = shares.next(worker); place !== undefined; place = shares.next(worker)) {
        const index = wanted[place]!;
        signal?.throwIfAborted();
        const proof = await proveOne({ ...tools, migration: migrations[index]!, index, placesPerScript });
        proofs.set(index, options.writeDown ? writeDown(proof, options) : proof);
        options.onProof?.(proofs.get(index)!);
        onProgress({ task: title, done: proofs.size, total: wanted.length, unit: 'migrations' });
      }
    } finally {
      await server.close();
    }
  };
  onProgress({ task: title, done: 0, total: wanted.length, unit: 'migrations' });
  try {
    await Promise.all(Array.from({ length: wanted.length === 0 ? 0 : workers }, (_, worker) => work(worker)));
  } finally {
    onProgress({ task: title, state: 'done' });
  }
  const all = wanted.map((index) => proofs.get(index)!);
  return {
    target: options.target,
    folder: options.folder.path,
    serverVersion,
    migrations: all,
    counts: countsOf(all),
    notices: [...notices, ...options.folder.notices],
    durationMs: performance.now() - startedMs,
  };
}

/** So many are cut off after each of their statements. */
const FEW_MIGRATIONS = 20;

/** A second server pays from about this many migrations. */
const MIGRATIONS_PER_WORKER = 4;
const MOST_WORKERS = 4;

function workersFor(migrations: number, parallel: number | undefined): number {
  const cores = parallel ?? Math.min(availableParallelism(), MOST_WORKERS);
  return Math.max(1, Math.min(cores, Math.ceil(migrations / MIGRATIONS_PER_WORKER)));
}

function indexesOf(migrations: readonly Migration[], versions: readonly string[]): readonly number[] {
  const known = migrations.map(keyOf);
  const indexes = versions.map((wanted) => {
    const found = findVersion(known, wanted);
    if (found === undefined) {
      throw PROVE_ERRORS.VERSION_UNKNOWN({
        message: `Cannot prove ${wanted}: no migration has that version`,
        details: { version: wanted },
      });
    }
    return known.indexOf(found);
  });
  return [...new Set(indexes)].sort((a, b) => a - b);
}

async function openServer(
  { like, onProgress, signal }: ProveOptions,
  migrations: readonly Migration[],
): Promise<ScratchServer> {
  return await openScratch({
    extensions: extensionsOf(migrations),
    ...(like ? { like } : {}),
    ...(onProgress ? { onProgress } : {}),
    ...(signal ? { signal } : {}),
  });
}

/** The schema of one member of a fleet, and those that all of them share. */
async function prepareDatabase(database: ScratchDatabase, options: ProveOptions): Promise<void> {
  const schemas = [
    ...(options.schema === undefined ? [] : [options.schema]),
    ...(options.sharedSchemas ?? []),
  ];
  if (schemas.length > 0) {
    await withSession(database.database, async (session) => {
      for (const schema of schemas) {
        await session.run(`create schema if not exists ${quoteIdentifier(schema)}`);
      }
    });
  }
}

/** Puts the down that works in place of the one that does not. */
function writeDown(proof: MigrationProof, { root = '.' }: ProveOptions): MigrationProof {
  const { proposedDown, file } = proof;
  if (!proposedDown || proposedDown.file === file) {
    return proof;
  }
  writeFileAtomic(resolve(root, proposedDown.file), proposedDown.sql);
  return { ...proof, proposedDown: { ...proposedDown, written: true } };
}

function countsOf(proofs: readonly MigrationProof[]): Readonly<Record<Verdict, number>> {
  const counts: Record<Verdict, number> = { proven: 0, 'proven with kept data': 0, unproven: 0, broken: 0 };
  for (const { verdict } of proofs) {
    counts[verdict] += 1;
  }
  return counts;
}
