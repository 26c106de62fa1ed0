/** A folder of migrations as a commit has it, written to a temporary folder so that it is read like any other. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { COMPARE_ERRORS } from '../compare/index.js';
import { type FolderChoice, type MigrationFolder, readFolder } from '../migrate/index.js';

/** The migrations of the folder in that commit, their texts read. @throws COMPARE_REF_UNKNOWN */
export function folderAtRef(root: string, folder: FolderChoice, ref: string): MigrationFolder {
  const temporary = mkdtempSync(join(tmpdir(), 'plinth-ref-'));
  try {
    for (const { path, blob } of filesAt(root, folder.path, ref)) {
      const file = join(temporary, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, git(root, ['cat-file', 'blob', blob]));
    }
    const displayPath = `${ref}:${folder.displayPath ?? folder.path}`;
    const read = readFolder({ ...folder, path: temporary, displayPath });
    return { ...read, migrations: read.migrations.map(withText) };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

type Migration = MigrationFolder['migrations'][number];

function withText({ up, down, ...migration }: Migration): Migration {
  const keep = (source: Migration['up']): Migration['up'] => {
    const text = source.read();
    return { ...source, read: () => text };
  };
  return { ...migration, up: keep(up), down: down && keep(down) };
}

/** Paths from the folder, with the ids of their content. */
function filesAt(root: string, folder: string, ref: string): { path: string; blob: string }[] {
  const path = relative(root, folder).split(sep).join('/');
  const refused = (reason: string) =>
    COMPARE_ERRORS.REF_UNKNOWN({
      message: `Cannot read ${path} as of '${ref}': ${reason}`,
      details: { ref, path },
    });
  if (ref.startsWith('-')) {
    throw refused('that names no commit');
  }
  let listed: string;
  try {
    listed = git(root, ['ls-tree', '-r', '-z', ref, '--', `${path}/`]).toString();
  } catch (cause) {
    const said = (cause as { readonly stderr?: Buffer }).stderr?.toString().trim().split('\n')[0];
    throw refused(said || 'git is not there, or the folder is gone');
  }
  const files = listed.split('\0').flatMap((line) => {
    const [, blob, file] = /^\d+ blob (\S+)\t(.+)$/s.exec(line) ?? [];
    return blob && file?.startsWith(`${path}/`) ? [{ path: file.slice(path.length + 1), blob }] : [];
  });
  if (files.length === 0) {
    throw refused('the commit has no such folder');
  }
  return files;
}

function git(folder: string, parameters: readonly string[]): Buffer {
  return execFileSync('git', ['-C', folder, ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  });
}
