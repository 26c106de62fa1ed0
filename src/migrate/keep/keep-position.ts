/** `alter sequence … restart` and `setval`: where the sequence stood is noted before. */
import type { Session } from '../../database/index.js';
import type { StatementOutcome } from '../run/context.js';
import type { ScriptStatement } from '../run/script.js';
import type { Intent } from './intents.js';
import type { KeepScope } from './keep-scope.js';
import { keepSequence } from './keep-sequence.js';
import { asKeeper } from './own-settings.js';
import { readTables, resolveNames } from './table-facts.js';

export async function aroundPosition(
  session: Session,
  scope: KeepScope,
  statement: ScriptStatement,
  intent: Extract<Intent, { readonly kind: 'position' }>,
  send: () => Promise<StatementOutcome[]>,
): Promise<StatementOutcome[]> {
  const oids = (await resolveNames(session, intent.sequences)).flatMap((oid) => oid ?? []);
  await asKeeper(session, async () => {
    for (const sequence of await readTables(session, oids)) {
      if (sequence.kind === 'S' && !sequence.isNew && !sequence.isTemporary) {
        await keepSequence(session, scope, statement.index, sequence, undefined);
      }
    }
  });
  return send();
}
