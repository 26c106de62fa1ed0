import type { Session } from '../../src/database/index.js';
import { type EverydayQuery, pickOrganization } from './everyday-queries.js';

/** How the server reads for a query. */
export interface QueryPlan {
  readonly indexes: readonly string[];
  /** Tables that are read whole. */
  readonly seqScans: readonly string[];
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** Tables of a page or two, of which reading everything is the quickest way to find a row. */
const TINY_TABLES = ['models'];

export async function planOf(
  session: Session,
  query: EverydayQuery,
  organizations: number,
): Promise<QueryPlan> {
  const [row] = await session.query<{ 'QUERY PLAN': readonly [{ readonly Plan: PlanNode }] }>(
    `explain (format json) ${query.sql}`,
    query.values(pickOrganization(organizations)),
  );
  const nodes = nodesOf(row!['QUERY PLAN'][0].Plan);
  return {
    indexes: unique(nodes.flatMap((node) => node['Index Name'] ?? [])),
    seqScans: unique(
      nodes
        .filter((node) => node['Node Type'] === 'Seq Scan')
        .flatMap((node) => node['Relation Name'] ?? [])
        .filter((table) => !TINY_TABLES.includes(table)),
    ),
  };
}

/** Sequential scans of each large table since the statistics began. They are complete once all sessions ended. */
export async function seqScanCounts(session: Session): Promise<ReadonlyMap<string, number>> {
  const rows = await session.query<{ relname: string; seq_scan: bigint }>(
    `select relname, seq_scan
     from pg_stat_user_tables
     where schemaname = 'platform' and relname <> all ($1)`,
    [TINY_TABLES],
  );
  return new Map(rows.map((row) => [row.relname, Number(row.seq_scan)]));
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
