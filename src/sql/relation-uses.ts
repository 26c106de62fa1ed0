/**
 * Which relations a query or a data change reads, locks and writes, at any depth: in joins, subqueries, `with`
 * queries and set operations. A name that a `with` query introduces is not a relation where it is visible.
 */
import type { Node } from 'libpg-query';
import { bodyOf, type NodeBody } from './node.js';
import { type RelationName, relationOf } from './relation-name.js';

/**
 * - `read`: its rows are read
 * - `lock`: its rows are read and locked (`for update` and its like)
 * - `insert`, `update`, `delete`, `merge`: rows of it are changed
 */
export type RelationUseKind = 'read' | 'lock' | 'insert' | 'update' | 'delete' | 'merge';

export interface RelationUse {
  readonly use: RelationUseKind;
  readonly relation: RelationName;
  /** False where `only` keeps its partitions and inheriting tables out. */
  readonly withDescendants: boolean;
  /** The insert, update, delete or merge that writes it. */
  readonly statement?: WritingStatement;
}

export type WritingStatement =
  | { readonly kind: 'insert'; readonly body: NodeBody<'InsertStmt'> }
  | { readonly kind: 'update'; readonly body: NodeBody<'UpdateStmt'> }
  | { readonly kind: 'delete'; readonly body: NodeBody<'DeleteStmt'> }
  | { readonly kind: 'merge'; readonly body: NodeBody<'MergeStmt'> };

/** The uses of relations in `node`, in the order of the text; a relation may occur more than once. */
export function relationUses(node: Node | undefined): readonly RelationUse[] {
  const uses: RelationUse[] = [];
  visit(node, undefined, uses);
  return uses;
}

/** The names of the `with` queries in sight; `undefined` outside of queries, where names are not read. */
type Scope = ReadonlySet<string> | undefined;

const WRITERS = {
  InsertStmt: 'insert',
  UpdateStmt: 'update',
  DeleteStmt: 'delete',
  MergeStmt: 'merge',
} as const;

function visit(value: unknown, scope: Scope, uses: RelationUse[]): void {
  if (Array.isArray(value)) {
    for (const item of value) {
      visit(item, scope, uses);
    }
    return;
  }
  if (typeof value !== 'object' || value === null) {
    return;
  }
  for (const [key, child] of Object.entries(value)) {
    if (key === 'RangeVar') {
      addRead(child as NodeBody<'RangeVar'>, scope, uses);
    } else if (key in WRITERS || key === 'SelectStmt') {
      visitStatement(key as StatementName, child, scope, uses);
    } else if (key === 'larg' || key === 'rarg') {
      // The arms of a set operation are bare select bodies, those of a join are nodes.
      visitArm(child, scope, uses);
    } else {
      visit(child, scope, uses);
    }
  }
}

type StatementName = keyof typeof WRITERS | 'SelectStmt';

function visitArm(arm: object, scope: Scope, uses: RelationUse[]): void {
  if ('limitOption' in arm) {
    visitStatement('SelectStmt', arm, scope, uses);
  } else {
    visit(arm, scope, uses);
  }
}

interface StatementBody {
  readonly withClause?: NodeBody<'WithClause'>;
  readonly relation?: NodeBody<'RangeVar'>;
  readonly intoClause?: unknown;
  readonly lockingClause?: readonly Node[];
}

function visitStatement(name: StatementName, child: unknown, outer: Scope, uses: RelationUse[]): void {
  const { withClause, relation, intoClause: _, ...rest } = child as StatementBody;
  const scope = visitWith(withClause, outer, uses);
  if (name !== 'SelectStmt') {
    const kind = WRITERS[name];
    uses.push({
      use: kind,
      relation: relationOf(relation),
      withDescendants: relation?.inh === true,
      statement: { kind, body: child } as WritingStatement,
    });
    visit(rest, scope, uses);
    return;
  }
  const from = uses.length;
  visit({ ...rest, lockingClause: undefined }, scope, uses);
  markLocked(rest.lockingClause, child as NodeBody<'SelectStmt'>, uses, from);
}

/** Visits the `with` queries and returns the names visible in the statement that they belong to. */
function visitWith(
  withClause: NodeBody<'WithClause'> | undefined,
  outer: Scope,
  uses: RelationUse[],
): ReadonlySet<string> {
  const queries = (withClause?.ctes ?? []).map((node) => bodyOf(node, 'CommonTableExpr'));
  const scope = new Set(outer);
  if (withClause?.recursive) {
    for (const query of queries) {
      scope.add(query?.ctename ?? '');
    }
  }
  for (const query of queries) {
    visit(query?.ctequery, new Set(scope), uses);
    scope.add(query?.ctename ?? '');
  }
  return scope;
}

function addRead(rangeVar: NodeBody<'RangeVar'>, scope: Scope, uses: RelationUse[]): void {
  if (scope && (rangeVar.schemaname !== undefined || !scope.has(rangeVar.relname ?? ''))) {
    uses.push({
      use: 'read',
      relation: relationOf(rangeVar),
      withDescendants: rangeVar.inh === true,
    });
  }
}

/** `for update of a, b` locks those of the `from` clause; without names it locks all of them. */
function markLocked(
  clauses: readonly Node[] | undefined,
  body: NodeBody<'SelectStmt'>,
  uses: RelationUse[],
  from: number,
): void {
  if (clauses === undefined) {
    return;
  }
  const named = clauses.flatMap((clause) => bodyOf(clause, 'LockingClause')?.lockedRels ?? []);
  const names = new Set(named.map((node) => bodyOf(node, 'RangeVar')?.relname));
  const aliases = aliasesOf(body.fromClause);
  for (let index = from; index < uses.length; index += 1) {
    const use = uses[index]!;
    const spokenOf = aliases.get(use.relation.name) ?? [];
    if (
      use.use === 'read' &&
      (names.size === 0 ? spokenOf.length > 0 : spokenOf.some((name) => names.has(name)))
    ) {
      uses[index] = { ...use, use: 'lock' };
    }
  }
}

/** The names under which the statement's own `from` clause speaks of each relation. */
function aliasesOf(fromClause: readonly Node[] | undefined): ReadonlyMap<string, readonly string[]> {
  const aliases = new Map<string, string[]>();
  const collect = (node: Node | undefined): void => {
    const rangeVar = bodyOf(node, 'RangeVar');
    if (rangeVar?.relname !== undefined) {
      const alias = rangeVar.alias?.aliasname ?? rangeVar.relname;
      aliases.set(rangeVar.relname, [...(aliases.get(rangeVar.relname) ?? []), alias]);
    }
    const join = bodyOf(node, 'JoinExpr');
    if (join !== undefined) {
      collect(join.larg);
      collect(join.rarg);
    }
  };
  fromClause?.forEach(collect);
  return aliases;
}
