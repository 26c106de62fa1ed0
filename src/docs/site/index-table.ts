import type { Entity, IndexEntry } from '../dictionary/dictionary.js';
import { type Filling, type Html, html } from './html.js';
import { table } from './table.js';
import { code, expressionCode, inline } from './text.js';

/** The indexes with the queries that they serve; nothing where there are none. */
export function indexTable({ indexes }: Entity): Html | undefined {
  return table(
    indexes,
    [
      { title: 'Index', isHeading: true, cell: ({ name }) => code(name) },
      { title: 'On', cell: indexed },
      { title: 'Kind', cell: kindOf },
      { title: 'Serves', cell: ({ serves }) => inline(serves ?? '') },
    ],
    { caption: 'Indexes' },
  );
}

function indexed({ keys, include, predicate }: IndexEntry): Filling {
  return [
    code(keys.join(', ')),
    include && html` with ${code(include.join(', '))}`,
    predicate !== undefined && html` where ${expressionCode(predicate)}`,
  ];
}

function kindOf({ constraint, unique, method }: IndexEntry): string {
  const kind = constraint ?? (unique ? 'unique' : '');
  return [kind, ...(method === 'btree' ? [] : [method])].filter((word) => word !== '').join(', ');
}
