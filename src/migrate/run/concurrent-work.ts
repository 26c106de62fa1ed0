import { bodyOf, type NodeBody, namesOf, qualifiedName, type SqlStatement } from '../../sql/index.js';

/** Work that PostgreSQL does in several transactions, so that a crash can leave it half-done. Names are quoted. */
export type ConcurrentWork =
  | { readonly kind: 'create-index'; readonly index: string | undefined; readonly table: string }
  | { readonly kind: 'drop-index'; readonly index: string }
  | {
      readonly kind: 'reindex';
      readonly of: 'index' | 'table' | 'schema' | 'database';
      readonly name: string;
    }
  | { readonly kind: 'detach-partition'; readonly table: string; readonly partition: string };

/**
 * What a statement does concurrently, if it does. `index` of a build and the schema of a reindex are bare names,
 * not quoted.
 */
export function concurrentWork({ outcome }: SqlStatement): ConcurrentWork | undefined {
  if (outcome.kind === 'unparsed') {
    return undefined;
  }
  const { node } = outcome;
  const index = bodyOf(node, 'IndexStmt');
  if (index?.concurrent) {
    return { kind: 'create-index', index: index.idxname, table: relationName(index.relation) };
  }
  const drop = bodyOf(node, 'DropStmt');
  if (drop?.concurrent) {
    return { kind: 'drop-index', index: qualifiedName(...namesOf(bodyOf(drop.objects?.[0], 'List')?.items)) };
  }
  const reindex = bodyOf(node, 'ReindexStmt');
  if (reindex) {
    return isConcurrent(reindex) ? { kind: 'reindex', ...reindexed(reindex) } : undefined;
  }
  const alter = bodyOf(node, 'AlterTableStmt');
  const command = bodyOf(alter?.cmds?.[0], 'AlterTableCmd');
  const partition = bodyOf(command?.def, 'PartitionCmd');
  return command?.subtype === 'AT_DetachPartition' && partition?.concurrent
    ? {
        kind: 'detach-partition',
        table: relationName(alter?.relation),
        partition: relationName(partition.name),
      }
    : undefined;
}

/** The parser writes both `reindex table concurrently` and `reindex (concurrently)` as an option. */
function isConcurrent({ params }: NodeBody<'ReindexStmt'>): boolean {
  const option = params
    ?.map((node) => bodyOf(node, 'DefElem'))
    .find((element) => element?.defname === 'concurrently');
  const value = bodyOf(option?.arg, 'String')?.sval ?? 'on';
  return option !== undefined && !['off', 'false', '0', 'no'].includes(value.toLowerCase());
}

function reindexed({ kind, relation, name }: NodeBody<'ReindexStmt'>): {
  readonly of: 'index' | 'table' | 'schema' | 'database';
  readonly name: string;
} {
  switch (kind) {
    case 'REINDEX_OBJECT_INDEX':
      return { of: 'index', name: relationName(relation) };
    case 'REINDEX_OBJECT_TABLE':
      return { of: 'table', name: relationName(relation) };
    case 'REINDEX_OBJECT_SCHEMA':
      return { of: 'schema', name: name ?? '' };
    default:
      return { of: 'database', name: '' };
  }
}

function relationName(
  relation: { readonly schemaname?: string; readonly relname?: string } | undefined,
): string {
  return qualifiedName(relation?.schemaname, relation?.relname);
}
