/** One random sequence of migrations, run by the real engine on a database of its own. */
import fc from 'fast-check';
import { isPlinthError } from '../../../src/core/index.js';
import { type Session, sessionPool, withSession } from '../../../src/database/index.js';
import { apply, rollback } from '../../../src/migrate/index.js';
import type { FillReport } from '../../../src/prove/data/fill-report.js';
import { fillTables } from '../../../src/prove/data/fill-tables.js';
import { captureRows } from '../../../src/prove/fingerprint/capture-rows.js';
import { diffRows } from '../../../src/prove/fingerprint/diff-rows.js';
import type { TestDatabase } from '../../support/database.js';
import { type Effects, judgeReapply, judgeRollback, type State } from './law.js';
import { type Change, changeOf, type Drawn, drawn } from './operations.js';
import type { Schema } from './schema.js';

export interface Sequence {
  /** What the tables to begin with are drawn from. */
  readonly tables: readonly number[];
  readonly migrations: readonly (readonly Drawn[])[];
  readonly seed: number;
  /** What every script begins with. */
  readonly head?: string;
}

export const drawnSequence: fc.Arbitrary<Sequence> = fc.record({
  tables: fc.array(fc.nat(41), { minLength: 1, maxLength: 3 }),
  migrations: fc.array(fc.array(drawn, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 }),
  seed: fc.nat(1_000_000),
});

export interface SequenceOutcome {
  readonly migrations: number;
  readonly cells: number;
  readonly losses: readonly string[];
  /** What is not as it was beside what the application has written, in tables of which rows are told to have no place. */
  readonly told: number;
  /** What the engine refused to run, where it did; nothing is lost by that. */
  readonly refused: string | undefined;
  /** The scripts, to read beside a loss. */
  readonly scripts: readonly string[];
}

interface Planned {
  readonly base: readonly Change[];
  readonly files: Readonly<Record<string, string>>;
  readonly count: number;
  readonly first: Schema;
  readonly last: Schema;
  readonly effects: Effects;
  /** The numbers of tables by every name that they have had. */
  readonly numbers: ReadonlyMap<string, readonly number[]>;
}

/** Writes the migrations that are drawn; changes that nothing can be done for are left out. */
function planned({ tables, migrations, head = '' }: Sequence): Planned {
  const base: Change[] = [];
  let schema: Schema = { tables: [], next: 1 };
  for (const [place, variant] of tables.entries()) {
    const change = changeOf(schema, { kind: 'createTable', table: place, column: 0, variant })!;
    base.push(change);
    schema = change.schema;
  }
  const first = schema;
  const files: Record<string, string> = {};
  const all: Change[] = [];
  let count = 0;
  for (const drawn of migrations) {
    const changes: Change[] = [];
    for (const each of drawn) {
      const change = changeOf(schema, each);
      const isAlone = change?.isAlone ?? false;
      if (change !== undefined && (!isAlone || changes.length === 0)) {
        changes.push(change);
        schema = change.schema;
      }
      if (isAlone && changes.length > 0) {
        break;
      }
    }
    if (changes.length > 0) {
      count += 1;
      files[`${count}_m.up.sql`] = head + changes.map(({ up }) => up).join('\n');
      const downs = changes.toReversed().map(({ down }) => down);
      files[`${count}_m.down.sql`] = head + downs.join('\n');
      all.push(...changes);
    }
  }
  const effects = {
    rewritten: new Set(all.flatMap(({ rewritten = [] }) => rewritten)),
    rowsChanged: new Set(all.flatMap(({ rowsChanged = [] }) => rowsChanged)),
    references: new Map(
      [...base, ...all].flatMap((change) =>
        change.schema.tables.flatMap(({ columns }) =>
          columns.flatMap(({ number, references }) =>
            references === undefined ? [] : [[number, references] as const],
          ),
        ),
      ),
    ),
  };
  const numbers = new Map<string, number[]>();
  for (const { name, number } of [...base, ...all].flatMap((change) => change.schema.tables)) {
    numbers.set(name, [...(numbers.get(name) ?? []), number]);
  }
  return { base, files, count, first, last: schema, effects, numbers };
}

/** The tables of which something is told to have no place. */
async function toldTables(session: Session, { numbers }: Planned): Promise<ReadonlySet<number>> {
  const rows = await session.query<{ name: string }>(
    'select relation_name as name from plinth.kept where unplaced > 0',
  );
  return new Set(rows.flatMap(({ name }) => numbers.get(name) ?? []));
}

/** What was kept and could not be placed: nothing, as long as nobody writes in between. */
async function unplacedIn(session: Session): Promise<string[]> {
  const rows = await session.query<{ told: string }>(
    `select 'not placed after a rollback: ' || relation_name || ', ' || unplaced || ' rows, ' || reason as told
       from plinth.kept where unplaced > 0`,
  );
  return rows.map(({ told }) => told);
}

/**
 * Twice around: without writes everything must be exactly as it was; with writes on both sides what was written must
 * be there too.
 */
export async function runSequence(
  place: TestDatabase,
  sequence: Sequence,
  folderOf: (files: Readonly<Record<string, string>>) => string,
): Promise<SequenceOutcome> {
  const plan = planned(sequence);
  const { base, files, count, first, last, effects } = plan;
  const scripts = [
    ...base.map(({ up }) => up),
    ...Object.entries(files).map(([name, sql]) => `-- ${name}\n${sql}`),
  ];
  const losses: string[] = [];
  let cells = 0;
  let told = 0;
  let refused: string | undefined;
  // A new session's caches are cold: filling them took half of the time.
  const pool = sessionPool(place.database);
  const options = { database: pool.database, target: 'main', folder: { path: folderOf(files) } };
  const up = async (): Promise<unknown> => await apply(options);
  const down = async (): Promise<unknown> => await rollback({ ...options, to: '0' });
  const compare = async (session: Session, before: State['captured'], when: string): Promise<void> => {
    const diff = diffRows(before, await captureRows(session));
    cells += diff.cellsCompared;
    losses.push(...diff.tables.map(({ name, example }) => `${when}: ${name} ${JSON.stringify(example)}`));
  };
  const write = async (session: Session, { tables }: Schema, seed: number): Promise<FillReport> => {
    const names = new Set(tables.map(({ name }) => name));
    return await fillTables(session, {
      seed,
      rowsPerTable: 3,
      touchRows: () => 12,
      includes: ({ name }) => names.has(name),
    });
  };
  await withSession(pool.database, async (session) => {
    await session.run(base.map((change) => change.up).join('\n'));
    await fillTables(session, { seed: sequence.seed, rowsPerTable: 5 });
    if (count === 0) {
      return;
    }
    try {
      const original = await captureRows(session);
      await up();
      const applied = await captureRows(session);
      await down();
      await compare(session, original, 'after a rollback');
      losses.push(...(await unplacedIn(session)));
      await up();
      await compare(session, applied, 'after a reapply');
      if (losses.length > 0) {
        return;
      }

      const writes = await write(session, last, sequence.seed + 1);
      const cycle = {
        before: { schema: first, captured: original },
        written: { schema: last, captured: await captureRows(session) },
        writes,
        effects,
      };
      await down();
      const back = judgeRollback(cycle, { schema: first, captured: await captureRows(session) });
      const betweenWrites = await write(session, first, sequence.seed + 2);
      const between = { schema: first, captured: await captureRows(session) };
      await up();
      const again = judgeReapply(cycle, between, betweenWrites, {
        schema: last,
        captured: await captureRows(session),
      });
      cells += back.cells + again.cells;
      const found = [
        ...back.losses.map((loss) => ({ ...loss, when: 'after a rollback with writes' })),
        ...again.losses.map((loss) => ({ ...loss, when: 'after a reapply with writes' })),
      ];
      const tables = found.length > 0 ? await toldTables(session, plan) : new Set();
      for (const { table, what, when } of found) {
        if (tables.has(table)) {
          told += 1;
        } else {
          losses.push(`${when}: ${what}`);
        }
      }
    } catch (error) {
      if (!isPlinthError(error)) {
        throw error;
      }
      // The engine's own work at the end of a script must never fail.
      if (error.message.startsWith('Cannot commit')) {
        losses.push(error.message);
      } else {
        refused = `${error.code}: ${error.message}`;
      }
    }
  });
  await pool.close();
  return { migrations: count, cells, losses, told, refused, scripts };
}
