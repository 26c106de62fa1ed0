/**
 * Runs many statements of one transaction in few round trips: each stands in a savepoint of its own, so that a
 * refused one is undone and the rest goes on.
 */
import { isPlinthError } from '../../core/index.js';
import { DATABASE_ERRORS, type Session } from '../../database/index.js';

/** What one statement of a batch answered: the first value of its last row, or the server's refusal. */
export type BatchAnswer =
  | { readonly kind: 'done'; readonly value: string | undefined }
  | { readonly kind: 'refused'; readonly error: Refusal };

/** What the server says about a statement that it refuses. */
export interface Refusal {
  readonly message: string;
  readonly sqlstate: string | undefined;
  readonly schema: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly constraint: string | undefined;
}

const SAVEPOINT = 'plinth_fill';

/**
 * Runs the statements in order, inside the caller's transaction.
 * @param onRefused called before the statements after a refused one run; it may run statements itself
 */
export async function runBatch(
  session: Session,
  statements: readonly string[],
  onRefused: (index: number, error: Refusal) => Promise<void> = async () => {},
): Promise<readonly BatchAnswer[]> {
  const answers: BatchAnswer[] = [];
  while (answers.length < statements.length) {
    const first = answers.length;
    try {
      await session.run(inSavepoints(statements.slice(first)), (index, value) => {
        // Three statements each: savepoint, the statement itself, release.
        if (index % 3 === 1) {
          answers[first + Math.floor(index / 3)] = { kind: 'done', value };
        }
      });
    } catch (error) {
      const refusal = refusalOf(error);
      await session.run(`rollback to savepoint ${SAVEPOINT}; release savepoint ${SAVEPOINT}`);
      const index = answers.length;
      answers.push({ kind: 'refused', error: refusal });
      await onRefused(index, refusal);
    }
  }
  return answers;
}

/** One statement, in a savepoint. */
export async function runOne(session: Session, statement: string): Promise<BatchAnswer> {
  const [answer] = await runBatch(session, [statement]);
  return answer!;
}

function inSavepoints(statements: readonly string[]): string {
  return statements
    .map((statement) => `savepoint ${SAVEPOINT};\n${statement};\nrelease savepoint ${SAVEPOINT}`)
    .join(';\n');
}

function refusalOf(error: unknown): Refusal {
  if (!isPlinthError(error, DATABASE_ERRORS.STATEMENT_FAILED.code)) {
    throw error;
  }
  const details = error.details as Partial<Refusal>;
  return {
    message: details.message ?? error.message,
    sqlstate: details.sqlstate,
    schema: details.schema,
    table: details.table,
    column: details.column,
    constraint: details.constraint,
  };
}
