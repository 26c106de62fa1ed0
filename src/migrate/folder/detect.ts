/**
 * Tells a folder's format from its files: by their names and, where several tools name them alike, by the line
 * that only one of them writes. A folder that speaks for two formats is refused, never guessed.
 */
import { MIGRATE_ERRORS } from '../errors.js';
import type { FolderFormat, FolderListing } from './format.js';
import { misplaced } from './misplaced.js';

export interface Detected {
  readonly format: FolderFormat;
  /** The folder's `.sql` files that the format reads. */
  readonly paths: readonly string[];
}

/**
 * @returns nothing when the folder has no `.sql` file
 * @throws MIGRATE_FOLDER_UNRECOGNIZED, MIGRATE_FILE_MISPLACED
 */
export function detectFormat(folder: FolderListing, formats: readonly FolderFormat[]): Detected | undefined {
  const scripts = folder.paths.filter((path) => path.endsWith('.sql'));
  if (scripts.length === 0) {
    return undefined;
  }
  /** The first file that speaks for a format. */
  const claims = new Map<FolderFormat, string>();
  for (const path of scripts) {
    for (const format of claimants(folder, path, formats)) {
      claims.set(format, claims.get(format) ?? path);
    }
  }
  const format = onlyFormat(folder, claims) ?? unrecognized(folder, scripts, formats);
  return accept(folder, format);
}

/**
 * Takes the folder as of that format.
 * @throws MIGRATE_FILE_MISPLACED for a `.sql` file directly in the folder that is not named so
 */
export function accept(folder: FolderListing, format: FolderFormat): Detected {
  const scripts = folder.paths.filter((path) => path.endsWith('.sql'));
  const stray = scripts.find((path) => !path.includes('/') && !format.isNamed(path));
  if (stray !== undefined) {
    throw misplaced(folder, stray, `it is not named as ${format.tools} names its files`, format.wanted);
  }
  return { format, paths: scripts.filter((path) => format.isNamed(path)) };
}

/** The formats that a file may be of: those whose marker it has, else those that need none. */
function claimants(
  folder: FolderListing,
  path: string,
  formats: readonly FolderFormat[],
): readonly FolderFormat[] {
  const named = formats.filter((format) => format.isNamed(path));
  const marked = named.filter(({ marker }) => marker);
  const text = marked.length > 0 ? folder.text(path) : '';
  const found = marked.filter(({ marker }) => marker!.test(text));
  return found.length > 0 ? found : named.filter(({ marker }) => !marker);
}

function onlyFormat(
  folder: FolderListing,
  claims: ReadonlyMap<FolderFormat, string>,
): FolderFormat | undefined {
  const [first, second] = [...claims.keys()];
  if (!first || !second) {
    return first;
  }
  const marked = [...claims.keys()].filter(({ marker }) => marker);
  const plain = [...claims.keys()].filter(({ marker }) => !marker);
  // Unmarked files among marked ones: some tools read them, as scripts without a way down; the others refuse.
  if (marked.length === 1 && plain.every(({ name }) => name === 'sqlx')) {
    return marked[0];
  }
  const [a, b] = [first, second].map((format) => ({ format, path: claims.get(format)! }));
  throw MIGRATE_ERRORS.FOLDER_UNRECOGNIZED({
    message: `Cannot read ${folder.path}: ${a!.path} is of ${a!.format.tools} and ${b!.path} of ${b!.format.tools} (files of one tool were wanted)`,
    hint: 'Move the files of one of them elsewhere, or name the format with `format` in plinth.yaml.',
    details: { files: [a!.path, b!.path] },
  });
}

function unrecognized(
  folder: FolderListing,
  scripts: readonly string[],
  formats: readonly FolderFormat[],
): never {
  const wanted = formats.map(({ name, wanted }) => `${name}: ${wanted}`);
  throw MIGRATE_ERRORS.FOLDER_UNRECOGNIZED({
    message: `Cannot read ${folder.path}: ${scripts[0]} is named like no migration that Plinth knows`,
    hint: `Known are ${wanted.join('; ')}.`,
    details: { file: scripts[0] },
  });
}
