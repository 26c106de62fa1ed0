import type { Session } from '../../database/index.js';
import type { ForeignKey, SchemaModel } from '../../schema/index.js';
import { type Refusal, runBatch } from './batch.js';
import type { FillOptions } from './fill-options.js';
import { type FillGroup, fillLevels } from './fill-order.js';
import type { Obstacle } from './fill-report.js';
import { findValues } from './found-values.js';
import { readKnownRows, takeNumbers } from './known-rows.js';
import { obstacleOfRefusal, turnedAway } from './obstacle.js';
import { filled, type Outcome, unfilled } from './outcome.js';
import type { FillCatalogue } from './read-catalogue.js';
import { type ColumnValues, findColumnValues } from './rows/column-pools.js';
import { type FillTable, fillTablesOf, tableKey } from './rows/fill-table.js';
import { type PlanContext, type PlannedTable, planRows } from './rows/plan-rows.js';
import type { Cell, Row } from './rows/row.js';
import type { ValueSource } from './rows/satisfy.js';
import { type Referrer, touchesOf } from './touch-rows.js';
import { valuesOfTypes } from './values/values-of.js';
import { identitiesOf, insertStatements, mergedAnswers } from './write-rows.js';

/** One run: what is known of the tables' rows while they are filled. */
export class Filling {
  readonly #session: Session;
  readonly #catalogue: FillCatalogue;
  readonly #seed: number;
  readonly #rowsPerTable: number;
  readonly #path: string;
  readonly #touchRows: boolean;
  /** The tables to fill, and with them those that they refer to. */
  readonly #fills: readonly FillTable[];
  readonly #looked: readonly FillTable[];
  readonly #roots: ReadonlyMap<string, string>;
  /** Rows that are in the table, as far as they are looked at, and rows that are meant to be. */
  readonly #settled = new Map<string, readonly Row[]>();
  readonly #planned = new Map<string, readonly Row[]>();
  readonly #existing = new Map<string, number>();
  readonly #given = new Map<string, ReadonlyMap<string, readonly string[]>>();
  readonly #outcomes = new Map<string, Outcome>();
  #source: ValueSource;
  #columnValues: ColumnValues | undefined;

  constructor(session: Session, catalogue: FillCatalogue, options: FillOptions, path: string) {
    const { includes = () => true } = options;
    this.#session = session;
    this.#catalogue = catalogue;
    this.#seed = options.seed ?? 1;
    this.#rowsPerTable = options.rowsPerTable ?? 6;
    this.#path = path;
    this.#touchRows = options.touchRows ?? false;
    this.#roots = rootsOf(catalogue.model);
    const all = fillTablesOf(catalogue.model, catalogue.types, catalogue.partitions);
    this.#fills = all.filter(({ table }) => includes(table));
    const keys = this.#withReferenced(this.#fills);
    this.#looked = all.filter(({ key }) => keys.has(key));
    this.#source = { types: catalogue.types, valuesOf: () => undefined };
  }

  async fill(): Promise<readonly Outcome[]> {
    const used = this.#fills.flatMap(({ columns }) => columns.map(({ type }) => type));
    const found = await findValues(this.#session, this.#catalogue.types, this.#seed, used);
    this.#source = { types: this.#catalogue.types, valuesOf: valuesOfTypes(this.#catalogue.types, found) };
    this.#columnValues = await findColumnValues(this.#session, this.#source, this.#seed, this.#fills);
    await this.#lookAtRows();
    const levels = fillLevels(this.#fills, (key) => this.#roots.get(key) ?? key);
    const planned: PlannedTable[][] = [];
    for (const level of levels) {
      this.#giveKeys(level);
      planned.push(...groupedBy(level, await planRows(this.#context(0), level.flat())));
      for (const { fill, rows } of planned.flat()) {
        this.#planned.set(fill.key, rows);
      }
    }
    await this.#setPath(this.#path);
    const existing = new Map(this.#settled);
    await this.#insert(planned);
    if (this.#touchRows) {
      await this.#touch(existing, planned.flat());
    }
    return this.#fills.map(({ key }) => this.#outcomes.get(key)!);
  }

  /** The catalogue's expressions are meant for an empty path, triggers for the session's own. */
  async #setPath(path: string): Promise<void> {
    await this.#session.query("select set_config('search_path', $1, true)", [path]);
  }

  async #lookAtRows(): Promise<void> {
    const rows = await readKnownRows(this.#session, this.#looked);
    for (const [index, fill] of this.#looked.entries()) {
      this.#settled.set(fill.key, rows[index]!);
      this.#existing.set(fill.key, rows[index]!.length);
    }
    const numbers = await takeNumbers(this.#session, this.#fills, (fill) => this.#rowCount(fill));
    for (const [key, columns] of numbers) {
      this.#given.set(key, columns);
    }
  }

  #rowCount(fill: FillTable): number {
    return Math.min(Math.max(this.#rowsPerTable, fill.leaves.length), 60);
  }

  /** Fixes the keys that rows of the same statement refer to before the rows are planned. */
  #giveKeys(level: readonly FillGroup[]): void {
    for (const group of level) {
      for (const fill of group) {
        const own = new Set(fill.foreignKeys.flatMap(({ columns }) => columns));
        const bound = new Set(fill.conditions.flatMap(({ columns }) => columns));
        const referenced = group
          .flatMap(({ foreignKeys }) => foreignKeys)
          .filter(({ references }) => this.#rootKey(references) === fill.key)
          .flatMap(({ references }) => references.columns)
          .filter((column) => !own.has(column) && !bound.has(column));
        const given = new Map(this.#given.get(fill.key));
        for (const column of new Set(referenced)) {
          const values = this.#source.valuesOf(fill.columnsByName.get(column)?.type ?? '');
          if (!given.has(column) && values !== undefined) {
            const start = values.size < 1000 ? this.#existing.get(fill.key)! : (this.#seed * 7919) % 900_000;
            given.set(
              column,
              Array.from({ length: this.#rowCount(fill) }, (_, place) =>
                values.nth((start + place) % values.size || place),
              ),
            );
          }
        }
        this.#given.set(fill.key, given);
      }
    }
  }

  #rootKey({ schema, table }: { readonly schema: string; readonly table: string }): string {
    const key = tableKey(schema, table);
    return this.#roots.get(key) ?? key;
  }

  #context(attempt: number): PlanContext {
    return {
      session: this.#session,
      source: this.#source,
      columnValues: this.#columnValues!,
      seed: this.#seed,
      attempt,
      rowsPerTable: this.#rowsPerTable,
      withEdges: attempt === 0,
      known: (table) => this.#settled.get(table) ?? [],
      given: (fill) => this.#given.get(fill.key) ?? new Map(),
      referenced: (_, key) => this.#referenced(key),
    };
  }

  /** Rows that are there or planned, or at least their keys. */
  #referenced({ references }: ForeignKey): readonly Row[] {
    const key = this.#rootKey(references);
    const given = this.#given.get(key);
    const planned = this.#planned.get(key);
    const known = [...(this.#settled.get(key) ?? []), ...(planned ?? [])];
    if (
      planned !== undefined ||
      given === undefined ||
      !references.columns.every((column) => given.has(column))
    ) {
      return known;
    }
    const count = given.get(references.columns[0]!)!.length;
    const keys = Array.from(
      { length: count },
      (_, place) => new Map(references.columns.map((column) => [column, given.get(column)![place]!])),
    );
    return [...known, ...keys];
  }

  async #insert(planned: readonly (readonly PlannedTable[])[]): Promise<void> {
    const groups = planned.filter((group) => {
      for (const { fill, obstacle } of group) {
        if (obstacle) {
          this.#settle(fill, obstacle);
        }
      }
      return group.some(({ rows }) => rows.length > 0);
    });
    const written = groups.map((group) => group.filter(({ rows }) => rows.length > 0));
    const statements = written.flatMap((group) => insertStatements(group).map((sql) => ({ group, sql })));
    const retried = new Set<readonly PlannedTable[]>();
    const answers = await runBatch(
      this.#session,
      statements.map(({ sql }) => sql),
      async (index, error) => {
        const { group } = statements[index]!;
        if (!retried.has(group)) {
          retried.add(group);
          await this.#retry(group, error);
        }
      },
    );
    for (const group of written.filter((each) => !retried.has(each))) {
      const values = statements.flatMap((each, index) => {
        const answer = answers[index]!;
        return each.group === group && answer.kind === 'done' ? [answer.value] : [];
      });
      if (!this.#record(group, mergedAnswers(values), false)) {
        await this.#retry(group, TURNED_AWAY);
      }
    }
  }

  /** False where a table that was empty has taken no row. */
  #record(
    group: readonly PlannedTable[],
    cells: readonly (readonly Cell[])[][],
    withoutTriggers: boolean,
  ): boolean {
    let isEmpty = false;
    for (const [index, { fill }] of group.entries()) {
      const inserted = identitiesOf(fill, cells[index] ?? []);
      if (inserted.length === 0) {
        this.#settle(fill, turnedAway(fill));
        isEmpty ||= this.#existing.get(fill.key) === 0;
      } else {
        this.#outcomes.set(fill.key, filled(fill, this.#existing.get(fill.key)!, inserted, withoutTriggers));
      }
    }
    return !isEmpty;
  }

  async #touch(
    existing: ReadonlyMap<string, readonly Row[]>,
    planned: readonly PlannedTable[],
  ): Promise<void> {
    const touches = planned.flatMap(({ fill, rows }) =>
      touchesOf(fill, existing.get(fill.key) ?? [], rows, this.#referrersOf(fill)),
    );
    const answers = await runBatch(
      this.#session,
      touches.map(({ sql }) => sql),
    );
    for (const [index, { kind, fill, columns }] of touches.entries()) {
      const answer = answers[index]!;
      const cells = answer.kind === 'done' ? (JSON.parse(answer.value ?? '[]') as (string | null)[][]) : [];
      const outcome = this.#outcomes.get(fill.key);
      if (outcome?.kind === 'filled') {
        const rows = identitiesOf(fill, cells);
        const { table } = outcome;
        const touched =
          kind === 'delete'
            ? { deleted: [...table.deleted, ...rows] }
            : { updated: [...table.updated, ...rows.map((row) => ({ row, columns }))] };
        this.#outcomes.set(fill.key, { kind: 'filled', table: { ...table, ...touched } });
      }
    }
  }

  #referrersOf({ key }: FillTable): readonly Referrer[] {
    return this.#catalogue.model.tables.flatMap((table) =>
      table.constraints.flatMap((constraint) =>
        constraint.kind === 'foreign key' && this.#rootKey(constraint.references) === key
          ? [{ table, key: constraint }]
          : [],
      ),
    );
  }

  /** A table that takes no more rows is proven all the same, if it has some. */
  #settle(fill: FillTable, obstacle: Obstacle): void {
    const existing = this.#existing.get(fill.key)!;
    this.#outcomes.set(fill.key, existing > 0 ? filled(fill, existing, [], false) : unfilled(fill, obstacle));
  }

  /** Works on refused tables by themselves: other rows, one row at a time, at last without their triggers. */
  async #retry(group: readonly PlannedTable[], first: Refusal): Promise<void> {
    const fills = group.map(({ fill }) => fill);
    let refusal = first;
    // Other rows do not help where it is not the rows that are refused.
    const attempts = isOfData(first) || first.sqlstate === 'P0001' ? [1, 2, 3, 4] : [3];
    for (const attempt of attempts) {
      const withoutTriggers = attempt >= 3;
      await this.#lookAgain(fills);
      const planned = await this.#plannedAgain(fills, attempt);
      if (planned.some(({ rows }) => rows.length > 0)) {
        const refused = await this.#tryInsert(planned, withoutTriggers);
        if (refused === undefined) {
          return;
        }
        refusal = refused;
      }
    }
    for (const fill of fills) {
      this.#planned.set(fill.key, []);
      this.#settle(fill, obstacleOfRefusal(fill, refusal));
    }
  }

  #withReferenced(fills: readonly FillTable[]): ReadonlySet<string> {
    const references = fills.flatMap(({ foreignKeys }) =>
      foreignKeys.map((key) => this.#rootKey(key.references)),
    );
    return new Set([...fills.map(({ key }) => key), ...references]);
  }

  /** What rows are there of the tables, and of those that they refer to. */
  async #lookAgain(fills: readonly FillTable[]): Promise<void> {
    const keys = new Set([
      ...fills.map(({ key }) => key),
      ...fills.flatMap(({ foreignKeys }) => foreignKeys.map(({ references }) => this.#rootKey(references))),
    ]);
    const looked = this.#fills.filter(({ key }) => keys.has(key));
    const rows = await readKnownRows(this.#session, looked);
    for (const [index, { key }] of looked.entries()) {
      this.#settled.set(key, rows[index]!);
      this.#planned.set(key, []);
    }
    for (const { key } of fills) {
      this.#planned.delete(key);
    }
  }

  async #plannedAgain(fills: readonly FillTable[], attempt: number): Promise<readonly PlannedTable[]> {
    await this.#setPath('');
    try {
      return await planRows(this.#context(attempt), fills);
    } finally {
      await this.#setPath(this.#path);
    }
  }

  /** All rows at once, or as many of them as go one by one; the last refusal where none goes. */
  async #tryInsert(planned: readonly PlannedTable[], withoutTriggers: boolean): Promise<Refusal | undefined> {
    const batches = [
      insertStatements(planned),
      ...(planned.length > 1
        ? []
        : [planned[0]!.rows.flatMap((row) => insertStatements([{ fill: planned[0]!.fill, rows: [row] }]))]),
    ];
    let refusal: Refusal | undefined;
    for (const statements of batches) {
      if (refusal !== undefined && !isOfData(refusal) && withoutTriggers) {
        return refusal;
      }
      const all = await runBatch(
        this.#session,
        withoutTriggers ? [TRIGGERS_OFF, ...statements, TRIGGERS_ON] : statements,
      );
      const answers = withoutTriggers ? all.slice(1, -1) : all;
      const done = answers.flatMap((answer) => (answer.kind === 'done' ? [answer.value] : []));
      refusal = answers.flatMap((answer) => (answer.kind === 'refused' ? [answer.error] : [])).at(-1);
      if (done.length > 0 && this.#record(planned, mergedAnswers(done), withoutTriggers)) {
        return undefined;
      }
      refusal ??= TURNED_AWAY;
    }
    return refusal;
  }
}

/** What is told of rows that vanish without an error: a trigger or a rule does that, or a key. */
const TURNED_AWAY: Refusal = {
  message: 'the rows were turned away without an error',
  sqlstate: undefined,
  schema: undefined,
  table: undefined,
  column: undefined,
  constraint: undefined,
};

/** Data exceptions and integrity violations: other rows may pass. */
function isOfData({ sqlstate }: Refusal): boolean {
  return /^(22|23)/.test(sqlstate ?? '');
}

const TRIGGERS_OFF = 'set local session_replication_role = replica';
const TRIGGERS_ON = 'set local session_replication_role = origin';

function groupedBy(level: readonly FillGroup[], planned: readonly PlannedTable[]): PlannedTable[][] {
  const byFill = new Map(planned.map((each) => [each.fill, each]));
  return level.map((group) => group.map((fill) => byFill.get(fill)!));
}

/** The partitioned table at the top of each partition. */
function rootsOf(model: SchemaModel): ReadonlyMap<string, string> {
  const parents = new Map(
    model.tables.flatMap(({ schema, name, partitionOf }) =>
      partitionOf ? [[tableKey(schema, name), tableKey(partitionOf.schema, partitionOf.name)] as const] : [],
    ),
  );
  const rootOf = (key: string): string => {
    const parent = parents.get(key);
    return parent === undefined ? key : rootOf(parent);
  };
  return new Map([...parents.keys()].map((key) => [key, rootOf(key)]));
}
