/** Lets the server compute what conditions say that columns must be: `event_time = uuid_time(event_id)`. */
import type { Session } from '../../../database/index.js';
import { runBatch } from '../batch.js';
import type { ComputedColumn } from '../conditions/branch.js';
import type { Types } from '../type-facts.js';
import type { Cell, Row } from './row.js';
import { candidatesSql, conditionsOf, type Question } from './verify.js';

/** The candidates with computed cells; one round trip where there are any. */
export async function compute(
  session: Session,
  types: Types,
  questions: readonly Question[],
): Promise<readonly (readonly Row[])[]> {
  const computed = questions.map(computedColumns);
  const asked = questions.flatMap((question, index) =>
    (computed[index]!.length > 0 ? [index] : []).map((place) => ({ question, place })),
  );
  const answers = await runBatch(
    session,
    asked.map(({ question, place }) => {
      const expressions = computed[place]!.map(({ expression }) => `(${expression})::text`);
      return candidatesSql(types, question, `array[${expressions.join(', ')}]`);
    }),
  );
  const rows = questions.map(({ candidates }) => candidates);
  for (const [index, { question, place }] of asked.entries()) {
    const answer = answers[index]!;
    if (answer.kind === 'done') {
      const cells = JSON.parse(answer.value ?? '[]') as readonly (readonly Cell[])[];
      rows[place] = question.candidates.map((row, nth) => withComputed(row, computed[place]!, cells[nth]!));
    }
  }
  return rows;
}

function computedColumns(question: Question): readonly ComputedColumn[] {
  const inserted = new Set(question.component.columns);
  const keyed = new Set(question.component.foreignKeys.flatMap(({ columns }) => columns));
  const found = new Map<string, ComputedColumn>();
  for (const { computed } of conditionsOf(question).flatMap(({ branches }) => branches)) {
    for (const each of computed) {
      if (
        inserted.has(each.column) &&
        !keyed.has(each.column) &&
        !found.has(each.column) &&
        !each.sources.some((source) => found.has(source))
      ) {
        found.set(each.column, each);
      }
    }
  }
  return [...found.values()];
}

function withComputed(row: Row, columns: readonly ComputedColumn[], cells: readonly Cell[]): Row {
  const changed = columns.flatMap(({ column }, place) => {
    const isLeftNull = row.get(column) === null && cells[place] !== null;
    return isLeftNull ? [] : [[column, cells[place]!] as const];
  });
  return new Map([...row, ...changed]);
}
