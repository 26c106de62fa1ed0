import { readCatalogFacts } from '../catalog/index.js';
import { withSession } from '../database/index.js';
import { quoteIdentifier } from '../sql/index.js';
import { selectPending } from './apply.js';
import { checkHistory } from './check-history.js';
import { readFolder } from './folder/read-folder.js';
import { type LedgerEntry, readLedger, readTexts } from './ledger/ledger.js';
import { keyOf, type Migration, type MigrationFolder } from './migration.js';
import type { MigrateOptions } from './options.js';
import { selectApplied } from './rollback.js';
import { parseScript, type Script, type ScriptStatement } from './run/script.js';
import { standings } from './state.js';
import { impactTeller, type StatementImpact } from './statement-impact.js';

export interface PlanOptions extends Omit<MigrateOptions, 'limits' | 'client'> {
  readonly direction?: 'up' | 'down';
  readonly to?: string;
  readonly steps?: number;
  readonly lastRun?: boolean;
}

/** What a run would do, statement by statement. */
export interface MigrationPlan {
  readonly target: string;
  readonly direction: 'up' | 'down';
  readonly folder: string;
  readonly format: string;
  readonly migrations: readonly PlannedMigration[];
  readonly notices: readonly string[];
}

export interface PlannedMigration {
  readonly version: string;
  readonly name: string;
  readonly file: string;
  /** One transaction holds all of it; else it is done in steps, each recorded. */
  readonly atomic: boolean;
  readonly statements: readonly PlannedStatement[];
}

export interface PlannedStatement {
  /** The statement's place in its script, from 1. */
  readonly number: number;
  /** The line of the file it starts on. */
  readonly line: number;
  /** The command tag, e.g. `CREATE TABLE`. */
  readonly tag: string;
  /** The statement's text. */
  readonly sql: string;
  /** It runs outside any transaction. */
  readonly alone: boolean;
  /** The locks it takes, what it rewrites and reads, and what it destroys. */
  readonly impact: StatementImpact;
}

/** Says what an apply or a rollback would do; changes nothing. @throws as they do, before they change anything */
export async function plan(options: PlanOptions): Promise<MigrationPlan> {
  const folder = readFolder(options.folder);
  const direction = options.direction ?? 'up';
  const scope = { target: options.target, scope: options.schema ?? '' };
  return withSession(options.database, async (session) => {
    if (options.schema !== undefined) {
      await session.run(`set search_path = ${quoteIdentifier(options.schema)}`);
    }
    const entries = (await readLedger(session, scope)) ?? [];
    const head = { target: options.target, direction, folder: folder.path, format: folder.format };
    const scripts: NamedScript[] = [];
    let notices: readonly string[] = [];
    if (direction === 'down') {
      for (const entry of selectApplied(entries, options)) {
        const kept = await readTexts(session, scope, entry.version);
        scripts.push(await downScript(folder, entry, kept.down));
      }
    } else {
      const all = standings(folder, entries);
      notices = [...folder.notices, ...(await checkHistory(session, scope, all, options.order ?? 'strict'))];
      for (const migration of selectPending(all, options)) {
        scripts.push(await upScript(migration));
      }
    }
    const tell = impactTeller(await readCatalogFacts(session));
    return { ...head, migrations: scripts.map((script) => planned(script, tell)), notices };
  });
}

interface NamedScript {
  readonly version: string;
  readonly name: string;
  readonly script: Script;
}

async function upScript(migration: Migration): Promise<NamedScript> {
  const { file } = migration.up;
  const withoutTransaction = migration.up.withoutTransaction ?? false;
  const script = await parseScript({ file, text: migration.up.read(), withoutTransaction });
  return { version: keyOf(migration), name: migration.name, script };
}

async function downScript(
  folder: MigrationFolder,
  entry: LedgerEntry,
  keptDown: string | undefined,
): Promise<NamedScript> {
  const source = folder.migrations.find((candidate) => keyOf(candidate) === entry.version)?.down;
  const script = await parseScript({
    file: source?.file ?? 'the ledger',
    text: source?.read() ?? keptDown ?? '',
    withoutTransaction: source?.withoutTransaction ?? false,
  });
  return { version: entry.version, name: entry.name, script };
}

function planned(
  { version, name, script }: NamedScript,
  tell: (statement: ScriptStatement) => StatementImpact,
): PlannedMigration {
  const alone = new Set(
    script.segments.flatMap((segment) => (segment.kind === 'alone' ? [segment.statement.index] : [])),
  );
  return {
    version,
    name,
    file: script.file,
    atomic: script.segments.length <= 1 && alone.size === 0,
    statements: script.statements.map((statement) => ({
      number: statement.index + 1,
      line: statement.line,
      tag: statement.tag,
      sql: statement.text,
      alone: alone.has(statement.index),
      impact: tell(statement),
    })),
  };
}
