/** A new project: `plinth.yaml` for the migrations that are there, or for those to come. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { isPlinthError } from '../core/index.js';
import { readFolder } from '../migrate/index.js';
import { PROJECT_ERRORS } from './errors.js';

export interface InitOptions {
  /** The project's root; made where it is not there. */
  readonly folder: string;
  /** The folder of the migrations, from the root; looked for unless given. */
  readonly migrations?: string;
}

export interface InitReport {
  /** The name of the project: that of the folder, as far as it can be one. */
  readonly project: string;
  /** The path of the new file. */
  readonly config: string;
  /** The folder of the migrations, from the root. */
  readonly migrations: string;
  /** The format of the migrations that are there; absent where there are none. */
  readonly format?: string;
  readonly count: number;
  /** `.gitignore` was told of the folder that the embedded PostgreSQL is in. */
  readonly isIgnored: boolean;
}

/** Where projects have their migrations, the likeliest first. */
const PLACES = [
  'db/migrations',
  'migrations',
  'db/migrate',
  'database/migrations',
  'sql/migrations',
  'prisma/migrations',
  'supabase/migrations',
];

/** @throws PROJECT_EXISTS; MIGRATE_… where the folder that was named holds something else */
export function initProject(options: InitOptions): InitReport {
  const root = resolve(options.folder);
  const config = join(root, 'plinth.yaml');
  if (existsSync(config)) {
    throw PROJECT_ERRORS.EXISTS({
      message: `Cannot make a project in ${options.folder}: it has a plinth.yaml`,
      details: { config },
    });
  }
  const found =
    options.migrations === undefined
      ? PLACES.map((place) => lookedAt(root, place, true)).find((one) => one !== undefined && one.count > 0)
      : lookedAt(root, options.migrations, false);
  const migrations = found ?? { migrations: options.migrations ?? PLACES[0]!, count: 0 };
  const project = projectName(basename(root));
  mkdirSync(join(root, migrations.migrations), { recursive: true });
  writeFileSync(config, configText(project, migrations.migrations), { flag: 'wx' });
  return { project, config, ...migrations, isIgnored: ignore(root) };
}

type Found = Pick<InitReport, 'migrations' | 'format' | 'count'>;

/** What is in a folder; `undefined` where there is none, or, when only looking, where it is none of migrations. */
function lookedAt(root: string, migrations: string, isLooking: boolean): Found | undefined {
  const path = join(root, migrations);
  if (!existsSync(path)) {
    return undefined;
  }
  try {
    const folder = readFolder({ path, displayPath: migrations });
    const count = folder.migrations.length;
    return { migrations, count, ...(count > 0 ? { format: folder.format } : {}) };
  } catch (error) {
    if (isLooking && isPlinthError(error)) {
      return undefined;
    }
    throw error;
  }
}

/** Lower-case letters, digits and hyphens, the first a letter. */
function projectName(folder: string): string {
  const plain = folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 63);
  return plain || 'project';
}

function configText(project: string, migrations: string): string {
  return `# The settings are in docs/configuration.md of Plinth.
version: 1
project: ${project}
targets:
  main:
    migrations: ${JSON.stringify(migrations)}
    # The database. Without a url it is that of PLINTH_URL, and without that an embedded PostgreSQL.
    # url: \${DATABASE_URL}
`;
}

/** The embedded PostgreSQL and caches are nothing to commit. */
function ignore(root: string): boolean {
  const path = join(root, '.gitignore');
  if (!existsSync(join(root, '.git')) && !existsSync(path)) {
    return false;
  }
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (/^\/?\.plinth\/?$/m.test(before)) {
    return false;
  }
  appendFileSync(path, `${before === '' || before.endsWith('\n') ? '' : '\n'}.plinth/\n`);
  return true;
}
