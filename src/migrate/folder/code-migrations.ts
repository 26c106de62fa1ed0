import type { FolderListing } from './format.js';

const LANGUAGES = ['go', 'js', 'cjs', 'mjs', 'ts', 'cts', 'mts', 'py', 'rb', 'java', 'kt', 'rs', 'php'];
const CODE = new RegExp(`^[VRU]?\\d[^/]*\\.(${LANGUAGES.join('|')})$`);

/** True when a folder has a program in place of the SQL file of that path, as `1_x.up.go` for `1_x.up.sql`. */
export function isProgram(folder: FolderListing, path: string): boolean {
  const stem = path.replace(/sql$/, '');
  return LANGUAGES.some((language) => folder.has(`${stem}${language}`));
}

const NO_MIGRATION = /(_test\.go|\.d\.[cm]?ts|\.(spec|test)\.[cm]?[jt]s)$/;
const SHOWN = 5;

/** The migrations of a folder that are programs. */
export function programsOf(folder: FolderListing): readonly string[] {
  return folder.paths.filter((path) => CODE.test(path) && !NO_MIGRATION.test(path));
}

/** Says which migrations of a folder are programs: Plinth runs SQL only and leaves them out. */
export function programNotices(folder: FolderListing, left: readonly string[]): readonly string[] {
  if (left.length === 0) {
    return [];
  }
  const more = left.length > SHOWN ? ` and ${left.length - SHOWN} more` : '';
  const are = left.length === 1 ? 'file is no SQL and is' : 'files are no SQL and are';
  return [`${left.length} ${are} left out of ${folder.path}: ${left.slice(0, SHOWN).join(', ')}${more}`];
}
