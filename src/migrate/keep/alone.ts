/**
 * A statement outside any transaction: nothing can be kept with it in one. What drops a whole database, and procedures
 * that commit and whose code deletes or changes something, are refused unless the script says why that is right.
 */
import type { Session } from '../../database/index.js';
import { bodyOf, lexWithoutComments, namesOf, nodeName } from '../../sql/index.js';
import type { Script, ScriptStatement } from '../run/script.js';
import { keepDirectives } from './directives.js';
import { dataNotKept } from './refuse.js';

/** @throws MIGRATE_DATA_NOT_KEPT */
export async function checkAlone(
  session: Session,
  script: Script,
  statement: ScriptStatement,
): Promise<void> {
  const { off, offBefore } = keepDirectives(script);
  if (off !== undefined || offBefore.has(statement) || statement.outcome.kind !== 'parsed') {
    return;
  }
  const { node } = statement.outcome;
  const refuse = (what: string, why: string): Error =>
    dataNotKept({ source: script }, statement, [what], why);
  const database = bodyOf(node, 'DropdbStmt')?.dbname;
  if (database !== undefined) {
    throw refuse(`the database "${database}"`, 'no transaction can hold the statement');
  }
  for (const { what, code } of await codeOf(session, statement)) {
    const word = destroyingWord(code);
    if (word !== undefined) {
      throw refuse(what, `it commits by itself, and its code has ${word}`);
    }
  }
}

interface Code {
  readonly what: string;
  readonly code: string;
}

async function codeOf(session: Session, { outcome }: ScriptStatement): Promise<readonly Code[]> {
  const node = outcome.kind === 'parsed' ? outcome.node : undefined;
  const name = node && nodeName(node);
  if (name === 'DoStmt') {
    const code = bodyOf(node, 'DoStmt')!
      .args?.map((argument) => bodyOf(bodyOf(argument, 'DefElem')?.arg, 'String')?.sval ?? '')
      .join('\n');
    return [{ what: 'what the block names', code: code ?? '' }];
  }
  if (name === 'CallStmt') {
    const called = namesOf(bodyOf(node, 'CallStmt')?.funccall?.funcname);
    const rows = await session.query<{ code: string }>(
      `select coalesce(pg_catalog.pg_get_function_sqlbody(oid), prosrc) as code
         from pg_catalog.pg_proc
        where proname = $1 and prokind = 'p'`,
      [called.at(-1)],
    );
    return rows.map(({ code }) => ({ what: `what ${called.join('.')} names`, code }));
  }
  return [];
}

const DESTROYING = new Set(['update', 'delete', 'truncate', 'drop', 'merge', 'alter', 'execute']);

function destroyingWord(code: string): string | undefined {
  for (const { kind, start, end } of lexWithoutComments(code)) {
    const word = code.slice(start, end).toLowerCase();
    if (kind === 'word' && DESTROYING.has(word)) {
      return word;
    }
  }
  return undefined;
}
