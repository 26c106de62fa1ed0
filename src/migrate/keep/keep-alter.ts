/** `alter table` that drops columns or changes their types. */
import type { Session } from '../../database/index.js';
import { type CatalogFacts, statementEffects } from '../../sql/index.js';
import type { StatementOutcome } from '../run/context.js';
import type { ScriptStatement } from '../run/script.js';
import type { Copy } from './copied-rows.js';
import { endFollowing, type FollowedRows, startFollowing } from './follow-types.js';
import type { Intent } from './intents.js';
import { keepColumns } from './keep-columns.js';
import type { KeepScope } from './keep-scope.js';
import { keepSequence } from './keep-sequence.js';
import { nameOf } from './layout.js';
import { computesTypes, computesValues } from './opposite.js';
import { asKeeper } from './own-settings.js';
import { readTables, readTablesBelow, resolveNames, type TableFacts } from './table-facts.js';
import { endCopy, startCopy } from './whole.js';

export type AlterIntent = Extract<Intent, { readonly kind: 'alter' }>;

export async function aroundAlter(
  session: Session,
  scope: KeepScope,
  statement: ScriptStatement,
  intent: AlterIntent,
  send: () => Promise<StatementOutcome[]>,
): Promise<StatementOutcome[]> {
  const [oid] = await resolveNames(session, [intent.table]);
  if (oid === undefined) {
    return send();
  }
  const copies: Copy[] = [];
  const followed: FollowedRows[] = [];
  const isFull = intent.retyped.length > 0 && (await computesValues(scope.oppositeText, intent.retyped));
  await asKeeper(session, async () => {
    const tables = intent.withDescendants
      ? await readTablesBelow(session, [oid])
      : await readTables(session, [oid]);
    const real = tables.filter(({ kind, isNew, isTemporary }) => kind === 'r' && !isNew && !isTemporary);
    if (real.length > 0) {
      await session.run(
        `lock table ${real.map((table) => `only ${nameOf(table)}`).join(', ')} in access exclusive mode`,
      );
    }
    for (const table of real) {
      const names = isFull
        ? intent.retyped
        : riskyTypeChanges(statement, intent, table, session.server.versionNumber);
      const added = scope.names.added(table);
      const stored = table.columns.filter(({ isGenerated, name }) => !isGenerated && !added.includes(name));
      const risky = numbersOf({ columns: stored }, names);
      if (risky.size > 0) {
        copies.push(await startCopy(session, scope, statement.index, table, { numbers: risky, isFull }));
      }
      const computed = computesTypes(statement) ? numbersOf(table, intent.retyped) : [];
      followed.push(...(await startFollowing(session, scope, table, [...computed])));
    }
    for (const table of tables) {
      const lost = numbersOf(table, intent.dropped);
      await keepColumns(session, scope, statement.index, table, lost);
      const isOwn = table.isNew || table.isTemporary;
      const unnumbered = isOwn ? new Set() : numbersOf(table, [...intent.dropped, ...intent.unnumbered]);
      for (const sequence of table.sequences.filter(({ column }) => unnumbered.has(column))) {
        await keepSequence(session, scope, statement.index, sequence, table);
      }
    }
  });
  const outcomes = await send();
  if (copies.length + followed.length > 0) {
    await asKeeper(session, async () => {
      await endFollowing(session, followed);
      for (const copy of copies) {
        await endCopy(session, scope, copy);
      }
    });
  }
  return outcomes;
}

/** The columns whose values may change with their type, by the types that they have now. */
function riskyTypeChanges(
  { outcome }: ScriptStatement,
  { retyped }: AlterIntent,
  { schema, name, columns }: TableFacts,
  serverVersion: number,
): readonly string[] {
  if (retyped.length === 0 || outcome.kind !== 'parsed') {
    return [];
  }
  const facts: CatalogFacts = {
    serverVersion,
    relation: () => ({ schema, name, kind: 'table', columns }),
  };
  return statementEffects(outcome.node, facts)
    .destroys.filter(({ by }) => by === 'type change')
    .flatMap((loss) => loss.columns ?? []);
}

function numbersOf({ columns }: Pick<TableFacts, 'columns'>, names: readonly string[]): ReadonlySet<number> {
  return new Set(columns.filter(({ name }) => names.includes(name)).map(({ number }) => number));
}
