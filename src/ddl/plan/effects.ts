import type { Column } from '../../schema/index.js';
import type { Inventory } from '../inventory.js';
import type { Unit } from '../unit.js';
import { isSameFamily } from '../write/alter-column.js';
import type { UseGraph } from './use-graph.js';

/** Whether what uses the column may have to go while it changes. */
export function isReshaped(then: Column, now: Column): boolean {
  return then.type !== now.type || then.collation !== now.collation;
}

interface Surroundings {
  readonly from: Inventory;
  readonly to: Inventory;
  readonly changed: ReadonlySet<string>;
  readonly uses: UseGraph['uses'];
}

/** What becomes of a unit that uses one that goes, or whose type changes. */
export function effectOn(
  user: Unit,
  used: Unit,
  how: 'gone' | 'reshaped',
  { from, to, changed, uses }: Surroundings,
): 'replace' | 'reshape' | 'nothing' {
  if (how === 'reshaped') {
    return effectOfReshaping(user, used, { from, to });
  }
  const isStillUsed = uses(user.key, 'to').has(used.key);
  if (changed.has(user.key) && !isStillUsed && user.kind !== 'attachment' && user.kind !== 'inheritance') {
    // Its change takes the use away.
    return 'nothing';
  }
  switch (user.kind) {
    case 'column': {
      const generated = user.object.generated;
      return used.kind === 'type' && !generated ? 'reshape' : 'replace';
    }
    case 'sequence':
    case 'extension':
    case 'publication':
    case 'default privileges':
      return 'nothing';
    case 'table':
      return used.kind === 'column' || used.kind === 'foreign server' || used.kind === 'schema'
        ? 'replace'
        : 'nothing';
    default:
      return 'replace';
  }
}

/** The kinds of which PostgreSQL refuses to change the type of a column that they use. */
const TIED_TO_TYPES: ReadonlySet<string> = new Set([
  'view',
  'rule',
  'policy',
  'trigger',
  'routine',
  'default',
  'published table',
]);

function effectOfReshaping(
  user: Unit,
  used: Unit,
  { from, to }: Pick<Surroundings, 'from' | 'to'>,
): 'replace' | 'nothing' {
  if (TIED_TO_TYPES.has(user.kind)) {
    return user.kind === 'published table' && !user.object.table.where ? 'nothing' : 'replace';
  }
  if (user.kind === 'column') {
    return user.object.generated ? 'replace' : 'nothing';
  }
  if (user.kind === 'table') {
    return 'replace';
  }
  const [then, now] = [from, to].map(({ units }) => (units.get(used.key) as Unit<'column'>).object) as [
    Column,
    Column,
  ];
  const isFarFrom =
    then.type === now.type ? then.collation === now.collation : !isSameFamily(then.type, now.type);
  return (user.kind === 'constraint' || user.kind === 'index') && isFarFrom ? 'replace' : 'nothing';
}
