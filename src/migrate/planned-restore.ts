/** What a run will put back of that which the opposite scripts have kept, told before it runs. */
import type { Session } from '../database/index.js';
import { type KeptEntry, readKeptEntries } from './kept-entries.js';
import type { LedgerScope } from './ledger/ledger.js';

export interface PlannedRestore {
  readonly kind: Extract<KeptEntry['kind'], 'table' | 'column' | 'rows' | 'sequence'>;
  /** `schema.name`, as it was when it was kept. */
  readonly relation: string;
  readonly columns: readonly string[];
  /** Rows kept; for large moved tables the server's estimate. */
  readonly rows: number;
}

/** By version: what scripts of a direction put back, in the order in which it was kept. */
export async function plannedRestores(
  session: Session,
  scope: LedgerScope,
  direction: 'up' | 'down',
): Promise<ReadonlyMap<string, readonly PlannedRestore[]>> {
  const restores = new Map<string, PlannedRestore[]>();
  for (const entry of await readKeptEntries(session, scope)) {
    if (entry.direction !== direction && isPutBack(entry)) {
      const { kind, relation, columns, rows } = entry;
      const one = { kind, relation, columns: kind === 'column' ? columns : [], rows };
      restores.set(entry.version, [...(restores.get(entry.version) ?? []), one]);
    }
  }
  return restores;
}

function isPutBack(entry: KeptEntry): entry is KeptEntry & Pick<PlannedRestore, 'kind'> {
  return entry.kind !== 'copy' && entry.kind !== 'declared';
}
