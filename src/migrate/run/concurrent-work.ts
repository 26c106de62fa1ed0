import { bodyOf, namesOf, qualifiedName, type SqlStatement } from '../../sql/index.js';

/** Work that PostgreSQL does in several transactions, so that a crash can leave it half-done. Names are quoted. */
export type ConcurrentWork =
  | { readonly kind: 'create-index'; readonly index: string | undefined; readonly table: string }
  | { readonly kind: 'drop-index'; readonly index: string }
  | { readonly kind: 'reindex' }
  | { readonly kind: 'detach-partition'; readonly table: string; readonly partition: string };

/** What a statement does concurrently, if it does. `index` of a build is the bare name, not quoted. */
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
  if (bodyOf(node, 'ReindexStmt')) {
    return { kind: 'reindex' };
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

function relationName(
  relation: { readonly schemaname?: string; readonly relname?: string } | undefined,
): string {
  return qualifiedName(relation?.schemaname, relation?.relname);
}
