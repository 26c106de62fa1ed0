/** A failure of the engine as the reason why a migration is not proven. */
import { isPlinthError } from '../core/index.js';
import { failureOf, sqlstateOf } from '../database/index.js';
import type { ProofReason, ReasonKind } from './proof.js';

const STEP: Readonly<Partial<Record<ReasonKind, string>>> = {
  'up-fails': 'The up does not run',
  'down-fails': 'The down does not run',
  'reapply-fails': 'The up does not run a second time',
};

export function failureReason(kind: ReasonKind, failure: unknown): ProofReason {
  return { kind, breaks: true, message: `${STEP[kind] ?? 'It fails'}: ${saying(failure)}` };
}

/** What the server said, in its own words; else what the engine did. */
export function saying(failure: unknown): string {
  const server = isPlinthError(failure) ? failure.cause : failure;
  const sqlstate = sqlstateOf(server) ?? sqlstateOf((server as Error | undefined)?.cause);
  const inner = isPlinthError(server) ? server.cause : server;
  const said = sqlstate === undefined ? undefined : failureOf(inner).message;
  const message = said ?? (failure instanceof Error ? failure.message : String(failure));
  return sqlstate === undefined ? message : `${message} (SQLSTATE ${sqlstate})`;
}
