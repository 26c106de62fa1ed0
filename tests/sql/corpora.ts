/** The SQL files of public projects, where the machine has them: below the folder that PLINTH_CORPORA names. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = process.env.PLINTH_CORPORA;

/** Set where there is no corpus: the reason for a skip. */
export const noCorpora = root === undefined ? 'PLINTH_CORPORA names no folder' : undefined;

export interface CorpusFile {
  readonly path: string;
  readonly text: string;
}

/** All `.sql` files of one project, or of all of them. */
export function corpusFiles(project = ''): readonly CorpusFile[] {
  const folder = join(root!, project);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}
