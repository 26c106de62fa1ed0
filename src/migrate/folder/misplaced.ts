import type { PlinthError } from '../../core/index.js';
import { MIGRATE_ERRORS } from '../errors.js';
import type { FolderListing } from './format.js';

/** The error for a file that cannot be read as a migration. `wanted` says what would be right. */
export function misplaced(folder: FolderListing, path: string, reason: string, wanted: string): PlinthError {
  return MIGRATE_ERRORS.FILE_MISPLACED({
    message: `Cannot read ${folder.path}/${path} as a migration: ${reason} (${wanted} was wanted)`,
    details: { file: path },
  });
}
