/**
 * What must be there after a rollback and after the apply that follows it, whatever the migrations do. Cells are
 * followed by the numbers of tables and columns. A cell that the application wrote in between, in a column that a
 * migration computes anew, may be either value; every other cell is exactly one. What the engine tells to have no place
 * beside what was written, as where a constraint refuses it, is kept and counted apart.
 */
import type { FillReport, RowIdentity } from '../../../src/prove/data/fill-report.js';
import type { CapturedRows } from '../../../src/prove/fingerprint/capture-rows.js';
import type { Schema, Table } from './schema.js';

/** Cells by column number; `id` is the key. */
type Row = ReadonlyMap<number, string | null>;
type Rows = ReadonlyMap<string, Row>;

/** A captured database and the schema that says what its names mean. */
export interface State {
  readonly schema: Schema;
  readonly captured: CapturedRows;
}

export interface Effects {
  /** Columns whose values migrations compute anew. */
  readonly rewritten: ReadonlySet<number>;
  /** Tables of which migrations delete or add rows. */
  readonly rowsChanged: ReadonlySet<number>;
  /** The table that a column refers to, at any time. */
  readonly references: ReadonlyMap<number, number>;
}

export interface Judgement {
  readonly cells: number;
  /** The cells and rows that are not as they must be, in words, with the numbers of their tables. */
  readonly losses: readonly { readonly table: number; readonly what: string }[];
}

/** The rows of every table that has a key and stands in the schema. */
function rowsOf({ schema, captured }: State, number: number): Rows | undefined {
  const table = schema.tables.find((each) => each.number === number);
  const found = captured.tables.find(({ name }) => name === table?.name);
  if (table === undefined || found === undefined || !table.hasKey) {
    return undefined;
  }
  const id = found.columns.indexOf('id');
  const places = table.columns.map(
    ({ number: column, name }) => [column, found.columns.indexOf(name)] as const,
  );
  return new Map(
    found.rows.map((row) => [row[id]!, new Map(places.map(([column, place]) => [column, row[place]!]))]),
  );
}

/** What the application wrote, by the numbers of tables. */
class Writes {
  readonly #report: FillReport;
  readonly #schema: Schema;

  constructor(report: FillReport, schema: Schema) {
    this.#report = report;
    this.#schema = schema;
  }

  #table(number: number): FillReport['tables'][number] | undefined {
    const name = this.#schema.tables.find((each) => each.number === number)?.name;
    return this.#report.tables.find((each) => each.name === name);
  }

  inserted(number: number): ReadonlySet<string> {
    return idsOf(this.#table(number)?.inserted ?? []);
  }

  deleted(number: number): ReadonlySet<string> {
    return idsOf(this.#table(number)?.deleted ?? []);
  }

  touched(number: number): ReadonlySet<string> {
    return new Set([
      ...this.inserted(number),
      ...idsOf((this.#table(number)?.updated ?? []).map(({ row }) => row)),
    ]);
  }
}

function idsOf(rows: readonly RowIdentity[]): ReadonlySet<string> {
  return new Set(rows.map(({ id }) => id!));
}

export interface Cycle {
  /** Before the apply, behind the writes after it, behind the rollback. */
  readonly before: State;
  readonly written: State;
  readonly writes: FillReport;
  readonly effects: Effects;
}

/** After the rollback: what was there before, with what was written since. */
export function judgeRollback(cycle: Cycle, after: State): Judgement {
  const writes = new Writes(cycle.writes, cycle.written.schema);
  return judge(after, cycle.before.schema.tables, (table, expect) => {
    const [before, written] = [rowsOf(cycle.before, table.number), rowsOf(cycle.written, table.number)];
    for (const [id, was] of before ?? []) {
      const isGone = writes.deleted(table.number).has(id) || writes.inserted(table.number).has(id);
      if (isGone || hangsOnMissing(cycle, table, was, [after])) {
        continue;
      }
      const is = written?.get(id);
      const isTouched = writes.touched(table.number).has(id);
      for (const [column, value] of was) {
        const isRewritten = cycle.effects.rewritten.has(column);
        if (is === undefined || !is.has(column) || (isRewritten && !isTouched)) {
          expect(id, column, value);
        } else if (!isRewritten) {
          expect(id, column, is.get(column)!);
        } else {
          expect(id, column, undefined);
        }
      }
    }
    for (const id of writes.inserted(table.number)) {
      for (const [column, value] of written?.get(id) ?? []) {
        const isThere = table.columns.some(({ number }) => number === column);
        expect(id, isThere ? column : undefined, cycle.effects.rewritten.has(column) ? undefined : value);
      }
    }
  });
}

/** After the next apply: what was written behind the first one, with what was written behind the rollback. */
export function judgeReapply(
  cycle: Cycle,
  between: State,
  betweenWrites: FillReport,
  after: State,
): Judgement {
  const first = new Writes(cycle.writes, cycle.written.schema);
  const second = new Writes(betweenWrites, between.schema);
  return judge(after, cycle.written.schema.tables, (table, expect) => {
    const [written, since] = [rowsOf(cycle.written, table.number), rowsOf(between, table.number)];
    const isTouched = (id: string): boolean =>
      second.touched(table.number).has(id) || first.touched(table.number).has(id);
    for (const [id, was] of written ?? []) {
      const isGone = second.deleted(table.number).has(id) || second.inserted(table.number).has(id);
      if (isGone || hangsOnMissing(cycle, table, was, [between, after])) {
        continue;
      }
      // A row that the second apply deletes as the first would have done is not lost.
      if (cycle.effects.rowsChanged.has(table.number) && isTouched(id)) {
        continue;
      }
      const is = since?.get(id);
      for (const [column, value] of was) {
        if (is === undefined || !is.has(column)) {
          expect(id, column, cycle.effects.rewritten.has(column) && isTouched(id) ? undefined : value);
        } else if (!cycle.effects.rewritten.has(column)) {
          expect(id, column, is.get(column)!);
        } else {
          expect(id, column, isTouched(id) ? undefined : value);
        }
      }
    }
    for (const id of second.inserted(table.number)) {
      if (since !== undefined && !cycle.effects.rowsChanged.has(table.number)) {
        for (const [column, value] of since.get(id) ?? []) {
          const isThere = table.columns.some(({ number }) => number === column);
          expect(id, isThere ? column : undefined, cycle.effects.rewritten.has(column) ? undefined : value);
        }
      }
    }
  });
}

/**
 * A row cannot come back without the one that it refers to: the application has deleted that, or it fell to a delete
 * of the migration that it was not there for at first.
 */
function hangsOnMissing({ effects }: Cycle, table: Table, row: Row, states: readonly State[]): boolean {
  return table.columns.some(({ number }) => {
    const references = effects.references.get(number);
    const parent = row.get(number);
    return (
      references !== undefined &&
      typeof parent === 'string' &&
      states.some((state) => rowsOf(state, references)?.has(parent) === false)
    );
  });
}

type Expect = (id: string, column: number | undefined, value: string | null | undefined) => void;

function judge(
  after: State,
  tables: readonly Table[],
  tell: (table: Table, expect: Expect) => void,
): Judgement {
  const losses = new Map<string, number>();
  let cells = 0;
  for (const table of tables.filter(({ hasKey }) => hasKey)) {
    const rows = rowsOf(after, table.number);
    tell(table, (id, column, value) => {
      const row = rows?.get(id);
      const name = table.columns.find(({ number }) => number === column)?.name;
      if (row === undefined) {
        losses.set(`row ${id} of ${table.name} is gone`, table.number);
      } else if (column !== undefined && value !== undefined) {
        cells += 1;
        if (row.get(column) !== value) {
          losses.set(
            `${name} of row ${id} of ${table.name} is ${row.get(column)} instead of ${value}`,
            table.number,
          );
        }
      }
    });
  }
  return { cells, losses: [...losses].map(([what, table]) => ({ table, what })) };
}
