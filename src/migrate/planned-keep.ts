/**
 * What a run will keep of that which a statement destroys, told before it runs. Sizes are the catalogue's estimates;
 * times follow from them at the rates measured in docs/benchmarks.md, a slow machine's halved.
 */
import type { SizedCatalogFacts } from '../catalog/index.js';
import type { Destruction } from '../sql/index.js';

/** What is kept of one relation. */
export interface PlannedKeep {
  /**
   * `moved`: the table itself, in no time; `copied`: with the keys; `captured`: the rows that the statement writes, by
   * triggers that keep other writers out until the commit; `noted`: a sequence's position; `watched`: what code turns
   * out to destroy; `nothing`: the script says so.
   */
  readonly how: 'moved' | 'copied' | 'captured' | 'noted' | 'watched' | 'nothing';
  /** `schema.table`; empty where it is not known beforehand. */
  readonly relation: string;
  readonly columns?: readonly string[];
  /** Rows, at most, by the server's estimate. */
  readonly rows?: number | undefined;
  /** Bytes, at most: of columns, their share of the table by number. */
  readonly bytes?: number | undefined;
  /** How long keeping takes, at most, by rows and bytes. */
  readonly durationMs?: number | undefined;
  readonly reason?: string;
}

/** Rows and bytes that are copied in a second. */
const ROWS_PER_SECOND = 500_000;
const BYTES_PER_SECOND = 50 * 1024 * 1024;

export function plannedKeeps(
  destroys: readonly Destruction[],
  isOpaque: boolean,
  facts: SizedCatalogFacts,
  off: string | undefined,
): PlannedKeep[] {
  if (off !== undefined) {
    return destroys.length > 0 || isOpaque ? [{ how: 'nothing', relation: '', reason: off }] : [];
  }
  const keeps = destroys.flatMap((loss): PlannedKeep[] => {
    const how = HOW[loss.kind]?.(loss);
    if (how === undefined) {
      return [];
    }
    const relation = [loss.relation.schema, loss.relation.name].filter(Boolean).join('.');
    const columns = loss.columns ? { columns: loss.columns } : {};
    return how === 'moved' || how === 'noted'
      ? [{ how, relation }]
      : [{ how, relation, ...columns, ...sizeOf(loss, facts) }];
  });
  return isOpaque ? [...keeps, { how: 'watched', relation: '' }] : keeps;
}

const HOW: Readonly<Partial<Record<Destruction['kind'], (loss: Destruction) => PlannedKeep['how']>>> = {
  table: () => 'moved',
  column: () => 'copied',
  rows: ({ by }) => (by === 'truncate' ? 'copied' : 'captured'),
  values: ({ by }) => (by === 'type change' ? 'copied' : 'captured'),
  sequence: () => 'noted',
  'sequence position': () => 'noted',
};

function sizeOf(
  { relation, columns }: Destruction,
  facts: SizedCatalogFacts,
): Pick<PlannedKeep, 'rows' | 'bytes' | 'durationMs'> {
  const size = facts.sizeOf(relation);
  if (size === undefined) {
    return {};
  }
  const all = facts.relation(relation)?.columns?.length ?? 0;
  // The key is copied too.
  const share = columns === undefined || all === 0 ? 1 : Math.min(1, (columns.length + 1) / all);
  const bytes = Math.round(size.bytes * share);
  const seconds = Math.max((size.rows ?? 0) / ROWS_PER_SECOND, bytes / BYTES_PER_SECOND);
  return { rows: size.rows, bytes, durationMs: Math.round(seconds * 1000) };
}
