/**
 * The law of the ledger: it says what really ran, whatever people do to the folder between runs; and a run that is
 * refused changes nothing. Sequences of edits and runs are drawn at random and compared with a model of the rules.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isPlinthError } from '../../src/core/index.js';
import type { Session } from '../../src/database/index.js';
import { apply, rollback } from '../../src/migrate/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { ledgerState } from './database-state.js';
import { migrationFolders } from './migration-folder.js';

const folderOf = migrationFolders();
let test: TestDatabase;
let session: Session;

beforeAll(async () => {
  test = await createTestDatabase();
  session = await test.database.connect();
});

afterAll(async () => {
  await session.close();
  await test.drop();
});

/** How runs have ended: the sequences must meet every rule. */
const outcomes = new Set<string>();

const version = fc.integer({ min: 1, max: 6 });
const order = fc.constantFrom('strict' as const, 'allow-missing' as const);
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

const action = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      version,
      body: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('remove' as const), version }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('comment' as const), version }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('apply' as const),
      order,
      to: optional(version),
      steps: optional(fc.integer({ min: 1, max: 3 })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.oneof(
      fc.record({ kind: fc.constant('rollback' as const), to: fc.integer({ min: 0, max: 9 }) }),
      fc.record({ kind: fc.constant('rollback' as const), steps: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ kind: fc.constant('rollback' as const), lastRun: fc.constant(true) }),
    ),
  },
);

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;
type Apply = Extract<Action, { readonly kind: 'apply' }>;
type Rollback = Extract<Action, { readonly kind: 'rollback' }>;

const write = (name: number, body = 1): Action => ({ kind: 'write', version: name, body });
const applyAll: Action = { kind: 'apply', order: 'strict', to: undefined, steps: undefined };

/** One sequence for each rule; chance alone meets some of them rarely. */
const EXAMPLES: readonly (readonly Action[])[] = [
  [write(1), write(2), applyAll, write(1, 2), applyAll, write(1), applyAll],
  [write(1), write(3), applyAll, write(2), applyAll, { ...applyAll, order: 'allow-missing' }],
  [write(1), write(2), applyAll, { kind: 'remove', version: 0 }, applyAll, { kind: 'rollback', to: 0 }],
  [write(1), { ...applyAll, to: 4 }, { kind: 'rollback', steps: 1 }, applyAll, { kind: 'rollback', to: 5 }],
  [write(1), write(2), { ...applyAll, steps: 1 }, applyAll, { kind: 'comment', version: 1 }, applyAll],
];

interface File {
  readonly body: number;
  readonly comments: number;
}

/** What should be in the folder and in the database. */
interface Model {
  readonly files: Map<number, File>;
  /** The body that each applied migration ran with, and the run that applied it. */
  readonly applied: Map<number, { readonly body: number; readonly run: number }>;
  runs: number;
}

it('holds over any sequence of edits and runs', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(action as fc.Arbitrary<Action>, { minLength: 10, maxLength: 25 }),
      async (actions) => {
        await session.run(
          'set client_min_messages = error; drop schema if exists plinth cascade; drop table if exists live; create table live (version integer primary key, body integer)',
        );
        const folder = folderOf({});
        const model: Model = { files: new Map(), applied: new Map(), runs: 0 };
        for (const step of actions) {
          await take(model, folder, step);
          expect(await live(), JSON.stringify(step)).toEqual(expectedLive(model));
          expect(await recorded(), JSON.stringify(step)).toEqual([...model.applied.keys()].sort());
        }
      },
    ),
    {
      numRuns: 25,
      examples: EXAMPLES.map((actions) => [actions]),
      seed: Number(process.env.PLINTH_SEED ?? 20_261_121),
    },
  );
  expect([...outcomes].sort()).toEqual([
    'MIGRATE_CHANGED',
    'MIGRATE_FILE_MISSING',
    'MIGRATE_NOTHING_TO_ROLL_BACK',
    'MIGRATE_OUT_OF_ORDER',
    'MIGRATE_VERSION_UNKNOWN',
    'done',
  ]);
});

async function take(model: Model, folder: string, step: Action): Promise<void> {
  switch (step.kind) {
    case 'write':
      writeFile(model, folder, step.version, { body: step.body, comments: 0 });
      break;
    case 'comment': {
      const file = model.files.get(step.version);
      if (file) {
        writeFile(model, folder, step.version, { ...file, comments: file.comments + 1 });
      }
      break;
    }
    case 'remove': {
      const names = [...model.files.keys()].sort();
      const name = names[step.version % names.length];
      model.files.delete(name ?? 0);
      rmSync(join(folder, `${name}_m.up.sql`), { force: true });
      rmSync(join(folder, `${name}_m.down.sql`), { force: true });
      break;
    }
    default:
      await runAndCompare(model, folder, step);
  }
}

function writeFile(model: Model, folder: string, name: number, file: File): void {
  model.files.set(name, file);
  const comment = '-- Changed once more.\n'.repeat(file.comments);
  writeFileSync(
    join(folder, `${name}_m.up.sql`),
    `${comment}insert into live values (${name}, ${file.body}); ${comment}`,
  );
  writeFileSync(join(folder, `${name}_m.down.sql`), `delete from live where version = ${name};`);
}

async function runAndCompare(model: Model, folder: string, step: Apply | Rollback): Promise<void> {
  const before = await ledgerState(session);
  const wanted = step.kind === 'apply' ? applyModel(model, step) : rollbackModel(model, step);
  outcomes.add(wanted);
  const { kind, to, ...rest } = { to: undefined, ...step };
  const options = { database: test.database, target: 'main', folder: { path: folder }, ...rest };
  const target = to === undefined ? {} : { to: String(to) };
  const run = kind === 'apply' ? apply({ ...options, ...target }) : rollback({ ...options, ...target });
  const refusal = await run.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (wanted === 'done') {
    expect(refusal, JSON.stringify(step)).toBeUndefined();
    return;
  }
  expect(isPlinthError(refusal, wanted), `${wanted} was wanted, not ${refusal}`).toBe(true);
  expect((await ledgerState(session)).filter((line) => line !== 'no ledger')).toEqual(
    before.filter((line) => line !== 'no ledger'),
  );
}

function applyModel({ files, applied, ...model }: Model, { order, to, steps }: Apply): string {
  const newestApplied = Math.max(0, ...applied.keys());
  const newestFile = Math.max(0, ...files.keys());
  for (const [name, file] of files) {
    if (applied.has(name) && applied.get(name)!.body !== file.body) {
      return 'MIGRATE_CHANGED';
    }
  }
  const pending = [...files.keys()].filter((name) => !applied.has(name)).sort();
  if (order === 'strict' && pending.some((name) => name < newestApplied)) {
    return 'MIGRATE_OUT_OF_ORDER';
  }
  if (order === 'strict' && [...applied.keys()].some((name) => !files.has(name) && name < newestFile)) {
    return 'MIGRATE_FILE_MISSING';
  }
  if (to !== undefined && !files.has(to) && !applied.has(to)) {
    return 'MIGRATE_VERSION_UNKNOWN';
  }
  const chosen = pending.filter((name) => to === undefined || name <= to).slice(0, steps ?? 9);
  const run = Math.max(model.runs, ...[...applied.values()].map((entry) => entry.run)) + 1;
  for (const name of chosen) {
    applied.set(name, { body: files.get(name)!.body, run });
  }
  return 'done';
}

function rollbackModel({ applied }: Model, selection: Omit<Rollback, 'kind'>): string {
  const { to, steps, lastRun } = { to: undefined, steps: undefined, lastRun: undefined, ...selection };
  const newestFirst = [...applied.keys()].sort().reverse();
  if (applied.size === 0) {
    return 'MIGRATE_NOTHING_TO_ROLL_BACK';
  }
  if (to !== undefined && to !== 0 && !applied.has(to)) {
    return 'MIGRATE_VERSION_UNKNOWN';
  }
  const last = Math.max(...[...applied.values()].map(({ run }) => run));
  const chosen =
    to !== undefined
      ? newestFirst.filter((name) => name > to)
      : lastRun
        ? newestFirst.filter((name) => applied.get(name)!.run === last)
        : newestFirst.slice(0, steps ?? 1);
  for (const name of chosen) {
    applied.delete(name);
  }
  return 'done';
}

function expectedLive({ applied }: Model): unknown {
  return [...applied]
    .map(([name, { body }]) => ({ version: name, body }))
    .sort((a, b) => a.version - b.version);
}

async function live(): Promise<unknown> {
  return session.query('select version, body from live order by version');
}

async function recorded(): Promise<readonly number[]> {
  const [found] = await session.query("select from pg_namespace where nspname = 'plinth'");
  if (!found) {
    return [];
  }
  const rows = await session.query<{ version: string }>(
    "select version from plinth.migrations where state = 'applied' order by version",
  );
  return rows.map(({ version: name }) => Number(name));
}
