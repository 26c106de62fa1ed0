/** One migration, from the line that leads to it to its verdict. */
import { keyOf, type Migration } from '../migrate/index.js';
import { attemptOnStage, attempts, type TrialSource } from './attempt.js';
import type { Filler } from './filler.js';
import type { LeftOut, Line } from './line.js';
import { type Tried, tryOtherRows, tryOtherWrites } from './other-rows.js';
import type { MigrationProof, ProofReason, ProposedDown } from './proof.js';
import { withProposedDowns } from './propose-down.js';
import type { ScratchEngine } from './scratch-engine.js';
import type { Stage } from './stage.js';
import type { Trial } from './trial.js';
import { verdictOf } from './verdict.js';

export interface ProveOneOptions {
  readonly line: Line;
  readonly stage: Stage;
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
  const { line, stage, engine, filler, migration, index, placesPerScript } = options;
  const standing = await stage.before(index);
  const attempt = attempts({ engine, filler, placesPerScript });
  const source = copiesBefore(stage, index);
  let tried: Tried = { source, trial: await attemptOnStage(options, standing) };
  const isSure = !standing.isUsed && tried.trial.interruptions.tried === 0;
  if (tried.trial.reasons.some(({ breaks }) => breaks) && !isSure) {
    tried = { source, trial: await attempt(source, migration) };
  }
  const tools = { line, engine, filler, migration, attempt };
  if (tried.trial.reasons[0]?.kind === 'up-fails') {
    tried = await tryOtherRows(tried, tools);
  }
  if (tried.trial.reasons.some(({ kind }) => kind === 'down-fails')) {
    tried = await tryOtherWrites(tried, tools);
  }
  const { trial } = tried;
  const reasons = [...trial.reasons, ...dependsOnLeftOut(trial, standing.leftOut)];
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
    proposedDown: await proposedDown(migration, trial, (mended) => attempt(tried.source, mended)),
    durationMs: performance.now() - startedMs,
  };
}

/** Copies of the line, each of its own. */
function copiesBefore(stage: Stage, index: number): TrialSource {
  let unfilled: ReturnType<TrialSource['unfilled']> = [];
  return {
    another: async () => {
      const copy = await stage.copyBefore(index);
      unfilled = copy.unfilled;
      return copy.scratch;
    },
    unfilled: () => unfilled,
  };
}

/** A down that works, where the one of the folder does not. */
async function proposedDown(
  migration: Migration,
  trial: Trial,
  prove: (mended: Migration) => Promise<Trial>,
): Promise<ProposedDown | undefined> {
  for (const mended of await withProposedDowns(migration, trial)) {
    const proof = await prove(mended);
    const verdict = verdictOf(proof.reasons, proof.keptTables);
    if (verdict !== 'broken') {
      return { sql: mended.down!.read(), verdict, file: mended.down!.file };
    }
  }
  return undefined;
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
