/** The migrations that a branch adds or changes, by what git says of the folder. */
import { execFile } from 'node:child_process';
import { posix } from 'node:path';
import { promisify } from 'node:util';
import { keyOf, type MigrationFolder } from '../migrate/index.js';
import { PROVE_ERRORS } from './errors.js';

export interface BranchOptions {
  /** The folder on the disk. */
  readonly path: string;
  readonly folder: MigrationFolder;
  /** A branch, tag or commit; what counts is where this branch left it. */
  readonly base: string;
}

/**
 * The versions of migrations with a file that is other than, or not, in the commit that the branch left `base` at;
 * what is not committed yet counts too.
 * @throws PROVE_BASE_UNKNOWN
 */
export async function branchVersions({ path, folder, base }: BranchOptions): Promise<readonly string[]> {
  const start = await git(path, base, ['merge-base', 'HEAD', base]);
  const changed = await git(path, base, [
    'diff',
    '--name-only',
    '--relative',
    '--diff-filter=d',
    '-z',
    start,
    '--',
    '.',
  ]);
  const untracked = await git(path, base, ['ls-files', '--others', '--exclude-standard', '-z', '--', '.']);
  const files = new Set(
    [...changed.split('\0'), ...untracked.split('\0')]
      .filter(Boolean)
      .map((name) => posix.join(folder.path, name)),
  );
  return folder.migrations
    .filter(({ kind }) => kind === 'versioned')
    .filter(({ up, down }) =>
      [up.file, down?.file].some((file) => file !== undefined && files.has(normal(file))),
    )
    .map(keyOf);
}

/** Names of files as git writes them. */
function normal(file: string): string {
  return posix.normalize(file.replaceAll('\\', '/'));
}

const run = promisify(execFile);

async function git(folder: string, base: string, parameters: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run('git', ['-C', folder, ...parameters], { maxBuffer: 64 * 1024 ** 2 });
    return parameters[0] === 'merge-base' ? stdout.trim() : stdout;
  } catch (cause) {
    const said = String((cause as { readonly stderr?: string }).stderr ?? '').trim();
    throw PROVE_ERRORS.BASE_UNKNOWN({
      message: `Cannot find what this branch adds to ${base}: ${said.split('\n')[0] || 'git could not be run'}`,
      details: { base },
      cause,
    });
  }
}
