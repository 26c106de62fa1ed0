import type { ComparisonOptions } from '../catalog/index.js';
import type { SchemaModel } from '../schema/index.js';
import type { RelationName } from '../sql/index.js';
import { gapsOf } from './gaps.js';
import { hazardsOf } from './hazards.js';
import { inventoryOf, tablesChangingParents } from './inventory.js';
import { modelFacts } from './model-facts.js';
import { type Action, type Plan, planOf } from './plan/actions.js';
import { type Difference, differenceOf } from './plan/difference.js';
import type { Decisions, Scene } from './scene.js';
import type { SchemaChange, SchemaStatement } from './schema-change.js';
import { addressOf } from './unit.js';
import { alterUnit } from './write/alter.js';
import { createUnit } from './write/create.js';
import { dropUnit, setAside } from './write/drop.js';
import { nameOf } from './write/named.js';

/** What counts, as for `diff`; the order of columns never does, as no statement changes it: it is a gap. */
export interface DiffSqlOptions extends Omit<ComparisonOptions, 'ignoreColumnOrder'> {
  /**
   * The role that will run the statements, and own what they make: no `owner to` is written where it is the right one.
   * By default the one that owns most of the first schema, or of the second where the first is empty.
   */
  readonly role?: string;
}

/**
 * The SQL that turns one schema into another, each statement with what is dangerous about it. The parser must be loaded
 * (`loadParser`). Function bodies may name what is made after them: run it with `check_function_bodies = off`.
 *
 * @example diffSql(await readSchema(live), await readSchema(wanted)).statements.map(({ text }) => `${text};`)
 * @throws SQL_PARSER_NOT_LOADED
 */
export function diffSql(from: SchemaModel, to: SchemaModel, options: DiffSqlOptions = {}): SchemaChange {
  const standAlone = tablesChangingParents(from, to);
  const scene: Scene = {
    from: inventoryOf(from, standAlone),
    to: inventoryOf(to, standAlone),
    major: from.postgresMajor,
    exact: options.exact ?? false,
    withOwners: !options.ignoreOwners,
    withPrivileges: !options.ignorePrivileges,
    role: options.role ?? mostCommonOwner(from) ?? mostCommonOwner(to),
  };
  const { difference, plan } = settled(scene, options);
  const { actions, decisions } = plan;
  const facts = modelFacts(scene.from);
  const created = new Set<string>();
  const isNew = ({ schema, name }: RelationName): boolean => created.has(`${schema}\0${name}`);
  const statements = actions.flatMap((action) => {
    if (action.kind === 'create' && ['table', 'view', 'sequence'].includes(action.unit.kind)) {
      created.add(action.unit.path.join('\0'));
    }
    return statementsOf(action, scene, decisions).map(
      (text): SchemaStatement => ({
        text,
        action: action.kind === 'set aside' ? 'rename' : action.kind,
        about: addressOf(action.unit),
        hazards: hazardsOf(text, facts, isNew),
      }),
    );
  });
  return { statements, gaps: gapsOf(from, to, scene, difference) };
}

/** What can come neither before nor after others is made again, until nothing is stuck. */
function settled(
  scene: Scene,
  options: DiffSqlOptions,
): { readonly difference: Difference; readonly plan: Plan } {
  const { from, to, major } = scene;
  const replaced = new Set<string>();
  for (;;) {
    const difference = differenceOf({ from, to, options, major, replaced });
    const plan = planOf(difference, scene);
    if (plan.stuck.length === 0) {
      return { difference, plan };
    }
    for (const key of plan.stuck) {
      replaced.add(key);
    }
  }
}

function statementsOf(action: Action, scene: Scene, decisions: Decisions): string[] {
  const { kind, unit, before, aside } = action;
  switch (kind) {
    case 'create':
      return createUnit(unit, scene, decisions);
    case 'alter':
      return alterUnit(before!, unit, scene, decisions);
    case 'set aside':
      return unit.kind === 'type' ? setAside(unit, aside!) : [];
    case 'drop':
      return unit.kind === 'type' && aside !== undefined
        ? [
            `drop ${unit.object.kind === 'domain' ? 'domain' : 'type'} ${nameOf({ schema: unit.object.schema, name: aside })}`,
          ]
        : dropUnit(unit, scene.from, decisions);
  }
}

function mostCommonOwner({
  schemas,
  tables,
  views,
  sequences,
  types,
  routines,
}: SchemaModel): string | undefined {
  const counts = new Map<string, number>();
  for (const { owner } of [...tables, ...views, ...sequences, ...types, ...routines, ...schemas]) {
    counts.set(owner, (counts.get(owner) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
