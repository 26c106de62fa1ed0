/** A script, taken apart: every statement where it stands, with its parse tree and its class. */
import { type Classification, classifyStatement } from './classify.js';
import { type ParseOutcome, parseStatement } from './parse.js';
import { type StatementText, splitStatements } from './split.js';

/** A statement of a script with all that its text alone tells. */
export interface SqlStatement extends StatementText {
  readonly outcome: ParseOutcome;
  readonly classification: Classification;
}

/**
 * Splits, parses and classifies. What cannot be parsed is `unparsed`, never an error.
 * @throws SQL_PARSER_NOT_LOADED when `loadParser` has not finished
 */
export function analyzeScript(text: string): readonly SqlStatement[] {
  return splitStatements(text).map((statement) => {
    const outcome = outcomeOf(statement);
    return { ...statement, outcome, classification: classifyStatement(statement.text, outcome) };
  });
}

function outcomeOf(statement: StatementText): ParseOutcome {
  return statement.kind === 'meta-command'
    ? { kind: 'unparsed', message: 'it is a command for psql, which no server can run', position: 0 }
    : parseStatement(statement.text);
}
