import { type ObjectUse, type RelationName, statementObjects } from '../../sql/index.js';
import type { ScriptStatement } from '../run/script.js';

/** The relations that a script itself makes: nothing stands in them that could be lost, and nobody waits for them. */
export interface NewRelations {
  /** True when the relation was made before the statement of that index, and is still called so. */
  has(relation: RelationName, index: number): boolean;
}

/**
 * `create table if not exists` makes none: the table may be there already, with its rows. A script that changes the
 * search path makes none either: a name may mean another table further down.
 */
export function newRelations(statements: readonly ScriptStatement[]): NewRelations {
  if (statements.some(changesSearchPath)) {
    return { has: () => false };
  }
  const made = new Map<string, { from: number; until: number }>();
  for (const { outcome, index } of statements) {
    const uses = outcome.kind === 'unparsed' ? [] : statementObjects(outcome.node).uses;
    for (const use of uses.filter(isRelation)) {
      const known = made.get(keyOf(use));
      if (known === undefined && use.action === 'create' && !use.conditional && !use.replaces) {
        made.set(keyOf(use), { from: index, until: Number.POSITIVE_INFINITY });
      } else if (known !== undefined && (use.action === 'drop' || use.action === 'rename')) {
        known.until = Math.min(known.until, index);
      }
    }
  }
  return {
    has: (relation, index) => {
      const known = made.get(keyOf(relation));
      return known !== undefined && known.from <= index && index <= known.until;
    },
  };
}

/** The path may name the role's own schema, so that a change of role counts. */
const PATH_SETTINGS: ReadonlySet<string> = new Set(['search_path', 'role', 'session_authorization', 'all']);

function changesSearchPath({ classification: { sessionEffect } }: ScriptStatement): boolean {
  return sessionEffect !== undefined && PATH_SETTINGS.has(sessionEffect.name);
}

const RELATION_KINDS: ReadonlySet<string> = new Set([
  'table',
  'foreign table',
  'materialized view',
  'sequence',
]);

function isRelation({ kind, of }: ObjectUse): boolean {
  return of === undefined && RELATION_KINDS.has(kind);
}

function keyOf({ schema, name }: RelationName): string {
  return JSON.stringify([schema, name]);
}
