/** Asks the server which rows meet the conditions: its answer is exact, whatever the conditions call. */
import type { Session } from '../../../database/index.js';
import { quoteIdentifier, quoteLiteral } from '../../../sql/index.js';
import { runBatch } from '../batch.js';
import type { Types } from '../type-facts.js';
import type { Component } from './components.js';
import type { FillTable, Leaf, RowCondition } from './fill-table.js';
import type { Row } from './row.js';

/** Rows of one component for one partition. */
export interface Question {
  readonly fill: FillTable;
  readonly component: Component;
  readonly leaf: Leaf;
  readonly candidates: readonly Row[];
}

/** For each candidate the conditions that do not hold. */
export type Verdicts = readonly (readonly RowCondition[])[];

/** Answers all questions in one round trip, as long as no condition raises an error. */
export async function verify(
  session: Session,
  types: Types,
  questions: readonly Question[],
): Promise<readonly Verdicts[]> {
  const answers = await runBatch(
    session,
    questions.map((question) => questionSql(types, question)),
  );
  const verdicts: Verdicts[] = [];
  for (const [index, answer] of answers.entries()) {
    const question = questions[index]!;
    verdicts.push(
      answer.kind === 'done' ? verdictsOf(question, answer.value) : await inHalves(session, types, question),
    );
  }
  return verdicts;
}

/** A condition that raises an error for some row is asked about fewer, down to the one that it refuses. */
async function inHalves(session: Session, types: Types, question: Question): Promise<Verdicts> {
  const { candidates } = question;
  if (candidates.length === 1) {
    return [conditionsOf(question)];
  }
  const middle = Math.ceil(candidates.length / 2);
  const halves = [candidates.slice(0, middle), candidates.slice(middle)];
  const verdicts = await verify(
    session,
    types,
    halves.map((half) => ({ ...question, candidates: half })),
  );
  return verdicts.flat();
}

/** The conditions that bind the rows: the table's and those of the partition. */
export function conditionsOf({
  fill,
  component,
  leaf,
}: Omit<Question, 'candidates'>): readonly RowCondition[] {
  return component.conditions.filter(
    (condition) => fill.conditions.includes(condition) || leaf.conditions.includes(condition),
  );
}

function verdictsOf(question: Question, answer: string | undefined): Verdicts {
  const conditions = conditionsOf(question);
  const failed = JSON.parse(answer ?? '[]') as readonly (readonly number[])[];
  return failed.map((places) => places.map((place) => conditions[place]!));
}

const NUMBER = quoteIdentifier('number of the candidate, which no column is called');

function questionSql(types: Types, question: Question): string {
  const cases = conditionsOf(question).map(
    ({ expression }, place) => `case when (${expression}) is false then ${place} end`,
  );
  return candidatesSql(types, question, `array_remove(array[${cases.join(', ')}]::integer[], null)`);
}

/** A query for an expression over each candidate, as a JSON array in their order. */
export function candidatesSql(types: Types, question: Question, expression: string): string {
  const { fill, component, candidates } = question;
  const columns = [NUMBER, ...component.columns.map(quoteIdentifier)].join(', ');
  const rows = candidates.map((row, number) => {
    const cells = component.columns.map((column) => typedCell(types, fill, column, row.get(column) ?? null));
    return `(${[number, ...cells].join(', ')})`;
  });
  const generated = fill.generated
    .filter(({ name }) => conditionsOf(question).some((condition) => condition.columns.includes(name)))
    .map(({ name, generated }) => `, (${generated!.expression}) as ${quoteIdentifier(name)}`);
  return `select json_agg(${expression} order by ${NUMBER})::text
    from (select *${generated.join('')} from (values ${rows.join(', ')}) as t (${columns})) as ${quoteIdentifier(fill.table.name)}`;
}

/** The cell with its column's type; domains as what is under them, so that their conditions can be asked about. */
function typedCell(types: Types, fill: FillTable, column: string, cell: string | null): string {
  let type = fill.columnsByName.get(column)!.type;
  for (let facts = types.get(type); facts?.kind === 'domain'; facts = types.get(type)) {
    type = facts.of!;
  }
  return `${cell === null ? 'null' : quoteLiteral(cell)}::${type}`;
}
