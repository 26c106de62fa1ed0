import { CATALOG_ERRORS } from '../errors.js';

/**
 * A definition as PostgreSQL wrote it. It writes from the catalogue as it is now, not as the snapshot has it, and gives
 * null for an object that has gone in between.
 * @throws CATALOG_CHANGING
 */
export function written(definition: string | null): string {
  if (definition === null) {
    throw CATALOG_ERRORS.CHANGING({
      message: 'Cannot read the schema: an object was dropped while it was being read',
    });
  }
  return definition;
}
