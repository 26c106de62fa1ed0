/** What a database's ledger says its schema should be: how to make it, and what cannot be known. */
import { sha256 } from '../core/index.js';
import type { Session } from '../database/index.js';
import {
  type AppliedMigration,
  appliedFolders,
  type FolderChoice,
  filesUpTo,
  readAdoptedTables,
  readAppliedHistory,
} from '../migrate/index.js';
import { type Recipe, type RecipeStep, stepsOf } from './recipe.js';

export interface ExpectedOptions {
  /** The schema, where the target is migrated schema by schema: only what was applied to it. */
  readonly scope?: string;
  /** Schemas that the scripts of such a target find unqualified names in, too. */
  readonly sharedSchemas?: readonly string[];
  /** Migrations that are to count as applied, too. */
  readonly asIfApplied?: RecipeStep;
  /** Where a target's files are: a baseline stands for those up to it. */
  readonly folderOf: (target: string) => FolderChoice | undefined;
}

/** Why it cannot be known what the schema should be. */
export interface NotKnown {
  readonly kind: 'no-ledger' | 'under-way' | 'baseline' | 'not-rebuilt';
  /** One sentence. */
  readonly message: string;
}

export interface Expected {
  readonly history: readonly AppliedMigration[];
  readonly recipe: Recipe;
  /** Equal when the recipe, the server's version and the owner are. */
  readonly key: string;
  /** Tables of other tools, from which the history was taken over: `schema.table` in SQL. */
  readonly foreignTables: readonly string[];
  /** Who owns what is not known: several roles have applied migrations. */
  readonly ownersUnknown: boolean;
  readonly notices: readonly string[];
  readonly notKnown: NotKnown | undefined;
}

/** The version of what is kept under a key; it grows when the same texts would be read as another schema. */
const KEY_FORMAT = 1;

/** Reads the ledger of the session's database; nothing is made yet. */
export async function readExpected(session: Session, options: ExpectedOptions): Promise<Expected> {
  const all = await readAppliedHistory(session);
  const scope = options.scope ?? '';
  const history = (all ?? []).filter((applied) => applied.scope === scope);
  const role = ownerOf(history, session);
  const extensions = scope === '' ? [] : await extensionsOf(session);
  const applied = stepsOf(appliedFolders(history, options.folderOf));
  const steps = [...applied, ...(options.asIfApplied ? [options.asIfApplied] : [])].map((step) => ({
    ...step,
    ...(options.sharedSchemas ? { sharedSchemas: options.sharedSchemas } : {}),
  }));
  const scopes = [
    ...new Set((all ?? []).flatMap((applied) => (applied.scope === '' ? [] : [applied.scope]))),
  ];
  return {
    history,
    recipe: {
      steps,
      ...(role === undefined ? {} : { role }),
      ...(extensions.length > 0 ? { extensions } : {}),
    },
    key: sha256(
      JSON.stringify([
        KEY_FORMAT,
        session.server.versionNumber,
        scope,
        options.sharedSchemas ?? [],
        role,
        extensions,
        steps.map(({ target, folder }) => [
          target,
          'migrations' in folder
            ? folder.migrations.map(({ version, name, up }) => [version, name, sha256(up.read())])
            : [],
        ]),
      ]),
    ),
    foreignTables: all ? await readAdoptedTables(session) : [],
    ownersUnknown: role === undefined && history.length > 0,
    notices: noticesOf(history, scopes, role, scope),
    notKnown: notKnownOf(all, history, options),
  };
}

/** The one role that has applied everything. */
function ownerOf(history: readonly AppliedMigration[], { server }: Session): string | undefined {
  const roles = new Set(history.map(({ databaseUser }) => databaseUser));
  return roles.size === 0 ? server.user : roles.size === 1 ? [...roles][0] : undefined;
}

async function extensionsOf(session: Session): Promise<readonly { name: string; schema: string }[]> {
  return await session.query<{ name: string; schema: string }>(
    `select e.extname::text as name, n.nspname::text as schema
       from pg_catalog.pg_extension as e
       join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
      where e.extname <> 'plpgsql'
      order by 1`,
  );
}

function notKnownOf(
  all: readonly AppliedMigration[] | undefined,
  history: readonly AppliedMigration[],
  { folderOf }: ExpectedOptions,
): NotKnown | undefined {
  if (all === undefined || history.length === 0) {
    return {
      kind: 'no-ledger',
      message: 'no migration is recorded as applied, so nothing says what the schema should be',
    };
  }
  const underWay = history.find(({ state }) => state !== 'applied');
  if (underWay) {
    return {
      kind: 'under-way',
      message: `${underWay.version}_${underWay.name} of '${underWay.target}' is half-done: the next apply or rollback finishes it`,
    };
  }
  const lost = history.find(
    ({ kind, up, version, target }) =>
      kind === 'baseline' && up === '' && filesUpTo(version, folderOf(target)).length === 0,
  );
  return lost
    ? {
        kind: 'baseline',
        message: `the history of '${lost.target}' begins with the baseline ${lost.version}, and no file says what was there before it`,
      }
    : undefined;
}

function noticesOf(
  history: readonly AppliedMigration[],
  scopes: readonly string[],
  role: string | undefined,
  scope: string,
): readonly string[] {
  const baselines = history.filter(({ kind, up }) => kind === 'baseline' && up === '');
  const adopted = history.filter(({ action }) => action === 'adopt');
  const repaired = history.filter(({ action }) => action === 'repair');
  return [
    ...baselines.map(
      ({ target, version }) =>
        `'${target}' was taken over at the baseline ${version}: what it should be until then is read from the files of today`,
    ),
    ...(adopted.length > 0
      ? [
          `${adopted.length} migrations were taken over from another tool: their texts are those of the files at that time`,
        ]
      : []),
    ...(repaired.length > 0
      ? [`taken into the ledger without being run: ${repaired.map(({ version }) => version).join(', ')}`]
      : []),
    ...(role === undefined && history.length > 0
      ? ['migrations were applied by several roles: owners and privileges are not compared']
      : []),
    ...(scope === '' && scopes.length > 0
      ? [`${scopes.length} schemas are migrated each by itself, and are compared each by itself`]
      : []),
  ];
}
