/** Code that a statement runs without showing it: `do`, `call`, `execute`, functions, and what the parser does not know. */
import type { Session } from '../../database/index.js';
import { MIGRATE_ERRORS } from '../errors.js';
import type { StatementOutcome } from '../run/context.js';
import type { ScriptStatement } from '../run/script.js';
import type { KeepTarget } from './directives.js';
import { runGuarded } from './guard.js';
import { guardPlan } from './guard-plan.js';
import { type Intent, SETVAL } from './intents.js';
import type { KeepScope } from './keep-scope.js';
import { dataNotKept } from './refuse.js';
import { readTablesBelow, resolveNames } from './table-facts.js';

export async function aroundOpaque(
  session: Session,
  scope: KeepScope,
  statement: ScriptStatement,
  { functions }: Extract<Intent, { readonly kind: 'opaque' }>,
  targets: readonly KeepTarget[],
  send: () => Promise<StatementOutcome[]>,
): Promise<StatementOutcome[]> {
  if (targets.length === 0 && functions && !(await mayWrite(session, functions))) {
    return send();
  }
  const copied = await copiesOf(session, scope, statement, targets);
  const plan = guardPlan({ copied, watchesCatalogue: true });
  return runGuarded(session, scope, statement, plan, send, (tables) =>
    dataNotKept(scope, statement, tables, 'the code does something else each time that it runs'),
  );
}

/** What the script's `keep` lines name. */
async function copiesOf(
  session: Session,
  scope: KeepScope,
  statement: ScriptStatement,
  targets: readonly KeepTarget[],
): Promise<Map<number, ReadonlySet<number> | undefined>> {
  const copies = new Map<number, ReadonlySet<number> | undefined>();
  for (const { readings } of targets) {
    const oids = await resolveNames(
      session,
      readings.map(({ table }) => table),
    );
    const index = oids.findIndex((oid) => oid !== undefined);
    const { table, column } = readings[Math.max(index, 0)]!;
    const below = await readTablesBelow(session, oids[index] === undefined ? [] : [oids[index]]);
    if (below.length === 0) {
      const { start, end } = statement;
      throw MIGRATE_ERRORS.SCRIPT_INVALID({
        message: `Cannot run ${scope.source.file}: there is no table ${table.name} to keep`,
        source: { ...scope.source, start, end },
      });
    }
    for (const { oid, columns } of below) {
      const numbers = columns.filter(({ name }) => name === column).map(({ number }) => number);
      const before = copies.get(oid);
      copies.set(oid, column === undefined ? undefined : new Set([...(before ?? []), ...numbers]));
    }
  }
  return copies;
}

/** Whether one of the functions is the application's, and may write, or sets a sequence. */
async function mayWrite(session: Session, functions: readonly (readonly string[])[]): Promise<boolean> {
  if (functions.some((parts) => parts.at(-1) === SETVAL)) {
    return true;
  }
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
