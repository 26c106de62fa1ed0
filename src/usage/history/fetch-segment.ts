import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { ObjectStore } from '../../storage/index.js';
import { USAGE_ERRORS } from '../errors.js';
import { LARGEST_SEGMENT_BYTES } from './segments.js';

/** A file of the history, as the manifest has it. */
export interface StoredSegment {
  readonly objectKey: string;
  readonly sha256: Buffer;
}

/**
 * Brings a file of the store to a path, whole and unchanged.
 * @throws USAGE_SEGMENT_DIFFERS when its SHA-256 is another; STORAGE_NOT_FOUND and alike
 */
export async function fetchSegment(
  store: ObjectStore,
  { objectKey: key, sha256 }: StoredSegment,
  path: string,
): Promise<void> {
  const bytes = await store.read(key, LARGEST_SEGMENT_BYTES);
  if (!createHash('sha256').update(bytes).digest().equals(sha256)) {
    throw USAGE_ERRORS.SEGMENT_DIFFERS({
      message: `Cannot use ${key} of ${store.name}: its SHA-256 is not that of the manifest`,
      details: { key },
    });
  }
  writeFileSync(path, bytes);
}
