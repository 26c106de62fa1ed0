import type { Table } from '../../schema/index.js';
import { keyOf, type Unit } from '../unit.js';
import type { Action, StepsOfUnits, Wait } from './action.js';

/** A table is attached when it is like its parent, and changed by itself when it is detached. */
export function waitForParents(
  actions: readonly Action[],
  { dropOf, createOf, alterOf }: StepsOfUnits,
  wait: Wait,
): void {
  const links = actions.filter(({ unit: { kind } }) => kind === 'attachment' || kind === 'inheritance');
  const shaping = links.length > 0 ? shapingByTable(actions) : new Map<string, Action[]>();
  for (const link of links) {
    const own = keyOf('table', link.unit.path);
    const table = link.unit.relation as Table;
    for (const kind of ['column', 'constraint', 'index'] as const) {
      const parts = kind === 'column' ? table.columns : kind === 'index' ? table.indexes : table.constraints;
      for (const { name } of parts) {
        const key = keyOf(kind, [table.schema, table.name, name]);
        for (const part of [dropOf(key), createOf(key), alterOf(key)]) {
          if (part && part.unit.key !== own) {
            wait(link.kind === 'create' ? link : part, link.kind === 'create' ? part : link);
          }
        }
      }
    }
    if (link.kind === 'create') {
      const parents =
        link.unit.kind === 'attachment'
          ? [link.unit.object]
          : (link.unit as Unit<'inheritance'>).object.parents;
      for (const { schema, name } of parents) {
        for (const action of shaping.get(`${schema}\0${name}`) ?? []) {
          wait(link, action);
        }
      }
    }
  }
}

/** The actions on columns and checks, which a table must have as its parent has them. */
function shapingByTable(actions: readonly Action[]): ReadonlyMap<string, readonly Action[]> {
  const found = new Map<string, Action[]>();
  for (const action of actions) {
    const { unit } = action;
    if (unit.kind === 'column' || (unit.kind === 'constraint' && unit.object.kind === 'check')) {
      const table = unit.path.slice(0, 2).join('\0');
      found.set(table, [...(found.get(table) ?? []), action]);
    }
  }
  return found;
}
