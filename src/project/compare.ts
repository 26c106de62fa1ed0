/** Comparisons of a project's schemas. */
import type { ProjectContext } from './context.js';
import {
  type DiffChoice,
  type DiffReport,
  diffSchemas,
  type SavedSchema,
  type SaveSchemaChoice,
  saveSchema,
} from './diff-schemas.js';
import { type DatabaseDrift, type DriftChoice, driftOf } from './drift.js';

export interface CompareCalls {
  /** What leads from one schema to another. */
  diff(choice?: DiffChoice): Promise<DiffReport>;
  /** Compares each live schema with what its applied migrations make. */
  drift(choice?: DriftChoice): Promise<readonly DatabaseDrift[]>;
  /** Writes a schema to a file, to be compared with later. */
  saveSchema(choice: SaveSchemaChoice): Promise<SavedSchema>;
}

export function compareCalls(context: ProjectContext): CompareCalls {
  return {
    diff: (choice = {}) => diffSchemas(context, choice),
    drift: (choice = {}) => driftOf(context, choice),
    saveSchema: (choice) => saveSchema(context, choice),
  };
}
