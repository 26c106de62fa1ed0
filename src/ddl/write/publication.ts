import type { Publication } from '../../schema/index.js';
import { quoteIdentifier, quoteLiteral } from '../../sql/index.js';
import { lowerKeywords } from './keywords.js';
import { nameOf } from './named.js';

export function createPublication(publication: Publication): string {
  const subjects = [
    ...(publication.allTables ? ['all tables'] : []),
    ...publication.tables.map((table) => `table ${publishedTable(table)}`),
    ...publication.schemas.map((schema) => `tables in schema ${quoteIdentifier(schema)}`),
  ];
  return [
    `create publication ${quoteIdentifier(publication.name)}`,
    ...(subjects.length > 0 ? [`for ${subjects.join(',\n    ')}`] : []),
    ...[parameters(publication, STANDARD)].flatMap((list) => (list ? [`with (${list})`] : [])),
  ].join('\n  ');
}

/** `app.users (id, name) where (id > 10)` */
export function publishedTable({ schema, name, columns, where }: Publication['tables'][number]): string {
  return [
    nameOf({ schema, name }),
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
