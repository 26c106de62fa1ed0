/** Columns that code drops, or gives other types: no text of a statement tells of them, but a copy of the table does. */
import type { Session } from '../../database/index.js';
import { type Copy, copyName, currentOf, keyNames, nameIn } from './copied-rows.js';
import { addTableItem, endItem, type KeepScope } from './keep-scope.js';
import {
  isUnchanged,
  keptTable,
  keptTableName,
  keyedTable,
  type Layout,
  onKey,
  ROW_HEAD,
  storedValue,
} from './layout.js';
import { forgetOwn } from './own-rows.js';
import type { TableFacts } from './table-facts.js';

/**
 * What code has dropped is kept as where a statement drops it, and what it has given another type as where a statement
 * does that: of the rows that stay, the key and these values. Rows that are gone are kept whole, and so are those
 * without a key that have changed.
 */
export async function keepRemade(
  session: Session,
  scope: KeepScope,
  copy: Copy,
  now: TableFacts,
): Promise<void> {
  const { layout, retyped, computes } = copy;
  const lost = layout.columns.filter((column) => !currentOf(now, column));
  if (lost.length > 0) {
    const columns = lost.map(({ fresh: _, ...column }, index) => ({ ...column, kept: `o${index + 1}` }));
    const values = lost.map((column, index) => `k.${column.kept} as ${columns[index]!.kept}`);
    await keepApart(session, scope, copy, now, { kind: 'column', columns, values, where: 'true' });
  }
  const others = layout.columns.filter((column) => retyped.includes(column.number) && currentOf(now, column));
  if (others.length > 0) {
    const differs = others.map((column) =>
      computes ? 'true' : `not (${isUnchanged('t', currentOf(now, column)!, column, `k.${column.kept}`)})`,
    );
    const values = others.flatMap((column, index) => [
      `case when ${differs[index]} then k.${column.kept} end as ${column.kept}`,
      `case when ${differs[index]} then ${storedValue('t', currentOf(now, column)!)} end as ${column.fresh}`,
    ]);
    await keepApart(session, scope, copy, now, {
      kind: 'rows',
      columns: others,
      ...(computes ? { isFull: 'values' } : {}),
      values,
      where: differs.join(' or '),
    });
  }
}

interface Apart extends Pick<Layout, 'columns' | 'isFull'> {
  readonly kind: 'column' | 'rows';
  /** What is kept of a row, which is `k` in the copy and `t` in the table. */
  readonly values: readonly string[];
  readonly where: string;
}

async function keepApart(
  session: Session,
  scope: KeepScope,
  { id, statement, table, layout: { key, isKeyless } }: Copy,
  now: TableFacts,
  { kind, values, where, ...rest }: Apart,
): Promise<void> {
  const layout = { key, isKeyless, ...rest };
  const to = await addTableItem(session, scope, table, { statement, kind, layout });
  const columns = [
    ...(kind === 'rows' ? ['false as gone', ROW_HEAD] : []),
    ...keyNames(layout).map((name) => `k.${name}`),
    ...values,
  ];
  const [copied] = await session.run(
    `create table ${keptTable(keptTableName(to))} as
       select ${columns.join(', ')} from ${copyName(id)} as k
         join ${keyedTable(now, layout, nameIn(now))} on ${onKey(now, layout, nameIn(now))} where ${where}`,
  );
  await endItem(session, scope, to, (copied?.rowCount ?? 0) - (await forgetOwn(session, scope, table, to)));
}
