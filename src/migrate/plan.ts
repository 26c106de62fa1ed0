import { withSession } from '../database/index.js';
import { selectPending } from './apply.js';
import type { ApprovalVerdict } from './approvals/judge.js';
import { planVerdicts } from './approvals/plan-verdicts.js';
import { migrationOf } from './approvals/rollback-tasks.js';
import { checkHistory } from './check-history.js';
import { readFolder } from './folder/read-folder.js';
import { keepDirectives } from './keep/directives.js';
import { type LedgerEntry, type LedgerTexts, readLedger, readTexts } from './ledger/ledger.js';
import { keyOf, type Migration, type MigrationFolder } from './migration.js';
import type { MigrateOptions } from './options.js';
import { type PlannedRestore, plannedRestores } from './planned-restore.js';
import { selectApplied } from './rollback.js';
import { stepsLeft } from './run/interrupted.js';
import { parseScript, type Script, type ScriptStatement } from './run/script.js';
import { standings } from './state.js';
import { impactTeller, type StatementImpact } from './statement-impact.js';
import { requireSchema, schemaSearchPath } from './tenant-schema.js';

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
  /** Kept data that is put back when its statements have run, or where the script says. */
  readonly restores: readonly PlannedRestore[];
  /** Its risks and approvals, where the target asks for approvals. */
  readonly approval?: ApprovalVerdict;
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
    await requireSchema(session, options);
    if (options.schema !== undefined) {
      await session.run(`set search_path = ${schemaSearchPath(options)}`);
    }
    const entries = (await readLedger(session, scope)) ?? [];
    const head = { target: options.target, direction, folder: folder.path, format: folder.format };
    const scripts: NamedScript[] = [];
    let notices: readonly string[] = [];
    if (direction === 'down') {
      for (const entry of selectApplied(entries, options)) {
        const kept = await readTexts(session, scope, entry.version);
        scripts.push(await downScript(folder, entry, kept));
      }
    } else {
      const all = standings(folder, entries);
      const interrupted = entries.filter(({ state }) => state === 'applying').length;
      const steps = options.steps === undefined ? undefined : stepsLeft(options.steps, interrupted);
      notices = [...folder.notices, ...(await checkHistory(session, scope, all, options.order ?? 'strict'))];
      for (const migration of selectPending(all, { ...options, steps })) {
        scripts.push(await upScript(migration));
      }
    }
    // Loaded here, so that what needs no plan starts without it.
    const { readCatalogFacts } = await import('../catalog/index.js');
    const tell = impactTeller(await readCatalogFacts(session));
    const all = scripts.map(({ migration }) => migration);
    const verdicts = await planVerdicts(session, scope, options.approvals, direction, all);
    const restores = await plannedRestores(session, scope, direction);
    const migrations = scripts.map((script): PlannedMigration => {
      const approval = verdicts.get(script.version);
      return {
        ...planned(script, tell),
        restores: restores.get(script.version) ?? [],
        ...(approval ? { approval } : {}),
      };
    });
    return { ...head, migrations, notices };
  });
}

interface NamedScript {
  readonly version: string;
  readonly name: string;
  readonly script: Script;
  readonly migration: Migration;
}

async function upScript(migration: Migration): Promise<NamedScript> {
  const { file } = migration.up;
  const withoutTransaction = migration.up.withoutTransaction ?? false;
  const script = await parseScript({ file, text: migration.up.read(), withoutTransaction });
  return { version: keyOf(migration), name: migration.name, script, migration };
}

async function downScript(
  folder: MigrationFolder,
  entry: LedgerEntry,
  kept: LedgerTexts,
): Promise<NamedScript> {
  const source = folder.migrations.find((candidate) => keyOf(candidate) === entry.version)?.down;
  const file = source?.file ?? 'the ledger';
  const text = source?.read() ?? kept.down ?? '';
  const withoutTransaction = source?.withoutTransaction ?? false;
  const script = await parseScript({ file, text, withoutTransaction });
  const { version, name } = entry;
  const scripts = { up: kept.up, down: text };
  return {
    version,
    name,
    script,
    migration: migrationOf({ version, name, scripts, file, withoutTransaction }),
  };
}

function planned(
  { version, name, script }: NamedScript,
  tell: (statement: ScriptStatement, keepOff?: string) => StatementImpact,
): Omit<PlannedMigration, 'restores' | 'approval'> {
  const said = keepDirectives(script);
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
      impact: tell(statement, said.off ?? said.offBefore.get(statement)),
    })),
  };
}
