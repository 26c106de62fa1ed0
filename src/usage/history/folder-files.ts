import { statSync } from 'node:fs';
import { join } from 'node:path';
import { USAGE_ERRORS } from '../errors.js';
import type { HistoryFiles } from './segments.js';

/** Files of a history that is a folder of this machine, where they are. They are looked at, not read. */
export function folderFiles(folder: string): HistoryFiles {
  return {
    pathOf: async ({ day, objectKey, fileBytes }) => {
      const path = join(folder, objectKey);
      const bytes = statSync(path, { throwIfNoEntry: false })?.size;
      if (bytes !== fileBytes) {
        throw USAGE_ERRORS.SEGMENT_DIFFERS({
          message: `Cannot read the events of ${day}: ${path} ${bytes === undefined ? 'is not there' : `has ${bytes} bytes`} (${fileBytes} bytes were wanted)`,
          details: { day, key: objectKey },
        });
      }
      return path;
    },
  };
}
