/** A script that refused the rows that were there, tried on rows that it may take, and without any. */
import { readSchema } from '../catalog/index.js';
import { withSession } from '../database/index.js';
import type { Migration } from '../migrate/index.js';
import type { SchemaModel } from '../schema/index.js';
import type { Attempt, TrialSource } from './attempt.js';
import type { Filler, RowKind, Unfilled } from './filler.js';
import type { Line } from './line.js';
import type { ProofReason, ReasonKind } from './proof.js';
import type { ScratchEngine } from './scratch-engine.js';
import type { Trial } from './trial.js';

export interface OtherRowsOptions {
  readonly line: Line;
  readonly engine: ScratchEngine;
  readonly filler: Filler;
  readonly migration: Migration;
  readonly attempt: Attempt;
}

/** A trial, and where its databases came from. */
export interface Tried {
  readonly trial: Trial;
  readonly source: TrialSource;
}

/** The best trial that there is for an up that refuses rows: on other rows, else on none. */
export async function tryOtherRows({ trial: refused }: Tried, options: OtherRowsOptions): Promise<Tried> {
  const { attempt, migration, line } = options;
  const after = refused.refusesAnyRow ? undefined : await schemaAfter(options);
  for (const kind of after ? kindsOf(refused, after) : []) {
    const source = sourceOf(options, kind);
    const trial = await attempt(source, migration);
    if (!fails(trial, 'up-fails')) {
      return { source, trial: { ...trial, remarks: [remarkOf(refused), ...trial.remarks] } };
    }
  }
  const source = { another: line.emptyCopy, unfilled: () => [] };
  return { source, trial: withoutRows(refused, await attempt(source, migration)) };
}

/** A down that does not run, tried where the rows written since the apply are such as could have been there before it. */
export async function tryOtherWrites(tried: Tried, { attempt, migration }: OtherRowsOptions): Promise<Tried> {
  const { trial: refused, source: known } = tried;
  const failed = refused.reasons.find(({ kind }) => kind === 'down-fails')!;
  const writes = { withoutNulls: false, ...known.writes, meets: refused.before };
  const source = { ...known, writes };
  const trial = await attempt(source, migration);
  if (fails(trial, 'down-fails') || fails(trial, 'up-fails')) {
    return tried;
  }
  const reason: ProofReason = {
    kind: 'down-refuses-rows',
    breaks: true,
    message: failed.message.replace(
      'The down does not run',
      'The down does not run on rows that the new schema allows',
    ),
  };
  const others = refused.reasons.filter((each) => each !== failed && !each.breaks);
  const told = new Set(trial.reasons.map(({ message }) => message));
  return {
    source,
    trial: {
      ...trial,
      reasons: [reason, ...others.filter(({ message }) => !told.has(message)), ...trial.reasons],
      remarks: [...new Set([...refused.remarks, ...trial.remarks])],
    },
  };
}

function fails({ reasons }: Trial, kind: ReasonKind): boolean {
  return reasons.some((reason) => reason.kind === kind);
}

/** Databases with rows of the kind, and no others but those that the migrations write. */
function sourceOf({ line, filler }: OtherRowsOptions, kind: RowKind): TrialSource {
  let unfilled: readonly Unfilled[] = [];
  return {
    another: async () => {
      const database = await line.emptyCopy();
      unfilled = await withSession(database.database, (session) => filler.fill(session, kind));
      return database;
    },
    unfilled: () => unfilled,
    writes: kind,
  };
}

/** The schema that the up makes where there are no rows; `undefined` where it does not run there either. */
async function schemaAfter({ line, engine, migration }: OtherRowsOptions): Promise<SchemaModel | undefined> {
  const empty = await line.emptyCopy();
  try {
    await engine.apply(empty.database, [migration]);
    return await withSession(empty.database, readSchema);
  } catch {
    return undefined;
  } finally {
    await empty.drop();
  }
}

function kindsOf(refused: Trial, meets: SchemaModel): readonly RowKind[] {
  const [, textsAs] =
    refused.reasons
      .map(({ message }) => /input syntax for type ([a-z0-9 ]+)/.exec(message))
      .find((found) => found !== null) ?? [];
  return textsAs === undefined
    ? [
        { meets, withoutNulls: false },
        { meets, withoutNulls: true },
      ]
    : [{ meets, withoutNulls: true, textsAs: textsAs.trim() }];
}

function remarkOf({ reasons }: Trial): string {
  return `${refusal(reasons[0]!, 'on all rows that the schema allows')}. It is proven on rows that it takes.`;
}

/** Where it works without, the rows were the reason. */
function withoutRows(refused: Trial, trial: Trial): Trial {
  const [failed] = refused.reasons;
  if (!failed || fails(trial, 'up-fails')) {
    return trial;
  }
  const when = refused.refusesAnyRow ? 'where the table has a row' : 'on rows that the schema allows';
  const reason: ProofReason = {
    kind: 'up-refuses-rows',
    breaks: refused.refusesAnyRow,
    message: refusal(failed, when),
  };
  return { ...trial, reasons: [reason, ...trial.reasons] };
}

function refusal({ message }: ProofReason, when: string): string {
  return message.replace('The up does not run', `The up does not run ${when}`);
}
