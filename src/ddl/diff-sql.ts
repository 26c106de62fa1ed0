import type { ComparisonOptions } from '../catalog/index.js';
import type { SchemaModel } from '../schema/index.js';
import type { RelationName } from '../sql/index.js';
import { gapsOf } from './gaps.js';
import { hazardsOf } from './hazards.js';
import { inventoryOf, tablesChangingParents } from './inventory.js';
import { modelFacts } from './model-facts.js';
import type { Action } from './plan/action.js';
import { type Difference, differenceOf } from './plan/difference.js';
import { type Plan, planOf } from './plan/plan.js';
import { withRenames } from './rename/rename.js';
import type { Rename } from './rename/renamed.js';
import type { Decisions, Scene } from './scene.js';
import type { SchemaChange, SchemaStatement } from './schema-change.js';
import { addressOf, keyOf } from './unit.js';
import { alterUnit } from './write/alter.js';
import { createUnit } from './write/create.js';
import { dropUnit, setAside } from './write/drop.js';
import { nameOf } from './write/named.js';

/** What counts, as for `diff`; where the order of columns does, it is a gap, as no statement changes it. */
export interface DiffSqlOptions extends ComparisonOptions {
  /**
   * The role that will run the statements, and own what they make: no `owner to` is written where it is the right one.
   * By default the one that owns most of the first schema, or of the second where the first is empty.
   */
  readonly role?: string;
  /** What is known to be the same under another name; all else that changes its name is dropped and made. */
  readonly renames?: readonly Rename[];
}

/**
 * The SQL that turns one schema into another, each statement with what is dangerous about it. The parser must be loaded
 * (`loadParser`). Function bodies may name what is made after them: run it with `check_function_bodies = off`.
 *
 * @example diffSql(await readSchema(live), await readSchema(wanted)).statements.map(({ text }) => `${text};`)
 * @throws SQL_PARSER_NOT_LOADED, DDL_RENAME_UNKNOWN
 */
export function diffSql(before: SchemaModel, to: SchemaModel, options: DiffSqlOptions = {}): SchemaChange {
  const { model: from, statements: renames } = withRenames(before, options.renames ?? []);
  const { scene, difference, plan } = settled(from, to, options);
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
  const oldFacts = modelFacts(inventoryOf(before));
  const renaming = renames.map(
    ({ text, about }): SchemaStatement => ({
      text,
      action: 'rename',
      about,
      hazards: hazardsOf(text, oldFacts, () => false),
    }),
  );
  return { statements: [...renaming, ...statements], gaps: gapsOf(from, to, scene, difference, options) };
}

interface Settled {
  readonly scene: Scene;
  readonly difference: Difference;
  readonly plan: Plan;
}

/**
 * What can come neither before nor after others is made again, and a partition whose parent is made again stands alone
 * in between: until nothing more turns up.
 */
function settled(before: SchemaModel, after: SchemaModel, options: DiffSqlOptions): Settled {
  const replaced = new Set<string>();
  const standAlone = new Set(tablesChangingParents(before, after));
  for (;;) {
    const [from, to] = [inventoryOf(before, standAlone), inventoryOf(after, standAlone)];
    const scene: Scene = {
      from,
      to,
      major: before.postgresMajor,
      exact: options.exact ?? false,
      withOwners: !options.ignoreOwners,
      withPrivileges: !options.ignorePrivileges,
      role: options.role ?? mostCommonOwner(before) ?? mostCommonOwner(after),
    };
    const difference = differenceOf({ from, to, options, major: scene.major, replaced });
    const orphans = orphansOf(difference, scene).filter((table) => !standAlone.has(table));
    if (orphans.length > 0) {
      for (const table of orphans) {
        standAlone.add(table);
      }
      continue;
    }
    const plan = planOf(difference, scene);
    if (plan.stuck.length === 0) {
      return { scene, difference, plan };
    }
    for (const key of plan.stuck) {
      replaced.add(key);
    }
  }
}

/** The tables that stay, by `schema\0name`, and lose the link to their parent for a while. */
function orphansOf({ dropped, created }: Difference, { to }: Scene): string[] {
  return [...dropped].flatMap((key) => {
    const one = to.units.get(key);
    const isLink = one?.kind === 'attachment' || one?.kind === 'inheritance';
    return isLink && created.has(key) && !dropped.has(keyOf('table', one.path)) ? [one.path.join('\0')] : [];
  });
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

function mostCommonOwner({ tables, views, sequences, types, routines }: SchemaModel): string | undefined {
  const counts = new Map<string, number>();
  for (const { owner } of [...tables, ...views, ...sequences, ...types, ...routines]) {
    counts.set(owner, (counts.get(owner) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
