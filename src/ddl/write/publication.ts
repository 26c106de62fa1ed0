import type { Publication, QualifiedName } from '../../schema/index.js';
import { quoteIdentifier, quoteLiteral } from '../../sql/index.js';
import type { Inventory } from '../inventory.js';
import { lowerKeywords } from './keywords.js';
import { nameOf } from './named.js';

export function createPublication(publication: Publication, inventory: Inventory): string {
  const subjects = [
    ...(publication.allTables ? ['all tables'] : []),
    ...publication.tables.map((table) => `table ${publishedTable(table, inventory)}`),
    ...publication.schemas.map((schema) => `tables in schema ${quoteIdentifier(schema)}`),
  ];
  return [
    `create publication ${quoteIdentifier(publication.name)}`,
    ...(subjects.length > 0 ? [`for ${subjects.join(',\n    ')}`] : []),
    ...[parameters(publication, STANDARD)].flatMap((list) => (list ? [`with (${list})`] : [])),
  ].join('\n  ');
}

/** `app.users (id, name) where (id > 10)` */
export function publishedTable(table: Publication['tables'][number], inventory: Inventory): string {
  const { columns, where } = table;
  return [
    publishedName(table, inventory),
    ...(columns ? [`(${columns.map(quoteIdentifier).join(', ')})`] : []),
    ...(where === undefined
      ? []
      : [`where ${where.startsWith('(') ? lowerKeywords(where) : `(${lowerKeywords(where)})`}`]),
  ].join(' ');
}

type Parameters = Pick<Publication, 'operations' | 'viaRoot' | 'generatedColumns'>;

const STANDARD: Parameters = { operations: ['insert', 'update', 'delete', 'truncate'] };

/** `alter publication … set`, where the parameters differ. */
export function publicationChanges(then: Publication, now: Publication): string[] {
  const list = parameters(now, then);
  return list ? [`alter publication ${quoteIdentifier(now.name)}\n  set (${list})`] : [];
}

function parameters(now: Parameters, then: Parameters): string {
  return [
    ...(now.operations.join() === then.operations.join()
      ? []
      : [`publish = ${quoteLiteral(now.operations.join(', '))}`]),
    ...(now.viaRoot === then.viaRoot ? [] : [`publish_via_partition_root = ${now.viaRoot === true}`]),
    ...(now.generatedColumns === then.generatedColumns
      ? []
      : [`publish_generated_columns = ${now.generatedColumns ? 'stored' : 'none'}`]),
  ].join(', ');
}

/** A table's name would stand for those that inherit from it too, which are in the publication by themselves. */
export function publishedName(table: QualifiedName, { children }: Inventory): string {
  const hasHeirs = (children.get(`${table.schema}\0${table.name}`) ?? []).some(({ inherits }) => inherits);
  return `${hasHeirs ? 'only ' : ''}${nameOf(table)}`;
}
