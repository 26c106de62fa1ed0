/** One migration, from the line that leads to it to its verdict. */
import type { ScratchDatabase } from '../database/index.js';
import { keyOf, type Migration } from '../migrate/index.js';
import type { Filler } from './filler.js';
import type { LeftOut, Line } from './line.js';
import type { MigrationProof, ProofReason, ProposedDown } from './proof.js';
import { withProposedDowns } from './propose-down.js';
import type { ScratchEngine } from './scratch-engine.js';
import { type Trial, tryMigration } from './trial.js';
import { verdictOf } from './verdict.js';

export interface ProveOneOptions {
  readonly line: Line;
  readonly engine: ScratchEngine;
  readonly filler: Filler;
  readonly migration: Migration;
  /** Its place in the history. */
  readonly index: number;
  /** After how many statements a script that is one transaction is cut off. */
  readonly placesPerScript: number;
}

export async function proveOne(options: ProveOneOptions): Promise<MigrationProof> {
  const startedMs = performance.now();
  const { line, engine, filler, migration, index, placesPerScript } = options;
  const { unfilled, leftOut } = await line.moveBefore(index);
  const attempt = async (another: () => Promise<ScratchDatabase>, tried: Migration): Promise<Trial> => {
    const main = await another();
    try {
      const setting = { engine, filler, migration: tried, main, another, unfilled, placesPerScript };
      return await tryMigration(setting);
    } finally {
      await main.drop();
    }
  };
  let trial = await attempt(line.copy, migration);
  if (trial.reasons[0]?.kind === 'up-fails') {
    trial = withoutRows(trial, await attempt(line.emptyCopy, migration));
  }
  const reasons = [...trial.reasons, ...dependsOnLeftOut(trial, leftOut)];
  return {
    version: keyOf(migration),
    name: migration.name,
    file: migration.up.file,
    verdict: verdictOf(reasons, trial.keptTables),
    reasons,
    remarks: trial.remarks,
    up: trial.up,
    down: trial.down,
    data: trial.data,
    keptTables: trial.keptTables,
    interruptions: trial.interruptions,
    proposedDown: await proposedDown(migration, trial, (mended) => attempt(line.copy, mended)),
    durationMs: performance.now() - startedMs,
  };
}

/** A down that works, where the one of the folder does not. */
async function proposedDown(
  migration: Migration,
  trial: Trial,
  prove: (mended: Migration) => Promise<Trial>,
): Promise<ProposedDown | undefined> {
  for (const mended of withProposedDowns(migration, trial)) {
    const proof = await prove(mended);
    const verdict = verdictOf(proof.reasons, proof.keptTables);
    if (verdict !== 'broken') {
      return { sql: mended.down!.read(), verdict, file: mended.down!.file };
    }
  }
  return undefined;
}

/** The up that refused rows, tried without: where that works, the rows were the reason. */
function withoutRows(refused: Trial, trial: Trial): Trial {
  const [failed] = refused.reasons;
  if (!failed || trial.reasons[0]?.kind === 'up-fails') {
    return trial;
  }
  const when = refused.refusesAnyRow ? 'where the table has a row' : 'on rows that the schema allows';
  const reason: ProofReason = {
    kind: 'up-refuses-rows',
    breaks: refused.refusesAnyRow,
    message: failed.message.replace('The up does not run', `The up does not run ${when}`),
  };
  return { ...trial, reasons: [reason, ...trial.reasons] };
}

/** Where an earlier migration was left out, a failure may be that one's. */
function dependsOnLeftOut(trial: Trial, leftOut: readonly LeftOut[]): readonly ProofReason[] {
  const [first] = leftOut;
  return first && trial.reasons.some(({ kind }) => kind === 'up-fails')
    ? [
        {
          kind: 'not-reached',
          breaks: false,
          message: `The migration ${first.version} before it does not run and was left out: ${first.reason}.`,
        },
      ]
    : [];
}
