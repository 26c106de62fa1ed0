/** Code that a statement runs without showing it: `do`, `call`, `execute`, functions, and what the parser does not know. */
import type { Session } from '../../database/index.js';
import type { StatementOutcome } from '../run/context.js';
import type { ScriptStatement } from '../run/script.js';
import { runGuarded } from './guard.js';
import type { Intent } from './intents.js';
import type { KeepScope } from './keep-scope.js';
import { dataNotKept } from './refuse.js';

export async function aroundOpaque(
  session: Session,
  scope: KeepScope,
  statement: ScriptStatement,
  { functions }: Extract<Intent, { readonly kind: 'opaque' }>,
  send: () => Promise<StatementOutcome[]>,
): Promise<StatementOutcome[]> {
  if (functions && !(await mayWrite(session, functions))) {
    return send();
  }
  const plan = {
    captured: new Set<number>(),
    copied: new Map(),
    noted: new Set<number>(),
    unkept: new Map(),
    watchesCatalogue: true,
  };
  return runGuarded(session, scope, statement, plan, send, (tables) =>
    dataNotKept(scope, statement, tables, 'the code does something else each time that it runs'),
  );
}

/** Whether one of the functions is the application's, and may write. */
async function mayWrite(session: Session, functions: readonly (readonly string[])[]): Promise<boolean> {
  const found = await session.query(
    `select
       from pg_catalog.pg_proc as p
      where p.proname = any ($1::text[])
        and p.provolatile = 'v'
        and p.pronamespace <> 'pg_catalog'::pg_catalog.regnamespace
      limit 1`,
    [functions.map((parts) => parts.at(-1))],
  );
  return found.length > 0;
}
