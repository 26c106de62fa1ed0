/** A script, taken apart: every statement where it stands, with its class and its parse tree. */
import { type Classification, classifyStatement } from './classify.js';
import { type ParseOutcome, parseStatement } from './parse.js';
import { classifyPlainForm } from './plain-forms.js';
import { type StatementText, splitStatements } from './split.js';

/** A statement of a script with all that its text alone tells. */
export interface SqlStatement extends StatementText {
  readonly outcome: ParseOutcome;
  readonly classification: Classification;
}

/**
 * Splits and classifies. What cannot be parsed is `unparsed`, never an error; what needs no parse tree to be
 * classified is parsed when its `outcome` is asked for.
 * @throws SQL_PARSER_NOT_LOADED when `loadParser` has not finished
 */
export function analyzeScript(text: string): readonly SqlStatement[] {
  return splitStatements(text).map(analyzed);
}

function analyzed(statement: StatementText): SqlStatement {
  const { text } = statement;
  let parsed: ParseOutcome | undefined;
  const outcome = (): ParseOutcome => {
    parsed ??= outcomeOf(statement);
    return parsed;
  };
  return {
    ...statement,
    get outcome() {
      return outcome();
    },
    classification: classifyPlainForm(text) ?? classifyStatement(text, outcome()),
  };
}

function outcomeOf(statement: StatementText): ParseOutcome {
  return statement.kind === 'meta-command'
    ? { kind: 'unparsed', message: 'it is a command for psql, which no server can run', position: 0 }
    : parseStatement(statement.text);
}
