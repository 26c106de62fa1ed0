import type { View } from '../../schema/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import { lowerKeywords } from './keywords.js';
import { nameOf } from './named.js';
import { withOptions } from './options.js';

/** `create view`, or `create or replace view`. */
export function createView(view: View, orReplace = false): string {
  const query = lowerKeywords(view.definition).trim().replace(/;$/, '');
  return [
    `create ${orReplace ? 'or replace ' : ''}${view.kind} ${nameOf(view)}`,
    ...(view.accessMethod ? [`using ${quoteIdentifier(view.accessMethod)}`] : []),
    ...(view.options ? [withOptions(view.options)] : []),
    ...(view.tablespace ? [`tablespace ${quoteIdentifier(view.tablespace)}`] : []),
    `as\n${query}`,
  ].join(' ');
}

/** Whether `create or replace view` may turn one into the other: its columns stay, others may follow. */
export function canReplaceView(then: View, now: View): boolean {
  return (
    then.kind === 'view' &&
    now.kind === 'view' &&
    then.columns.every((column, place) => {
      const other = now.columns[place];
      return (
        other?.name === column.name && other.type === column.type && other.collation === column.collation
      );
    })
  );
}
