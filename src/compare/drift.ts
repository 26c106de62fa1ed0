/**
 * Drift: what a live schema has that its applied migrations did not make, and the other way round. The migrations
 * are the texts in the ledger, applied to a throwaway database; what is compared is never what the folder says today.
 */
import { readSchema } from '../catalog/index.js';
import { isPlinthError, type OnProgress } from '../core/index.js';
import { type Database, type Session, withSession } from '../database/index.js';
import type { SchemaModel } from '../schema/index.js';
import { qualifiedName } from '../sql/index.js';
import { type ComparedModels, compareModels } from './compare-schemas.js';
import type { Difference } from './difference.js';
import { type Expected, type ExpectedOptions, type NotKnown, readExpected } from './expected.js';
import { cachedSchema, keepSchema } from './expected-cache.js';
import { type Origin, originsOf } from './origins.js';
import type { WhatCounts } from './what-counts.js';
import type { MadeSchema, Workshop } from './workshop.js';

export interface DriftOptions extends ExpectedOptions, WhatCounts {
  readonly database: Database;
  /** Where migrations are applied to throwaway databases. */
  readonly workshop: Workshop;
  /** Where schemas that were made before are kept. */
  readonly cacheFolder: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Who is right about an object. `unmade`: the database has it and no migration made it; `gone`: a migration made it
 * and it is no more; `differs`: both have it, in another form.
 */
export type DriftVerdict = 'unmade' | 'gone' | 'differs';

export interface DriftedObject extends Difference {
  readonly verdict: DriftVerdict;
  /** The newest migration that names it. */
  readonly madeBy?: Origin;
}

export interface DriftedTarget {
  readonly target: string;
  readonly migrations: number;
  /** The newest version. */
  readonly version: string | undefined;
}

/** How a database stands with its applied migrations. */
export interface DriftReport {
  readonly state: 'none' | 'drifted' | 'unknown';
  /** Why it is unknown. */
  readonly notKnown: NotKnown | undefined;
  readonly database: string;
  /** The schema, where one of several that are migrated alike was compared. */
  readonly schema: string | undefined;
  readonly serverVersion: string;
  /** All whose applied migrations make the database's schema. */
  readonly targets: readonly DriftedTarget[];
  /** From the migrations' schema (`before`) to the live one (`after`). */
  readonly differences: readonly DriftedObject[];
  /** How what the migrations make came to be known, and the version of the server that they were applied to. */
  readonly expected:
    | { readonly from: 'cache' | 'throwaway database'; readonly serverVersion: string }
    | undefined;
  readonly notices: readonly string[];
  readonly durationMs: number;
}

/** A report with the models that were compared: what SQL to mend it is made from. */
export interface DriftResult extends DriftReport {
  readonly models: ComparedModels['models'] | undefined;
}

/** Compares a live schema with what its applied migrations make; changes nothing in it. */
export async function findDrift(options: DriftOptions): Promise<DriftResult> {
  const startedMs = performance.now();
  const live = await withSession(options.database, (session) => readLive(session, options));
  const { expected, frame } = live;
  const ended = (result: Found): DriftResult => ({
    ...frame,
    ...result,
    notices: [...new Set([...frame.notices, ...result.notices])],
    durationMs: performance.now() - startedMs,
  });
  if (expected.notKnown) {
    return ended({ state: 'unknown', notKnown: expected.notKnown, ...NOTHING_FOUND });
  }
  const cached = cachedSchema(options.cacheFolder, expected.key);
  const made = cached ?? (await make(expected, options));
  if ('notKnown' in made) {
    return ended({ state: 'unknown', ...made, ...NOTHING_FOUND });
  }
  const compared = compareWithLive(made, live, options);
  const origins = await originsOf(compared.differences, expected.history);
  return ended({
    state: compared.isEmpty ? 'none' : 'drifted',
    notKnown: undefined,
    differences: compared.differences.map((difference, index) => withVerdict(difference, origins[index])),
    expected: { from: cached ? 'cache' : 'throwaway database', serverVersion: made.serverVersion },
    notices: [...made.notices, ...compared.notices],
    models: compared.models,
  });
}

/** Whether the live schema has drifted, told from what is kept of earlier comparisons; starts and makes nothing. */
export async function driftAtAGlance(
  session: Session,
  options: Omit<DriftOptions, 'database' | 'workshop'>,
): Promise<DriftReport['state']> {
  const expected = await readExpected(session, options);
  const cached = expected.notKnown ? undefined : cachedSchema(options.cacheFolder, expected.key);
  if (!cached) {
    return 'unknown';
  }
  return compareWithLive(cached, await readLive(session, options, expected), options).isEmpty
    ? 'none'
    : 'drifted';
}

type Found = Pick<DriftResult, 'state' | 'notKnown' | 'differences' | 'expected' | 'notices' | 'models'>;

const NOTHING_FOUND = { differences: [], expected: undefined, notices: [], models: undefined } as const;

interface Live {
  readonly model: SchemaModel;
  readonly expected: Expected;
  readonly frame: Pick<DriftReport, 'database' | 'schema' | 'serverVersion' | 'targets' | 'notices'>;
}

async function readLive(
  session: Session,
  options: Omit<DriftOptions, 'database' | 'workshop'>,
  known?: Expected,
): Promise<Live> {
  const expected = known ?? (await readExpected(session, options));
  const { scope, onProgress, signal } = options;
  const model = await readSchema(session, {
    ...(scope === undefined ? {} : { schemas: [scope] }),
    ...(onProgress ? { onProgress } : {}),
    ...(signal ? { signal } : {}),
  });
  const { database, version } = session.server;
  const frame = {
    database,
    schema: scope,
    serverVersion: version,
    targets: targetsOf(expected),
    notices: expected.notices,
  };
  return { model: withoutTables(model, expected.foreignTables), expected, frame };
}

/** Applies the texts to a throwaway database, and keeps what comes of it. */
async function make(
  { recipe, key }: Expected,
  options: DriftOptions,
): Promise<MadeSchema | { readonly notKnown: NotKnown }> {
  const { workshop, scope } = options;
  try {
    const made = await workshop.make(recipe, scope === undefined ? undefined : [scope]);
    keepSchema(options.cacheFolder, key, made);
    return made;
  } catch (error) {
    if (isPlinthError(error, 'MIGRATE_STATEMENT_FAILED', 'MIGRATE_SCRIPT_INVALID')) {
      const message = `the applied migrations cannot be applied to an empty database: ${error.message}`;
      return { notKnown: { kind: 'not-rebuilt', message } };
    }
    throw error;
  }
}

function compareWithLive(made: MadeSchema, { model, expected }: Live, what: WhatCounts): ComparedModels {
  const ignore = [
    ...(what.ignore ?? []),
    ...(expected.ownersUnknown ? (['owners', 'privileges'] as const) : []),
  ];
  return compareModels(
    { source: { label: 'applied migrations', kind: 'migrations' }, ...made },
    { source: { label: 'the database', kind: 'database' }, model, notices: [] },
    { ...what, ignore },
  );
}

const VERDICTS: Readonly<Record<Difference['change'], DriftVerdict>> = {
  added: 'unmade',
  removed: 'gone',
  changed: 'differs',
  reordered: 'differs',
};

function withVerdict(difference: Difference, origin: Origin | undefined): DriftedObject {
  const verdict = VERDICTS[difference.change];
  return { ...difference, verdict, ...(origin && verdict !== 'unmade' ? { madeBy: origin } : {}) };
}

function targetsOf({ history }: Expected): readonly DriftedTarget[] {
  return [...new Set(history.map(({ target }) => target))].map((target) => {
    const own = history.filter((applied) => applied.target === target);
    return {
      target,
      migrations: own.length,
      version: own.findLast(({ kind }) => kind !== 'repeatable')?.version,
    };
  });
}

/** Without the tables in which other tools have kept their record, and their sequences. */
function withoutTables(model: SchemaModel, names: readonly string[]): SchemaModel {
  const isLeftOut = (schema: string, name: string): boolean => names.includes(qualifiedName(schema, name));
  return {
    ...model,
    tables: model.tables.filter(({ schema, name }) => !isLeftOut(schema, name)),
    sequences: model.sequences.filter(
      ({ ownedBy }) => !(ownedBy && isLeftOut(ownedBy.schema, ownedBy.table)),
    ),
  };
}
